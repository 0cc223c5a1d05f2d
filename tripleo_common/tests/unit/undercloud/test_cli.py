from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tripleo_common.tests.free_ports import free_base
from tripleo_common.undercloud import cli, passwords, ports, state
from tripleo_common.undercloud.paths import Paths


@pytest.fixture
def started(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """An undercloud that was up once."""
    monkeypatch.setenv("TRIPLEO_UNDERCLOUD_STATE_DIR", str(paths.state))
    monkeypatch.setenv("TRIPLEO_UNDERCLOUD_CACHE_DIR", str(paths.cache))
    state.choose(paths, state.Wanted(free_base(21000)), False)
    passwords.ensure(paths)
    return paths


def test_a_taken_port_starts_nothing(
    started: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    base = free_base(22000)
    with socket.create_server((ports.HOST, base + 9)):
        arguments = ["up", "--no-plan", "--base-port", str(base)]
        assert cli.main(arguments) == 1
    error = capsys.readouterr().err
    assert f"heat wants port {base + 9} of 127.0.0.1" in error
    assert list(started.run.iterdir()) == []
    assert list(started.logs.iterdir()) == []


def test_env_is_for_a_shell(
    started: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["env"]) == 0
    lines = capsys.readouterr().out.splitlines()
    url = f"http://127.0.0.1:{state.load(started).base_port}/v3"
    assert f"export OS_AUTH_URL={url}" in lines
    assert lines[-1].startswith(f"export PATH={started.cache}/control-")


def test_status_of_what_is_down(
    started: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["status"]) == 1
    output = capsys.readouterr().out
    assert output.count("down") == 7
    assert "\x1b" not in output


def test_logs_of_one_service(
    started: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    started.log("heat").write_text("first line\nlast line\n")
    assert cli.main(["logs", "heat", "--lines", "1"]) == 0
    output = capsys.readouterr().out
    assert "last line" in output
    assert "first line" not in output


def test_down_when_it_is_down(
    started: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["down"]) == 0
    assert "down already" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command", [["status"], ["env"], ["down"], ["exec", "--", "true"]]
)
def test_without_an_undercloud_it_says_how_to_get_one(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, *more = command
    folder = str(tmp_path / "none")
    assert cli.main([name, "--state-dir", folder, *more]) == 1
    assert f"There is no undercloud in {folder}" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["logs", "restart"])
def test_an_unknown_service_is_told_which_there_are(
    command: str, started: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([command, "nova"]) == 1
    error = capsys.readouterr().err
    assert "There is no service nova" in error
    assert "keystone" in error


def test_a_missing_command_is_told(
    started: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["exec", "--", "no-such-command"]) == 1
    assert "no-such-command" in capsys.readouterr().err
