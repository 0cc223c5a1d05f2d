"""How many validations run at a time on a machine.

Each holds the lock of a file; the process that it runs in holds it, too. So a
slot is free when the playbook has ended, whatever became of the executor.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tripleo_common import conf, errors

_FOLDER = "validation-slots"
_PAUSE = 0.5


@contextlib.contextmanager
def held(keep_waiting: Callable[[], bool]) -> Iterator[int | None]:
    """Hold a slot in this block, once there is one.

    :param keep_waiting: asked now and then; false: give up.
    :returns: its file's descriptor; None: it was given up.
    """
    folder = _folder()
    descriptor = _take(folder)
    while descriptor is None and keep_waiting():
        time.sleep(_PAUSE)
        descriptor = _take(folder)
    try:
        yield descriptor
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _take(folder: Path) -> int | None:
    for number in range(conf.options().validations_limit):
        descriptor = os.open(
            folder / str(number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            return descriptor
    return None


def _folder() -> Path:
    default = f"tripleo-validations-{os.geteuid()}"
    folder = Path(
        conf.options().validations_slots_dir
        or os.path.join(tempfile.gettempdir(), default)
    )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        told = folder.lstat()
    except OSError as error:
        raise _unusable(folder) from error
    # In a directory for everybody, somebody else may have been faster.
    if not stat.S_ISDIR(told.st_mode) or told.st_uid != os.geteuid():
        raise _unusable(folder)
    return folder


def _unusable(folder: Path) -> errors.Conflict:
    return errors.Conflict(
        f"No validation can be run: {folder} must be a directory that belongs "
        f"to user {os.geteuid()} of Mistral's executor. Correct it, or set "
        "[tripleo_common] validations_slots_dir."
    )
