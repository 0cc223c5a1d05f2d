"""Keep a service's log from growing with each of its starts."""

from __future__ import annotations

from pathlib import Path

#: Bytes after which a log gives way to a new one, at the service's start.
LARGE = 8 * 2**20

#: How many older ones stay, as NAME.log.1 (the last) to NAME.log.3.
KEPT = 3


def rotate(log: Path) -> None:
    """Set a log aside if it is large; nothing writes to it now."""
    if not log.exists() or log.stat().st_size < LARGE:
        return
    for number in range(KEPT - 1, 0, -1):
        older = _numbered(log, number)
        if older.exists():
            older.replace(_numbered(log, number + 1))
    log.replace(_numbered(log, 1))


def _numbered(log: Path, number: int) -> Path:
    return log.with_name(f"{log.name}.{number}")
