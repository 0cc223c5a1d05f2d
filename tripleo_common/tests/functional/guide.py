"""The commands of the guides, and a shell of the undercloud to run them in."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

from tripleo_common.undercloud.client import Client

_PAGES = Path(__file__).parents[3] / "doc/source/user"
_BLOCK = re.compile(
    r"^\.\. code-block:: bash\n   :class: run\n\n((?:(?:   .*)?\n)+)", re.M
)
_FILE = re.compile(
    r"^\.\. code-block:: json\n   :caption: (\S+)\n\n((?:(?:   .*)?\n)+)",
    re.M,
)
_EXECUTION = re.compile(r"^\| ID +\| (\S+) +\|$", re.M)


def commands(page: str = "guide") -> list[str]:
    """What a reader types, in order; a command may have several lines."""
    blocks = _BLOCK.findall(_text(page))
    return [
        command
        for block in blocks
        for command in re.split(
            r"(?<!\\)\n", textwrap.dedent(block).strip("\n")
        )
    ]


def files(page: str) -> dict[str, str]:
    """The files that a reader makes, by their names."""
    return {
        name: textwrap.dedent(block)
        for name, block in _FILE.findall(_text(page))
    }


def _text(page: str) -> str:
    return (_PAGES / f"{page}.rst").read_text()


class Shell:
    """Runs commands on the undercloud; waits for workflows they start."""

    def __init__(self, undercloud: Client, directory: Path) -> None:
        self._undercloud = undercloud
        self._directory = directory
        programs = Path(sys.executable).parent
        self._environ = {
            **os.environ,
            **undercloud.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
        }

    def run(self, command: str) -> str:
        """Run a command, which has to succeed; what it prints."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self._directory,
            env=self._environ,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        if command.startswith("openstack workflow execution create"):
            (execution,) = _EXECUTION.findall(done.stdout)
            ended, output = self._undercloud.wait_for_execution(execution)
            assert ended == "SUCCESS", output
        return done.stdout
