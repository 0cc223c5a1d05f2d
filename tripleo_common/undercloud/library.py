"""Install this library where Mistral finds its actions.

The folder belongs to one undercloud, and comes first on the path of its
Mistral: so underclouds of several checkouts share an environment, and the
retired package of the same name on the index never comes in.
"""

from __future__ import annotations

import configparser
import hashlib
import importlib.metadata
import shutil
from pathlib import Path

import tripleo_common

PACKAGE = "tripleo_common"
DISTRIBUTION = "tripleo-common"


def checkout() -> Path | None:
    """Return the checkout that this code runs from, if it does."""
    root = Path(tripleo_common.__file__).resolve().parent.parent
    return root if (root / "pyproject.toml").exists() else None


def install(target: Path) -> str:
    """Install the library, or refresh it.

    :returns: a digest that changes when Mistral must be started again.
    """
    root = checkout()
    if root is not None:
        return _link(root, target)
    return _copy(importlib.metadata.distribution(DISTRIBUTION), target)


def _link(root: Path, target: Path) -> str:
    """Install a checkout so that its changes are seen."""
    setup = configparser.ConfigParser(
        delimiters=("=",), interpolation=None, comment_prefixes=("#",)
    )
    setup.read(root / "setup.cfg")
    version = setup["metadata"]["version"]
    entry_points = "\n".join(
        f"[{group}]\n{lines.strip()}\n"
        for group, lines in setup["entry_points"].items()
    )
    metadata = f"Metadata-Version: 2.1\nName: {DISTRIBUTION}\n"
    digest = _digest(str(root), version, entry_points)
    if _is_installed(target, digest):
        return digest
    information = _begin(target) / f"{PACKAGE}-{version}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"{metadata}Version: {version}\n")
    (information / "entry_points.txt").write_text(entry_points)
    (target / PACKAGE).symlink_to(root / PACKAGE)
    return _finish(target, digest)


def _copy(distribution: importlib.metadata.Distribution, target: Path) -> str:
    """Install the files that the installed distribution lists."""
    record = distribution.read_text("RECORD") or ""
    digest = _digest(distribution.version, record)
    if _is_installed(target, digest):
        return digest
    _begin(target)
    for path in distribution.files or []:
        # Commands and data files lie outside; Mistral needs neither.
        if ".." in path.parts or path.suffix == ".pyc":
            continue
        copy = target / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path.locate(), copy)
    return _finish(target, digest)


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _is_installed(target: Path, digest: str) -> bool:
    stamp = target / "digest"
    return stamp.exists() and stamp.read_text() == digest


def _begin(target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(mode=0o700, parents=True)
    return target


def _finish(target: Path, digest: str) -> str:
    (target / "digest").write_text(digest)
    return digest
