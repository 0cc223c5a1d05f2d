"""Run ``tripleo-undercloud`` as its users do."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

#: Long enough for a first installation on a slow machine.
TIMEOUT = 1500


@dataclass(frozen=True)
class CommandLine:
    """The command, for the undercloud of one state directory."""

    state: Path

    def arguments(self, command: str, *more: str) -> list[str]:
        """Return the arguments that start the command."""
        module = [sys.executable, "-m", "tripleo_common.undercloud"]
        return [*module, command, "--state-dir", str(self.state), *more]

    def __call__(
        self, command: str, *more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        return subprocess.run(
            self.arguments(command, *more),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            stdin=subprocess.DEVNULL,
        )

    def succeed(self, command: str, *more: str) -> str:
        """Run the command, which has to succeed; its output."""
        done = self(command, *more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
