"""Start processes, know them again, and end them; never anyone else's.

A process is known by its number, the time it started (in the kernel's own
count, which setting the clock does not change) and the boot it belongs to.
Each service leads a session of its own, so its children are found even when
it is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from tripleo_common.undercloud.paths import write_private

GRACE = 10.0
POLL = 0.05


@dataclass(frozen=True)
class Record:
    """What is remembered of a process.

    :param ticks: when it started, in clock ticks since the boot.
    :param boot: the kernel's name of that boot.
    :param digest: of all that it was started from.
    """

    pid: int
    ticks: int
    boot: str
    digest: str = ""

    def is_alive(self) -> bool:
        """Tell whether the process itself runs."""
        stat = _stat(self.pid)
        return (
            self.boot == boot_id()
            and stat is not None
            and stat.ticks == self.ticks
            and stat.state != "Z"
        )

    def members(self) -> list[int]:
        """Return the process and its children, as far as they run.

        A session's number is not used again while it has a member, so
        whoever is in the session, and not older than its leader, is ours.
        """
        if self.boot != boot_id():
            return []
        stats = {pid: _stat(pid) for pid in psutil.pids()}
        leader = stats.get(self.pid)
        if leader is not None and leader.ticks != self.ticks:
            return []
        return [
            pid
            for pid, stat in stats.items()
            if stat is not None
            and stat.session == self.pid
            and stat.ticks >= self.ticks
            and stat.state != "Z"
        ]

    def memory(self) -> int:
        """Return the bytes of resident memory, children included."""
        total = 0
        for pid in self.members():
            with contextlib.suppress(psutil.Error):
                total += psutil.Process(pid).memory_info().rss
        return total


@dataclass(frozen=True)
class _Stat:
    state: str
    session: int
    ticks: int


def _stat(pid: int) -> _Stat | None:
    """Read what proc(5) tells of a process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The second field is the command in parentheses, and may hold any.
    fields = text.rpartition(")")[2].split()
    return _Stat(fields[0], int(fields[3]), int(fields[19]))


def boot_id() -> str:
    """Return the kernel's name of the present boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def start(
    arguments: Sequence[str | Path],
    environ: Mapping[str, str],
    log: Path,
    digest: str = "",
) -> tuple[subprocess.Popen[bytes], Record]:
    """Start a process in a session of its own, with its output in a log."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=subprocess.STDOUT,
            env=dict(environ),
            cwd="/",
            start_new_session=True,
        )
    finally:
        os.close(descriptor)
    stat = _stat(process.pid)
    ticks = stat.ticks if stat is not None else 0
    return process, Record(process.pid, ticks, boot_id(), digest)


def save(record: Record, path: Path) -> None:
    """Remember a process in a file."""
    write_private(path, json.dumps(asdict(record)) + "\n")


def load(path: Path) -> Record | None:
    """Return the process that a file remembers, if there is one."""
    try:
        return Record(**json.loads(path.read_text()))
    except FileNotFoundError:
        return None


def end(records: Iterable[Record], grace: float = GRACE) -> None:
    """End processes and their children: ask, wait, and then kill."""
    every = list(records)
    for record in every:
        _signal(record, signal.SIGTERM)
    left = _wait(every, grace)
    for record in left:
        _signal(record, signal.SIGKILL)
    _wait(left, grace)


def _signal(record: Record, number: signal.Signals) -> None:
    for pid in record.members():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _wait(records: list[Record], seconds: float) -> list[Record]:
    """Wait until processes ended, and return those that did not."""
    deadline = time.monotonic() + seconds
    left = [record for record in records if record.members()]
    while left and time.monotonic() < deadline:
        time.sleep(POLL)
        left = [record for record in left if record.members()]
    return left
