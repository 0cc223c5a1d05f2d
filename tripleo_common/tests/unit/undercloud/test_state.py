from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from tripleo_common.undercloud import errors, ports, state
from tripleo_common.undercloud.paths import Paths

ORIGIN = "http://localhost:3000"


def choose(paths: Paths, running: bool = False, **wanted: Any) -> Any:
    return state.choose(paths, state.Wanted(**wanted), running)


def test_settings_are_remembered(paths: Paths) -> None:
    chosen = choose(paths, base_port=4000, cors_origins=(ORIGIN,))
    assert chosen == state.Settings(4000, (ORIGIN,))
    assert choose(paths) == chosen
    assert state.load(paths) == chosen


def test_one_setting_changes_alone(paths: Paths) -> None:
    choose(paths, base_port=4000, cors_origins=(ORIGIN,))
    assert choose(paths, cors_origins=()) == state.Settings(4000)


def test_there_are_defaults(paths: Paths) -> None:
    assert choose(paths) == state.Settings(ports.DEFAULT_BASE, ())


def test_an_undercloud_that_is_down_moves(paths: Paths) -> None:
    choose(paths, base_port=4000)
    assert choose(paths, base_port=5000).base_port == 5000


def test_a_running_undercloud_stays(paths: Paths) -> None:
    choose(paths, base_port=4000)
    with pytest.raises(errors.PortsInUse, match="from 4000, so it cannot"):
        choose(paths, running=True, base_port=5000)
    assert state.load(paths).base_port == 4000


def test_an_impossible_base_is_not_remembered(paths: Paths) -> None:
    with pytest.raises(errors.PortsInvalid):
        choose(paths, base_port=80)
    with pytest.raises(errors.NotPrepared):
        state.load(paths)


def test_nothing_is_known_of_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(errors.NotPrepared, match=str(tmp_path)):
        state.load(Paths(tmp_path, tmp_path))


def test_what_was_written_before_versions_is_taken(paths: Paths) -> None:
    (paths.state / state.FILE).write_text('{"base_port": 4000}\n')
    assert state.load(paths) == state.Settings(4000)


def test_what_a_later_version_wrote_is_refused(paths: Paths) -> None:
    text = json.dumps({"version": state.VERSION + 1, "future": 1})
    (paths.state / state.FILE).write_text(text)
    with pytest.raises(errors.StateTooNew, match="made by a later version"):
        choose(paths)
    assert (paths.state / state.FILE).read_text() == text


@pytest.mark.parametrize("text", ["", "[]", '{"base_port"', '{"bas": 1}'])
def test_what_holds_no_settings_is_told(paths: Paths, text: str) -> None:
    path = paths.state / state.FILE
    path.write_text(text)
    with pytest.raises(errors.StateUnreadable, match=str(path)):
        state.load(paths)


def test_a_second_command_waits_and_says_for_whom(paths: Paths) -> None:
    said: list[str] = []
    told = threading.Event()
    entered = threading.Event()

    def tell(text: str) -> None:
        said.append(text)
        told.set()

    def second() -> None:
        with state.locked(paths, tell):
            entered.set()

    with state.locked(paths, said.append):
        thread = threading.Thread(target=second)
        thread.start()
        assert told.wait(10)
        assert not entered.is_set()
    thread.join(10)
    assert entered.is_set()
    assert said == [f"waiting for another command (process {os.getpid()})"]
