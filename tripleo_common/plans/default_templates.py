"""The templates that are installed on the undercloud."""

from __future__ import annotations

import os
from pathlib import Path

from tripleo_common import errors

_LEFT_OUT_DIRECTORIES = frozenset({".git", ".tox", "__pycache__"})
_LEFT_OUT_SUFFIXES = (".pyc", ".pyo")


def read(directory: str) -> dict[str, bytes]:
    """Every file below *directory*, by its path relative to it.

    Version control, caches and links that lead nowhere are left out.

    :raises NotFound: there is no such directory, or nothing in it.
    """
    top = Path(directory)
    files = {
        path.relative_to(top).as_posix(): path.read_bytes()
        for path in _paths(top)
    }
    if not files:
        raise errors.NotFound(
            f"There are no templates in {directory}. Install "
            "openstack-tripleo-heat-templates, or set [tripleo_common] "
            "templates_dir in Mistral's configuration to where they are."
        )
    return files


def _paths(top: Path) -> list[Path]:
    found = []
    for folder, directories, names in os.walk(top):
        directories[:] = sorted(set(directories) - _LEFT_OUT_DIRECTORIES)
        for name in sorted(names):
            path = Path(folder, name)
            if not name.endswith(_LEFT_OUT_SUFFIXES) and path.is_file():
                found.append(path)
    return found
