"""The process that renders templates, as its parent sees it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tripleo_common import errors
from tripleo_common.plans import renderer

#: One file to render: its path, and which role or network it is about.
Output = tuple[str, dict[str, int]]

_TIME_IS_UP = (-signal.SIGXCPU, -signal.SIGKILL)


@dataclass(frozen=True)
class Limits:
    """What rendering all templates of a plan may take.

    :ivar seconds: of a processor's time.
    :ivar memory: in bytes.
    :ivar file: bytes of one rendered file.
    """

    seconds: int = 300
    memory: int = 2 << 30
    file: int = 16 << 20


LIMITS = Limits()


class Rendering:
    """Renders templates with the same roles and networks.

    The process is started for the first template; it is to be closed.

    :param roles: what JSON can hold.
    :param networks: the same.
    :param find: the text of the first of some paths that there is.
    """

    def __init__(
        self,
        roles: Sequence[Any],
        networks: Sequence[Any],
        find: Callable[[list[str]], str | None],
        limits: Limits = LIMITS,
    ) -> None:
        self._first = {
            "path": [each for each in sys.path if os.path.isabs(each)],
            "limits": asdict(limits),
            "roles": json.dumps(roles),
            "networks": json.dumps(networks),
        }
        self._limits = limits
        self._find = find
        self._process: subprocess.Popen[str] | None = None

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def render(
        self, source: str, text: str, outputs: Sequence[Output]
    ) -> dict[str, str]:
        """What a template becomes, by paths.

        :raises InvalidFile: it cannot be rendered; tells where and why.
        """
        job: Any = {"source": source, "text": text, "outputs": outputs}
        while True:
            answer = self._ask(job, source)
            if "error" in answer:
                raise errors.InvalidFile(**answer["error"])
            if "rendered" in answer:
                rendered: dict[str, str] = answer["rendered"]
                return rendered
            job = {"text": self._find(answer["wanted"])}

    def _ask(self, message: dict[str, Any], source: str) -> dict[str, Any]:
        """Send a line; the line that comes back."""
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            print(json.dumps(message), file=process.stdin, flush=True)
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line.endswith("\n"):
            raise errors.InvalidFile(source, self._death(process.wait()))
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _start(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [sys.executable, "-I", Path(renderer.__file__)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            text=True,
            encoding="ascii",
        )
        assert self._process.stdin is not None
        print(json.dumps(self._first), file=self._process.stdin, flush=True)
        return self._process

    def _death(self, status: int) -> str:
        """Why the process ended, as the cause of an error."""
        if status in _TIME_IS_UP:
            return (
                "rendering the plan takes more than "
                f"{self._limits.seconds} seconds of a processor's time, and "
                "did not come past this template"
            )
        return (
            "the process that rendered this template ended unexpectedly "
            f"(status {status})"
        )
