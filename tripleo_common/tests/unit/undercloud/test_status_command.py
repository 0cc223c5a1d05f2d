from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from tripleo_common.tests.free_ports import free_base
from tripleo_common.undercloud import cli, state, status_command
from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.status import Status

WELL = Status("heat", 25009, 17, 3 * 2**20, "well")
ILL = Status("heat", 25009, 17, 3 * 2**20, "it does not answer")
DOWN = Status("heat", 25009, None, 0, "down")


@pytest.fixture
def started(paths: Paths) -> Paths:
    base = free_base(23000)
    state.choose(paths, state.Wanted(base_port=base), False)
    return paths


def answers(monkeypatch: pytest.MonkeyPatch, *looks: Status) -> None:
    """Let each look find one service, and Ctrl-C end it after the last."""
    found = iter(looks)

    def collect(_: Paths) -> list[Status]:
        try:
            return [next(found)]
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(status_command.status, "collect", collect)


def run(paths: Paths, *arguments: str) -> int:
    return cli.main(["status", "--state-dir", str(paths.state), *arguments])


def test_json_has_the_documented_keys(
    started: Paths,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers(monkeypatch, WELL)
    assert run(started, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "state_dir": str(started.state),
        "well": True,
        "services": [
            {
                "name": "heat",
                "port": 25009,
                "pid": 17,
                "memory_bytes": 3145728,
                "well": True,
                "health": "well",
            }
        ],
    }


def test_the_exit_status_tells_what_is_down(
    started: Paths,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers(monkeypatch, DOWN)
    assert run(started, "--json") == 1
    assert json.loads(capsys.readouterr().out)["well"] is False


def test_watched_in_a_file_it_tells_changes(
    started: Paths,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers(monkeypatch, WELL, WELL, ILL, DOWN, DOWN)
    assert run(started, "--watch", "0.001") == 0
    captured = capsys.readouterr()
    ends = [line.split("  ")[-1] for line in captured.out.splitlines()]
    assert ends == ["well", "it does not answer", "down"]
    assert captured.err == ""


def test_watched_as_json_each_look_is_a_line(
    started: Paths,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers(monkeypatch, WELL, WELL)
    assert run(started, "--json", "--watch", "0.001") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["well"] for line in lines] == [True, True]


def test_watched_on_a_terminal_a_table_changes(
    started: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, WELL, ILL)
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    monkeypatch.setattr(status_command.screen, "make_console", lambda: console)
    assert run(started, "--watch", "0.001") == 0
    output = console.file
    assert isinstance(output, io.StringIO)
    told = output.getvalue()
    assert told.index("well") < told.index("it does not answer")
    # The cursor goes up, so that the second table replaces the first.
    assert "\x1b[1A" in told


@pytest.mark.parametrize("every", ["0", "-1", "soon", "nan", "inf"])
def test_no_time_to_wait_is_refused(
    every: str, started: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(started, "--watch", every)
    assert "is no number of seconds" in capsys.readouterr().err
