from __future__ import annotations

import io

import pytest
from rich.console import Console

from tripleo_common.undercloud import screen

ROWS = [("heat", "well"), ("mistral", "[red]x" * 40)]


def show(console: Console) -> str:
    screen.print_table(console, ("service", "health"), ROWS, ["green"])
    output = console.file
    assert isinstance(output, io.StringIO)
    return output.getvalue()


def test_in_a_file_columns_are_plain_and_never_cut() -> None:
    assert show(Console(file=io.StringIO(), width=20)).splitlines() == [
        "service  health",
        "heat     well",
        f"mistral  {'[red]x' * 40}",
    ]


def test_a_terminal_gets_colours_and_a_frame() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=300)
    told = show(console)
    assert "\x1b[32m" in told
    assert "[red]x" * 40 in told
    assert "│" in told


@pytest.mark.parametrize(("value", "plain"), [("1", True), ("", False)])
def test_no_color_makes_it_plain(
    value: str, plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", value)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert screen.make_console().is_terminal is not plain


def test_quiet_says_nothing() -> None:
    console = screen.make_console(quiet=True)
    console.file = io.StringIO()
    assert show(console) == ""
