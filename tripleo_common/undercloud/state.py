"""What an undercloud remembers from one command to the next."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from tripleo_common.undercloud import bmc, errors, ports
from tripleo_common.undercloud.paths import Paths, write_private
from tripleo_common.undercloud.services import DEFAULT as DEFAULT_SERVICES

FILE = "undercloud.json"
LOCK = "lock"

#: Goes up when data of the versions before cannot be used as they are. What
#: was written before there was a number is as 1.
VERSION = 1


@dataclass(frozen=True)
class Settings:
    """What a user decides on for all commands that follow.

    :param cors_origins: of the pages that browsers let use the services.
    :param services: the names of those that are to run.
    :param bmc_systems: how many systems the emulated BMC has.
    """

    base_port: int = ports.DEFAULT_BASE
    cors_origins: tuple[str, ...] = ()
    services: tuple[str, ...] = DEFAULT_SERVICES
    bmc_systems: int = bmc.DEFAULT


@dataclass(frozen=True)
class Wanted:
    """What a command asks for; None is to be as it was."""

    base_port: int | None = None
    cors_origins: tuple[str, ...] | None = None
    services: tuple[str, ...] | None = None
    bmc_systems: int | None = None


def load(paths: Paths) -> Settings:
    """Return the settings of an undercloud that was started before."""
    found = _read(paths)
    if found is None:
        raise errors.NotPrepared(paths.state)
    return found


def choose(paths: Paths, wanted: Wanted, running: bool) -> Settings:
    """Decide on the settings, and remember them.

    :param running: whether any service runs with the remembered ones.
    """
    known = _read(paths)
    changes = {k: v for k, v in asdict(wanted).items() if v is not None}
    chosen = replace(known or Settings(), **changes)
    ports.numbers(chosen.base_port)
    if not 1 <= chosen.bmc_systems <= bmc.MOST:
        raise errors.SystemsInvalid(chosen.bmc_systems, bmc.MOST)
    if known is not None and running and chosen.base_port != known.base_port:
        raise errors.PortsInUse(known.base_port, chosen.base_port)
    if chosen != known:
        text = json.dumps({"version": VERSION, **asdict(chosen)}, indent=2)
        write_private(paths.state / FILE, text + "\n")
    return chosen


def _read(paths: Paths) -> Settings | None:
    path = paths.state / FILE
    try:
        values = json.loads(path.read_text())
        version = values.pop("version", 1)
        if version > VERSION:
            raise errors.StateTooNew(paths.state, version, VERSION)
        fields: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v
            for k, v in values.items()
        }
        return Settings(**fields)
    except FileNotFoundError:
        return None
    except (AttributeError, TypeError, ValueError) as error:
        raise errors.StateUnreadable(path, str(error)) from error


@contextlib.contextmanager
def locked(paths: Paths, tell: Callable[[str], None]) -> Iterator[None]:
    """Keep other commands from changing this undercloud meanwhile.

    What is made meanwhile, by children too, is for its owner only.
    """
    umask = os.umask(0o077)
    try:
        with _lock(paths, tell):
            yield
    finally:
        os.umask(umask)


@contextlib.contextmanager
def _lock(paths: Paths, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock's file; not one that a reset removed meanwhile."""
    path = paths.state / LOCK
    while True:
        try:
            file = path.open("a+")
        except FileNotFoundError:
            raise errors.NotPrepared(paths.state) from None
        with file:
            _take(file, tell)
            if _is_at(file, path):
                yield
                return


def _is_at(file: IO[str], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


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
