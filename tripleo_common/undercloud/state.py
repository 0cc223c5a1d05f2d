"""What an undercloud remembers from one command to the next."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from typing import IO

from tripleo_common.undercloud import errors, ports
from tripleo_common.undercloud.paths import Paths, write_private

FILE = "undercloud.json"


def base_port(paths: Paths) -> int:
    """Return the base port of an undercloud that was started before."""
    found = _read(paths)
    if found is None:
        raise errors.NotPrepared(paths.state)
    return found


def choose_base_port(paths: Paths, wanted: int | None, running: bool) -> int:
    """Decide on the base port, and remember it.

    :param wanted: the port that the user asked for, if any.
    :param running: whether any service runs on the remembered one.
    """
    known = _read(paths)
    chosen = wanted or known or ports.DEFAULT_BASE
    ports.numbers(chosen)
    if known is not None and running and chosen != known:
        raise errors.PortsInUse(known, chosen)
    if chosen != known:
        text = json.dumps({"base_port": chosen}, indent=2) + "\n"
        write_private(paths.state / FILE, text)
    return chosen


def _read(paths: Paths) -> int | None:
    try:
        text = (paths.state / FILE).read_text()
    except FileNotFoundError:
        return None
    return int(json.loads(text)["base_port"])


@contextlib.contextmanager
def locked(paths: Paths, tell: Callable[[str], None]) -> Iterator[None]:
    """Keep other commands from changing this undercloud meanwhile.

    What is made meanwhile, by children too, is for its owner only.
    """
    umask = os.umask(0o077)
    try:
        with (paths.state / "lock").open("a+") as file:
            _take(file, tell)
            yield
    finally:
        os.umask(umask)


def _take(file: IO[str], tell: Callable[[str], None]) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        tell(f"waiting for another command (process {file.read()})")
        fcntl.flock(file, fcntl.LOCK_EX)
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
