from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tripleo_common.undercloud import errors, ports, state
from tripleo_common.undercloud.paths import Paths


def test_the_base_port_is_remembered(paths: Paths) -> None:
    assert state.choose_base_port(paths, 4000, running=False) == 4000
    assert state.choose_base_port(paths, None, running=False) == 4000
    assert state.base_port(paths) == 4000


def test_there_is_a_default(paths: Paths) -> None:
    chosen = state.choose_base_port(paths, None, running=False)
    assert chosen == ports.DEFAULT_BASE


def test_an_undercloud_that_is_down_moves(paths: Paths) -> None:
    state.choose_base_port(paths, 4000, running=False)
    assert state.choose_base_port(paths, 5000, running=False) == 5000


def test_a_running_undercloud_stays(paths: Paths) -> None:
    state.choose_base_port(paths, 4000, running=False)
    with pytest.raises(errors.PortsInUse, match="from 4000, so it cannot"):
        state.choose_base_port(paths, 5000, running=True)
    assert state.base_port(paths) == 4000


def test_an_impossible_base_is_not_remembered(paths: Paths) -> None:
    with pytest.raises(errors.PortsInvalid):
        state.choose_base_port(paths, 80, running=False)
    with pytest.raises(errors.NotPrepared):
        state.base_port(paths)


def test_nothing_is_known_of_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(errors.NotPrepared, match=str(tmp_path)):
        state.base_port(Paths(tmp_path, tmp_path))


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
