from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tripleo_common.undercloud import processes

WAITS = "import time; print('ready', flush=True); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
PARENT = (
    "import subprocess, sys; subprocess.Popen([sys.executable, '-c', {!r}])"
)


class Starter:
    """Starts processes, and leaves none behind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records: list[processes.Record] = []

    def __call__(
        self, code: str, ready: str = "ready"
    ) -> tuple[subprocess.Popen[bytes], processes.Record]:
        log = self.folder / f"{len(self.records)}.log"
        process, record = processes.start(
            [sys.executable, "-c", code], os.environ, log
        )
        self.records.append(record)
        deadline = time.monotonic() + 20
        while ready not in log.read_text() and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return process, record


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    starter = Starter(tmp_path)
    yield starter
    processes.end(starter.records, grace=0)


def test_a_process_is_known_while_it_runs(start: Starter) -> None:
    _, record = start(WAITS)
    assert record.is_alive()
    assert record.members() == [record.pid]
    assert record.memory() > 1_000_000
    processes.end([record])
    assert not record.is_alive()
    assert record.members() == []
    assert record.memory() == 0


def test_a_record_survives_its_file(start: Starter, tmp_path: Path) -> None:
    _, record = start(WAITS)
    processes.save(record, tmp_path / "record")
    assert processes.load(tmp_path / "record") == record
    assert processes.load(tmp_path / "other") is None


def test_a_process_of_the_same_number_is_a_stranger(start: Starter) -> None:
    process, record = start(WAITS)
    other = dataclasses.replace(record, ticks=record.ticks - 1)
    assert not other.is_alive()
    assert other.members() == []
    processes.end([other])
    assert process.poll() is None


def test_a_process_of_another_boot_is_a_stranger(start: Starter) -> None:
    process, record = start(WAITS)
    other = dataclasses.replace(record, boot="another")
    assert not other.is_alive()
    processes.end([other])
    assert process.poll() is None


def test_one_that_ignores_the_request_is_killed(start: Starter) -> None:
    process, record = start(STUBBORN + WAITS)
    processes.end([record], grace=0.2)
    assert process.wait(10) == -signal.SIGKILL


def test_children_end_with_their_parent(start: Starter) -> None:
    _, record = start(PARENT.format(WAITS) + ".wait()")
    assert len(record.members()) == 2
    processes.end([record])
    assert record.members() == []


def test_children_are_found_after_their_parent_died(start: Starter) -> None:
    process, record = start(PARENT.format(WAITS) + ".wait()")
    process.kill()
    process.wait()
    assert not record.is_alive()
    assert len(record.members()) == 1
    processes.end([record])
    assert record.members() == []


def test_output_goes_to_a_log_of_the_owner(
    start: Starter, tmp_path: Path
) -> None:
    process, _ = start("import sys; print('out'); sys.exit('err')")
    assert process.wait(10) == 1
    log = tmp_path / "0.log"
    assert sorted(log.read_text().split()) == ["err", "out"]
    assert log.stat().st_mode & 0o077 == 0
