"""Read the services' logs: their ends, and what comes after."""

from __future__ import annotations

import heapq
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

#: How most services begin a line.
_TIME = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[.,]\d+)?")
_BLOCK = 64 * 1024


@dataclass(frozen=True, order=True)
class Line:
    """A line of a log.

    :ivar time: when it was written, as its service tells; lines that tell
        none were written with the one before.
    """

    time: str
    service: str = field(compare=False)
    text: str = field(compare=False)


def last(logs: Mapping[str, Path], lines: int) -> list[Line]:
    """Return the last lines of each log, in the order of their times.

    :param logs: by the services' names; they need not exist.
    """
    tails = [_Tail(service, path) for service, path in logs.items()]
    return list(
        heapq.merge(*(tail.last(lines, whole=False) for tail in tails))
    )


def _stamped(service: str, texts: list[bytes], written: float) -> list[Line]:
    """Give each line a time.

    :param written: when the log was last written to. A log that never tells
        the time (Swift's) goes there.
    """
    end = datetime.fromtimestamp(written).isoformat(" ", "milliseconds")
    now = next(filter(None, map(_time, texts)), end)
    found: list[Line] = []
    for text in texts:
        # Of several processes that write one log, a line may come late.
        now = max(_time(text) or now, now)
        found.append(Line(now, service, _decode(text)))
    return found


def _end(file: IO[bytes], lines: int) -> bytes:
    """Return the file's end, with at least so many lines if it has them."""
    end = position = file.seek(0, os.SEEK_END)
    data = b""
    while position and data.count(b"\n") <= lines:
        step = min(position, max(_BLOCK, len(data)))
        position -= step
        file.seek(position)
        data = file.read(step) + data
    file.seek(end)
    return data


def _time(text: bytes) -> str | None:
    found = _TIME.match(text)
    return found[0].decode().replace(",", ".") if found else None


def _decode(text: bytes) -> str:
    return text.decode(errors="replace").rstrip("\r\n")


class Follower:
    """Tells the ends of logs, and then what is written to them.

    A log that is replaced by a new file, or cut to nothing, is followed on;
    so is one that does not exist yet.

    :param logs: by the services' names.
    """

    def __init__(self, logs: Mapping[str, Path]) -> None:
        self._tails = [_Tail(service, path) for service, path in logs.items()]

    def begin(self, lines: int) -> list[Line]:
        """Return the last lines of each log; :meth:`look` goes on there."""
        return list(heapq.merge(*(tail.last(lines) for tail in self._tails)))

    def look(self) -> list[Line]:
        """Return the lines that are complete by now."""
        return [line for tail in self._tails for line in tail.look()]


class _Tail:
    """One log."""

    def __init__(self, service: str, path: Path) -> None:
        self._service = service
        self._path = path
        #: The beginning of a line that is being written.
        self._rest = b""
        self._file = self._open()

    def last(self, lines: int, whole: bool = True) -> list[Line]:
        """Return the last lines.

        :param whole: leave a line that is being written for :meth:`look`.
        """
        if self._file is None:
            return []
        *texts, self._rest = _end(self._file, lines).split(b"\n")
        if self._rest and not whole:
            texts.append(self._rest)
        written = os.fstat(self._file.fileno()).st_mtime
        kept = texts[max(0, len(texts) - lines) :]
        return _stamped(self._service, kept, written)

    def look(self) -> Iterator[Line]:
        """Tell what came since the last look."""
        yield from self._new()
        if self._is_replaced():
            # What went to the old file is told before the new one's.
            yield from self._new()
            yield from self._change_over()
            yield from self._new()

    def _open(self) -> IO[bytes] | None:
        try:
            return self._path.open("rb")
        except FileNotFoundError:
            return None

    def _is_replaced(self) -> bool:
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        if self._file is None:
            return True
        ours = os.fstat(self._file.fileno())
        moved = (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino)
        return moved or there.st_size < self._file.tell()

    def _change_over(self) -> Iterator[Line]:
        if self._rest:
            yield self._line(self._rest)
        self._rest = b""
        if self._file is not None:
            self._file.close()
        self._file = self._open()

    def _new(self) -> Iterator[Line]:
        if self._file is None:
            return
        *whole, self._rest = (self._rest + self._file.read()).split(b"\n")
        for text in whole:
            yield self._line(text)

    def _line(self, text: bytes) -> Line:
        return Line(_time(text) or "", self._service, _decode(text))
