"""Tell a full disk from what else may go wrong."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

from tripleo_common.undercloud import errors
from tripleo_common.undercloud.paths import Paths

MEBIBYTE = 2**20

#: With the default plan, an undercloud takes about 31 MB.
STATE = 64 * MEBIBYTE

#: The environments take about 725 MB, and pip unpacks beside them.
CACHE = 1500 * MEBIBYTE

#: What is less is nothing: databases and logs grow by blocks.
NOTHING = 2 * MEBIBYTE

_FULL = (errno.ENOSPC, errno.EDQUOT)


def check(folder: Path, needed: int) -> None:
    """Raise :class:`~errors.DiskTooSmall` unless so many bytes are free."""
    found = free(folder)
    if found < needed:
        raise errors.DiskTooSmall(folder, found, needed)


@contextlib.contextmanager
def told(paths: Paths) -> Iterator[None]:
    """Say which disk is full, where that is why something fails."""
    try:
        yield
    except (OSError, errors.UndercloudError) as error:
        folders = [f for f in (paths.state, paths.cache) if _is_full(f)]
        if isinstance(error, OSError) and error.errno in _FULL:
            folders = folders or [paths.state]
        if not folders:
            raise
        raise errors.DiskFull(folders[0], str(error)) from error


def _is_full(folder: Path) -> bool:
    return free(folder) < NOTHING


def free(folder: Path) -> int:
    """Return the bytes that are free where a folder is, or is to be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
