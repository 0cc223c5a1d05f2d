from __future__ import annotations

import io
import subprocess
import sys

import pytest
from rich.console import Console

from tripleo_common.undercloud import cli, log_command, log_lines
from tripleo_common.undercloud.paths import Paths


def run(paths: Paths, *arguments: str) -> int:
    return cli.main(["logs", "--state-dir", str(paths.state), *arguments])


def test_one_service_is_shown_as_it_is(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    paths.log("heat").write_text("[first] line\nlast :x: line\n" + "w" * 300)
    assert run(paths, "heat", "-n", "2") == 0
    told = capsys.readouterr().out
    assert told == "last :x: line\n" + "w" * 300 + "\n"


def test_several_are_shown_with_their_names(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    paths.log("heat").write_text("one\n")
    paths.log("keystone").write_text("two\n")
    assert run(paths) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sorted(lines) == ["heat     | one", "keystone | two"]


def test_without_an_undercloud_it_says_so(
    tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(Paths(tmp_path / "none", tmp_path)) == 1
    assert "There is no undercloud" in capsys.readouterr().err


def test_following_ends_quietly(
    paths: Paths,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = paths.log("heat")
    log.write_text("one\n")
    waits = 0

    def wait(_: float) -> None:
        nonlocal waits
        waits += 1
        if waits == 2:
            raise KeyboardInterrupt
        with log.open("a") as file:
            file.write("two\n")

    monkeypatch.setattr(log_command.time, "sleep", wait)
    assert run(paths, "heat", "--follow") == 0
    captured = capsys.readouterr()
    assert captured.out == "one\ntwo\n"
    assert captured.err == ""


def test_names_have_colours_on_a_terminal() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=20)
    writer = log_command.Writer(console, ["heat", "swift"])
    writer.write([log_lines.Line("", "swift", "a line of more than 20")])
    output = console.file
    assert isinstance(output, io.StringIO)
    assert "\x1b[32mswift | \x1b[0ma line of more than 20\n" in (
        output.getvalue()
    )


def test_who_has_read_enough_is_no_error(paths: Paths) -> None:
    paths.log("heat").write_text("line\n" * 100_000)
    pipe = '"$@" | head -n 1; exit ${PIPESTATUS[0]}'
    done = subprocess.run(
        [
            *("bash", "-c", pipe, "bash"),
            *(sys.executable, "-m", "tripleo_common.undercloud", "logs"),
            *("heat", "-n", "100000", "--state-dir", str(paths.state)),
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.stdout == "line\n"
    assert done.stderr == ""
    assert done.returncode == 141
