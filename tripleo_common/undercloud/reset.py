"""Remove an undercloud: its processes and its state, nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from tripleo_common.undercloud import cloud_file, records, state
from tripleo_common.undercloud.errors import NotPrepared
from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.progress import Progress
from tripleo_common.undercloud.services import SERVICES


def reset(paths: Paths, progress: Progress) -> list[Path]:
    """End the processes, and remove the state.

    The cache stays: other underclouds share it. So does what somebody else
    put into the state directory.

    :returns: what is left there.
    """
    if not paths.run.exists():
        raise NotPrepared(paths.state)
    with state.locked(paths, progress.say):
        running = [s.name for s in SERVICES if records.is_running(paths, s)]
        records.end(paths, SERVICES)
        if running:
            progress.say(f"ended {', '.join(running)}")
        return remove(paths)


def remove(paths: Paths) -> list[Path]:
    """Remove the state of an undercloud that is down.

    :returns: what is left in the state directory.
    """
    # What tells that there is an undercloud goes last: an interrupted reset
    # can be done again.
    for folder in (paths.data, paths.library, paths.logs, paths.etc):
        _remove(folder)
    for name in (cloud_file.CLOUDS, cloud_file.STACKRC, state.FILE):
        (paths.state / name).unlink(missing_ok=True)
    _remove(paths.run)
    (paths.state / state.LOCK).unlink(missing_ok=True)
    left = sorted(paths.state.iterdir())
    if not left:
        paths.state.rmdir()
    return left


def _remove(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
