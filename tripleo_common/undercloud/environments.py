"""The virtual environments that the services live in.

Every undercloud has two, because Heat with tripleo-heat-templates needs yaql
below 3, and Mistral needs yaql 3; who wants ironic-inspector has a third, with
SQLAlchemy below 2.1. Each is named after a digest of what it is made from, so
a change makes a new one beside the old, and underclouds of several versions
can share a cache.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import platform
import shutil
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tripleo_common.undercloud import commands

CONSTRAINTS = Path(__file__).parent / "constraints"

#: Changes with how an environment is made, to have the old ones made anew.
RECIPE = "1"

#: The environments that services live in.
NAMES = ("control", "heat", "metal")

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Environment:
    """A virtual environment; it is there once it is complete."""

    name: str
    path: Path

    @property
    def bin(self) -> Path:
        """The folder of its commands."""
        return self.path / "bin"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.bin / "python"

    @property
    def requirements(self) -> Path:
        """The list of all its packages, each pinned."""
        return CONSTRAINTS / f"{self.name}.txt"

    @property
    def stamp(self) -> Path:
        """The file that is made last.

        Commands carry their environment's path, so an environment cannot be
        made under another name and renamed.
        """
        return self.path / "complete"

    def is_complete(self) -> bool:
        """Tell whether it was made to the end."""
        return self.stamp.exists()


def find(cache: Path, name: str) -> Environment:
    """Return the environment of a name, which may not be there yet.

    :param name: one of :data:`NAMES`, or ``pip`` for what makes them.
    """
    requirements = (CONSTRAINTS / f"{name}.txt").read_bytes()
    python = f"{platform.python_version()} {sys.base_prefix}"
    made_from = b"\0".join([RECIPE.encode(), python.encode(), requirements])
    digest = hashlib.sha256(made_from).hexdigest()[:12]
    return Environment(name, cache / f"{name}-{digest}")


class Builder:
    """Makes environments.

    :param cache: where to.
    :param stop: ends the commands when it is set.
    """

    def __init__(self, cache: Path, stop: threading.Event) -> None:
        self.cache = cache
        self.stop = stop
        self.pip = find(cache, "pip")

    def ensure_pip(self) -> str:
        """Have the pip that makes everything else: a current one is fast."""
        return self._ensure(self.pip, self._make_pip)

    def ensure(self, environment: Environment, tell: Tell) -> str:
        """Have an environment; :meth:`ensure_pip` comes first."""
        make = functools.partial(self._make, tell=tell)
        return self._ensure(environment, make)

    def _ensure(
        self,
        environment: Environment,
        make: Callable[[Environment], None],
    ) -> str:
        if environment.is_complete():
            return "there already"
        lock = self.cache / f"{environment.path.name}.lock"
        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if environment.is_complete():
                return "made by another command"
            shutil.rmtree(environment.path, ignore_errors=True)
            make(environment)
            environment.stamp.touch()
        return "made"

    def _make_pip(self, environment: Environment) -> None:
        self._run(
            environment,
            "make a virtual environment (on Debian, that needs the package "
            "python3-venv)",
            sys.executable,
            *("-m", "venv", environment.path),
        )
        self._run(
            environment,
            "install pip",
            environment.python,
            *("-m", "pip", "install", "--no-deps"),
            *("-r", environment.requirements),
        )

    def _make(self, environment: Environment, tell: Tell) -> None:
        lines = environment.requirements.read_text().splitlines()
        count = sum("==" in line for line in lines)
        self._run(
            environment,
            "make a virtual environment",
            sys.executable,
            *("-m", "venv", "--without-pip", environment.path),
        )
        tell(f"installing {count} packages")
        # The list is complete, so that pip need not look for what is
        # missing; and compiling is done on all cores afterwards.
        self._run(
            environment,
            f"install the packages of {environment.requirements.name}",
            self.pip.python,
            *("-m", "pip", "--python", environment.python),
            *("install", "--no-deps", "--no-compile"),
            *("-r", environment.requirements),
        )
        tell("compiling")
        self._run(
            environment,
            "compile the packages",
            environment.python,
            *("-m", "compileall", "-q", "-j", str(os.cpu_count() or 1)),
            *("-x", "/tests/", environment.path / "lib"),
        )

    def _run(
        self,
        environment: Environment,
        purpose: str,
        *arguments: str | Path,
    ) -> None:
        commands.run(
            arguments,
            purpose=purpose,
            log=self.cache / "log" / f"{environment.path.name}.log",
            stop=self.stop,
        )
