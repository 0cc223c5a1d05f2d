"""Run one playbook with ansible-runner, in a process of its own.

A thread of an executor cannot be ended, a process can. This one runs as
``python -I playbook_process.py``, maybe as another user, and imports nothing
of this package. On its standard input and output are lines of JSON:

* in, first: the job, see :func:`_settings`; ``"stop"`` later on ends the
  playbook. So does the end of the input: whoever wanted the result is gone.
* out: ``{"output": text}`` as the playbook goes on; at last ``status``,
  ``hosts`` and ``failures``.

Ansible's workers leave their process group. So this process adopts what they
leave behind, and ends it all.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Of the kernel: orphans below this process become its children.
_PR_SET_CHILD_SUBREAPER = 36
_INTERVAL = 0.2
#: Characters of what a host says about its failure.
_LONGEST_TEXT = 2000
_FAILED = (
    "runner_on_failed",
    "runner_on_unreachable",
    "runner_item_on_failed",
)


class Run:
    """One playbook."""

    def __init__(self, job: dict[str, Any]) -> None:
        self._job = job
        self._stopped = threading.Event()
        self._late = threading.Event()
        self._ended = threading.Event()
        self._stats: dict[str, dict[str, int]] = {}
        self._failures: dict[str, dict[str, str]] = {}

    def listen(self) -> None:
        """End the playbook when that is asked for, or nobody is left."""
        sys.stdin.readline()
        self._end(self._stopped)

    def watch(self) -> None:
        """End the playbook when its time is over."""
        if not self._ended.wait(self._job["timeout"]):
            self._end(self._late)

    def _end(self, reason: threading.Event) -> None:
        if self._ended.is_set():
            return
        reason.set()
        # Ansible removes its files when it is interrupted.
        for pid in _children(os.getpid()):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGINT)
        if not self._ended.wait(self._job["grace"]):
            kill_all()

    def go(self) -> dict[str, Any]:
        """Run it to its end; what became of it."""
        import ansible_runner

        with tempfile.TemporaryDirectory(prefix="validation-") as directory:
            done = ansible_runner.run(
                **_settings(self._job, Path(directory)),
                event_handler=self._on_event,
            )
        self._ended.set()
        kill_all()
        return {
            "status": self._status(done.status),
            "hosts": _hosts(self._stats),
            "failures": self._failures,
        }

    def _status(self, told: str) -> str:
        if self._stopped.is_set():
            return "stopped"
        if self._late.is_set():
            return "late"
        return "successful" if told == "successful" else "failed"

    def _on_event(self, event: dict[str, Any]) -> bool:
        if event.get("stdout"):
            _send({"output": event["stdout"] + "\n"})
        data = event.get("event_data") or {}
        kind = event.get("event")
        if kind == "playbook_on_stats":
            self._stats = {
                key: data.get(key) or {}
                for key in ("ok", "failures", "dark", "skipped", "ignored")
            }
        elif kind in _FAILED and not data.get("ignore_errors"):
            self._failures[data.get("host", "?")] = {
                "task": str(data.get("task", ""))[:_LONGEST_TEXT],
                "text": _reason(data.get("res")),
            }
        # Not to be kept as a file.
        return False


def _settings(job: dict[str, Any], directory: Path) -> dict[str, Any]:
    """What ansible-runner is told.

    The job's keys: ``files`` (texts by path), ``playbook`` (one of these, or
    a file of this machine), ``inventory``, ``inputs`` (the playbook's extra
    variables), ``private_key``, ``environment``, ``timeout`` and ``grace``.
    """
    project = directory / "project"
    for path, text in job["files"].items():
        target = project / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    project.mkdir(exist_ok=True)
    environment = {
        **job["environment"],
        "ANSIBLE_HOME": str(directory / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(directory / "ansible" / "tmp"),
    }
    if not os.access(os.environ.get("HOME", ""), os.W_OK):
        # Users of services have none; Ansible puts its modules there.
        environment["ANSIBLE_REMOTE_TEMP"] = str(directory / "remote")
    if job["private_key"]:
        key = directory / "key"
        key.touch(mode=0o600)
        key.write_text(job["private_key"])
        environment["ANSIBLE_PRIVATE_KEY_FILE"] = str(key)
    # Not as an argument: those are for everybody to see.
    inputs = directory / "inputs.json"
    inputs.touch(mode=0o600)
    inputs.write_text(json.dumps(job["inputs"]))
    return {
        "private_data_dir": str(directory),
        "playbook": job["playbook"],
        "inventory": job["inventory"],
        "cmdline": f"--extra-vars @{inputs}",
        "envvars": environment,
        "settings": {
            "pexpect_timeout": 1,
            "suppress_output_file": True,
            "suppress_ansible_output": True,
        },
        "quiet": True,
    }


def _hosts(stats: dict[str, dict[str, int]]) -> dict[str, str]:
    """What became of each host: ok, failed or unreachable."""
    found = {}
    for host in sorted({name for counts in stats.values() for name in counts}):
        if stats["dark"].get(host):
            found[host] = "unreachable"
        elif stats["failures"].get(host):
            found[host] = "failed"
        else:
            found[host] = "ok"
    return found


def _reason(result: Any) -> str:
    if not isinstance(result, dict):
        return ""
    if "censored" in result:
        return str(result["censored"])
    for key in ("msg", "stderr", "stdout"):
        if result.get(key):
            return str(result[key]).strip()[:_LONGEST_TEXT]
    return ""


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(each) for each in task.read_text().split()]
    return found


def _descendants(pid: int) -> Iterator[int]:
    for child in _children(pid):
        yield from _descendants(child)
        yield child


def kill_all() -> None:
    """End all that this process started, and that it left behind."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = [p for p in _descendants(os.getpid()) if _is_alive(p)]
        if not found:
            return
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_INTERVAL)


def _is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


_LOCK = threading.Lock()


def _send(message: dict[str, Any]) -> None:
    # Who wanted to know may be gone.
    with _LOCK, contextlib.suppress(OSError):
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def main() -> None:
    """Run the job that comes in."""
    run = Run(json.loads(sys.stdin.readline()))
    # Ansible's commands are beside the interpreter.
    own = str(Path(sys.executable).parent)
    os.environ["PATH"] = f"{own}:{os.environ.get('PATH', os.defpath)}"
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for target in (run.listen, run.watch):
        threading.Thread(target=target, daemon=True).start()
    try:
        result = run.go()
    except Exception as error:
        result = {
            "status": "error",
            "text": f"{type(error).__name__}: {error}",
        }
    _send(result)


if __name__ == "__main__":
    main()
    # Not after the thread that reads the standard input, which blocks.
    os._exit(0)
