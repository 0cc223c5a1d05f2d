"""Tell whether a process that held a lease was killed since.

Linux tells that of the processes that one can see: those of the same boot of
the same machine, in the same PID namespace. Of all others nothing is known
but what their lease says.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
#: The 22nd field of /proc/<pid>/stat, counted from the one after the name.
_START = 19


def own() -> str:
    """This process, by where it runs, its number and when it started.

    :returns: empty where the system does not tell.
    """
    here = _here()
    start = _start(os.getpid())
    return f"{here} {os.getpid()} {start}" if here and start else ""


def is_gone(process: str) -> bool:
    """Whether a process of :func:`own` has surely ended."""
    here = _here()
    where, _, numbers = process.partition(" ")
    pid, _, start = numbers.partition(" ")
    if not here or where != here or not pid.isdecimal() or not start:
        return False
    # Another process of that number started at another time.
    return _start(int(pid)) != start


@functools.cache
def _here() -> str:
    """The boot of this machine, and the namespace of process numbers."""
    try:
        boot = _BOOT.read_text(encoding="ascii").strip()
        return f"{boot}:{os.readlink(_NAMESPACE)}"
    except OSError:
        return ""


def _start(pid: int) -> str:
    """When a process started, in ticks since the boot; empty: it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    except OSError:
        # It is there, and not ours to see.
        return "?"
    state, *fields = stat.rpartition(")")[2].split()
    # A zombie does nothing any more.
    return "" if state in "ZX" else fields[_START - 1]
