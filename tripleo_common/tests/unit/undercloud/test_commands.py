from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from tripleo_common.undercloud import commands, errors


def run(code: str, log: Path, stop: threading.Event | None = None) -> None:
    commands.run(
        [sys.executable, "-c", code],
        purpose="try this",
        log=log,
        stop=stop or threading.Event(),
    )


def test_output_is_logged(tmp_path: Path) -> None:
    log = tmp_path / "new" / "log"
    run("print('one')", log)
    run("import sys; sys.stderr.write('two')", log)
    assert log.read_text().split() == ["one", "two"]


def test_a_failure_shows_the_end_of_the_log(tmp_path: Path) -> None:
    code = "for n in range(99): print('line', n)\nraise SystemExit(3)"
    with pytest.raises(errors.CommandFailed) as caught:
        run(code, tmp_path / "log")
    text = str(caught.value)
    assert text.startswith("Could not try this: the command ended with exit")
    assert "exit code 3" in text
    assert "line 98" in text
    assert "line 50" not in text


def test_a_command_ends_when_it_is_told_to(tmp_path: Path) -> None:
    stop = threading.Event()
    timer = threading.Timer(0.3, stop.set)
    timer.start()
    with pytest.raises(errors.Stopped):
        run("import time; time.sleep(60)", tmp_path / "log", stop)


def test_nothing_misleads_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example/simple")
    environ = commands.clean_environ(MORE="1")
    assert "PIP_TARGET" not in environ
    assert environ["PIP_INDEX_URL"] == "https://index.example/simple"
    assert environ["MORE"] == "1"
