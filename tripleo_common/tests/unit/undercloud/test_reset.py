from __future__ import annotations

import io
import threading

import pytest

from tripleo_common.undercloud import (
    cli,
    cloud_file,
    errors,
    passwords,
    rc,
    reset,
    state,
)
from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.progress import Progress


@pytest.fixture
def used(paths: Paths) -> Paths:
    """An undercloud with all that one leaves."""
    state.choose(paths, state.Wanted(), False)
    passwords.ensure(paths)
    cloud_file.write(paths, rc.variables("http://x", "y"), paths.cache)
    (paths.data / "heat.sqlite").touch()
    paths.log("heat").touch()
    paths.library.mkdir()
    return paths


def test_the_state_goes_and_the_cache_stays(
    used: Paths, progress: Progress
) -> None:
    assert reset.reset(used, progress) == []
    assert not used.state.exists()
    assert used.cache.exists()


def test_what_is_somebody_elses_stays(used: Paths, progress: Progress) -> None:
    mine = used.state / "notes"
    mine.touch()
    assert reset.reset(used, progress) == [mine]
    assert list(used.state.iterdir()) == [mine]


def test_what_is_no_undercloud_is_left_alone(
    used: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = used.data
    assert cli.main(["reset", "--yes", "--state-dir", str(folder)]) == 1
    assert "There is no undercloud" in capsys.readouterr().err
    assert (folder / "heat.sqlite").exists()


def test_without_a_terminal_it_wants_to_be_told(
    used: Paths,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert cli.main(["reset", "--state-dir", str(used.state)]) == 1
    error = capsys.readouterr().err
    assert "its input is not a terminal" in error
    assert "reset --yes" in error
    assert (used.data / "heat.sqlite").exists()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answer", "gone"),
    [("y\n", True), ("YES\n", True), ("\n", False), ("no\n", False), ("", 0)],
)
def test_at_a_terminal_it_asks(
    answer: str,
    gone: bool,
    used: Paths,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    status = cli.main(["reset", "--state-dir", str(used.state)])
    assert status == (0 if gone else 1)
    assert used.state.exists() is not bool(gone)
    told = capsys.readouterr().out
    assert "They cannot be brought back" in told
    assert ("Nothing was changed" in told) is not bool(gone)


def test_quiet_says_nothing(
    used: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["reset", "-qy", "--state-dir", str(used.state)]) == 0
    assert capsys.readouterr().out == ""


def test_who_waited_for_a_reset_does_not_work_in_its_remains(
    used: Paths,
) -> None:
    waits = threading.Event()
    caught: list[BaseException] = []

    def wait() -> None:
        try:
            with state.locked(used, lambda _: waits.set()):
                pass
        except errors.NotPrepared as error:
            caught.append(error)

    with state.locked(used, lambda _: None):
        thread = threading.Thread(target=wait)
        thread.start()
        assert waits.wait(60)
        reset.remove(used)
    thread.join(60)
    assert len(caught) == 1
    assert not used.state.exists()
