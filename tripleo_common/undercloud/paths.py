"""Where the undercloud keeps its state, and where its cache."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tripleo_common.undercloud import errors

NAME = "tripleo-undercloud"

#: What services' configuration files, lists of paths, and addresses of
#: databases take for something else. Spaces, quotes and accents are fine.
UNUSABLE = frozenset("#$%:;?\n\r\t")


@dataclass(frozen=True)
class Paths:
    """The folders of one undercloud.

    :param state: everything that belongs to this undercloud.
    :param cache: what underclouds share, and what can be made again.
    """

    state: Path
    cache: Path

    @classmethod
    def find(
        cls,
        state_dir: str | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> Paths:
        """Find the folders as the user chose them.

        :param state_dir: the state directory, if named on the command line.
        """
        home = Path.home()
        state = (
            state_dir
            or environ.get("TRIPLEO_UNDERCLOUD_STATE_DIR")
            or _under(environ, "XDG_STATE_HOME", home / ".local/state")
        )
        cache = environ.get("TRIPLEO_UNDERCLOUD_CACHE_DIR") or _under(
            environ, "XDG_CACHE_HOME", home / ".cache"
        )
        return cls(Path(state).absolute(), Path(cache).absolute())

    @property
    def etc(self) -> Path:
        """The rendered configuration."""
        return self.state / "etc"

    @property
    def data(self) -> Path:
        """Databases, objects and images."""
        return self.state / "data"

    @property
    def logs(self) -> Path:
        """One log a service."""
        return self.state / "log"

    @property
    def run(self) -> Path:
        """What is known of the running processes."""
        return self.state / "run"

    @property
    def library(self) -> Path:
        """This library, as Mistral finds it."""
        return self.state / "library"

    def log(self, service: str) -> Path:
        """Return the log of a service."""
        return self.logs / f"{service}.log"

    def prepare(self) -> None:
        """Make the folders, for their owner only."""
        for folder in (self.state, self.cache):
            if found := sorted(UNUSABLE.intersection(str(folder))):
                raise errors.FolderUnusable(folder, found)
        self.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.state.chmod(0o700)
        for folder in (self.etc, self.data, self.logs, self.run):
            folder.mkdir(mode=0o700, exist_ok=True)


def _under(environ: Mapping[str, str], variable: str, default: Path) -> Path:
    return Path(environ.get(variable) or default) / NAME


def write_private(path: Path, text: str) -> None:
    """Replace a file that only its owner may read, in one step."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    partial.rename(path)
