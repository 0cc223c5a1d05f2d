"""Have a playbook run in a process of its own, and take what it tells."""

from __future__ import annotations

import contextlib
import getpass
import json
import logging
import os
import pwd
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tripleo_common import conf, errors
from tripleo_common.validations import playbook_process

LOG = logging.getLogger(__name__)

_SCRIPT = Path(playbook_process.__file__)
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MEGABYTE = 2**20
#: Seconds between two questions whether the playbook is to go on.
INTERVAL = 1.0
#: Seconds beyond time limit and grace that its process gets to tell its end.
_PATIENCE = 60.0
#: Of the executor's own environment.
_INHERITED = ("HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


@dataclass
class Outcome:
    """What became of a playbook.

    :ivar status: successful, failed, stopped, late or error.
    :ivar hosts: ok, failed or unreachable, by host.
    :ivar failures: ``task`` and ``text`` of a host's last failure.
    :ivar text: why it could not be run.
    """

    status: str = "error"
    hosts: dict[str, str] = field(default_factory=dict)
    failures: dict[str, dict[str, str]] = field(default_factory=dict)
    text: str = ""


def run(
    job: dict[str, Any],
    output: IO[bytes],
    may_go_on: Callable[[], bool],
    slot: int,
    masked: Callable[[str], str],
) -> Outcome:
    """Run a playbook to its end.

    :param job: as ``playbook_process`` takes it.
    :param output: written to, what Ansible says.
    :param may_go_on: asked each second; false: stop.
    :param slot: a descriptor that the process keeps open, too.
    :param masked: what is done to each text.
    """
    with tempfile.TemporaryFile() as said:
        process = _start(slot, said)
        reader = _Reader(process, output, masked)
        try:
            # A job that is larger than the pipe waits for its reader.
            _send(process, job)
            _wait(process, reader, job, may_go_on)
        except BrokenPipeError:
            LOG.info("A validation ended before it was told all")
        finally:
            _end(process)
        reader.join()
        outcome = reader.outcome
        if outcome.status == "error":
            said.seek(0)
            outcome.text = outcome.text or _last_line(said.read())
        return outcome


class _Reader(threading.Thread):
    """Takes what the process says until it says nothing any more."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        output: IO[bytes],
        masked: Callable[[str], str],
    ) -> None:
        super().__init__(daemon=True)
        self._said = process.stdout
        self._output = output
        self._masked = masked
        self._room = conf.options().validations_output_size * _MEGABYTE
        self.outcome = Outcome()
        self.start()

    def run(self) -> None:
        for line in self._said or ():
            told = json.loads(line)
            if "output" in told:
                self._write(self._masked(told["output"]))
            else:
                self.outcome = Outcome(**told)

    def _write(self, text: str) -> None:
        content = text.encode(errors="replace")
        if self._room < 0:
            return
        self._output.write(content[: self._room])
        self._room -= len(content)
        if self._room < 0:
            self._output.write(b"\n[The rest was too much to be kept.]\n")


def _start(slot: int, said: IO[bytes]) -> subprocess.Popen[bytes]:
    command, named = _as_user([sys.executable, "-I", str(_SCRIPT)])
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            cwd="/",
            start_new_session=True,
            pass_fds=(slot,),
            **{"env": _environ(), **named},
        )
    except OSError as error:
        raise errors.Conflict(
            f"No validation can be run: {command[0]} cannot be started: "
            f"{error.strerror}."
        ) from error


def _as_user(command: list[str]) -> tuple[list[str], dict[str, Any]]:
    """How a command is run as the user of validations."""
    user = conf.options().validations_user
    if not user or user == getpass.getuser():
        return command, {}
    if os.geteuid() != 0:
        return ["sudo", "-n", "-H", "-u", user, "--", *command], {}
    try:
        known = pwd.getpwnam(user)
    except KeyError:
        raise errors.Conflict(
            f"No validation can be run: there is no user {user}. Create it, "
            "or correct [tripleo_common] validations_user in Mistral's "
            "configuration."
        ) from None
    ids = {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}
    return command, {**ids, "env": {**_environ(), "HOME": known.pw_dir}}


def _environ() -> dict[str, str]:
    kept = {n: os.environ[n] for n in _INHERITED if n in os.environ}
    return {"LANG": "C.UTF-8", **kept, "PATH": _PATH}


def _send(process: subprocess.Popen[bytes], told: Any) -> None:
    _input(process).write(json.dumps(told).encode() + b"\n")
    _input(process).flush()


def _input(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin is not None
    return process.stdin


def _wait(
    process: subprocess.Popen[bytes],
    reader: threading.Thread,
    job: dict[str, Any],
    may_go_on: Callable[[], bool],
) -> None:
    give_up = time.monotonic() + job["timeout"] + job["grace"] + _PATIENCE
    stopped = False
    while process.poll() is None and time.monotonic() < give_up:
        if not stopped and not may_go_on():
            stopped = True
            _send(process, "stop")
        reader.join(INTERVAL)
        if not reader.is_alive():
            # It says nothing any more, so its end is a moment away.
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(INTERVAL)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing is left of it, whatever happened."""
    with contextlib.suppress(BrokenPipeError):
        _input(process).close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(conf.options().validations_grace + _PATIENCE)
        return
    # Another user's processes end by themselves: their input has ended.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else "it told nothing"
