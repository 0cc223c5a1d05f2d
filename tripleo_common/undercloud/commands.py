"""Run a command that prepares something, such as pip."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tripleo_common.undercloud import errors

#: Variables that would make python or pip work on something else.
MISLEADING = (
    "PIP_CONSTRAINT",
    "PIP_PREFIX",
    "PIP_PYTHON",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_TARGET",
    "PIP_USER",
    "PYTHONHOME",
    "PYTHONPATH",
    "VIRTUAL_ENV",
)


def clean_environ(**more: str) -> dict[str, str]:
    """Return this process's environment without what would mislead."""
    kept = {k: v for k, v in os.environ.items() if k not in MISLEADING}
    return kept | more


def run(
    arguments: Sequence[str | Path],
    *,
    purpose: str,
    log: Path,
    stop: threading.Event,
    environ: Mapping[str, str] | None = None,
    while_running: Callable[[], None] = lambda: None,
) -> None:
    """Run a command to its end, with its output appended to a log.

    :param purpose: what it is for, as it reads after "could not".
    :param stop: ends the command when it is set.
    :param while_running: called a few times a second.
    """
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environ or clean_environ()),
        )
        try:
            code = _wait(process, stop, while_running)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    if code:
        raise errors.CommandFailed(purpose, code, log)


def _wait(
    process: subprocess.Popen[bytes],
    stop: threading.Event,
    while_running: Callable[[], None],
) -> int:
    while not stop.is_set():
        try:
            return process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            while_running()
    raise errors.Stopped
