"""Fetch the real tripleo-heat-templates.

Only the source distribution holds the templates; the wheels on the index do
not.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import tarfile
import threading
from pathlib import Path

from tripleo_common.undercloud import commands, errors
from tripleo_common.undercloud.environments import Environment

VERSION = "18.0.0"
SHA256 = "09026a2ace181b1a2eeddb941504add4a10429a391bd265b4c04571f131b8b89"
NAME = f"tripleo-heat-templates-{VERSION}"

#: Folders of the source distribution that no deployment reads.
LEFT_OUT = ("doc", "releasenotes")


def folder(cache: Path) -> Path:
    """Return where the templates lie once they are fetched."""
    return cache / NAME


def ensure(cache: Path, pip: Environment, stop: threading.Event) -> str:
    """Have the templates in the cache."""
    target = folder(cache)
    if target.exists():
        return "there already"
    with (cache / f"{NAME}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if target.exists():
            return "fetched by another command"
        partial = cache / f"{NAME}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        try:
            _download(partial, pip, cache / "log" / f"{NAME}.log", stop)
            unpack(partial / f"{NAME}.tar.gz", partial)
            (partial / NAME).rename(target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return "fetched"


def _download(
    target: Path, pip: Environment, log: Path, stop: threading.Event
) -> None:
    commands.run(
        [
            pip.python,
            *("-m", "pip", "download", "--no-deps"),
            *("--no-binary", ":all:", "--dest", target),
            f"tripleo-heat-templates=={VERSION}",
        ],
        purpose=f"download the source distribution of {NAME}",
        log=log,
        stop=stop,
    )


def unpack(archive: Path, target: Path, sha256: str = SHA256) -> None:
    """Unpack a source distribution, if it is the one that is wanted."""
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != sha256:
        raise errors.DigestMismatch(archive, sha256, found)
    with tarfile.open(archive) as file:
        wanted = [
            member
            for member in file
            if Path(member.name).parts[1:2] not in [(n,) for n in LEFT_OUT]
        ]
        # Python before 3.11.4 has no filters; the digest tells that the
        # archive is harmless.
        file.extraction_filter = getattr(tarfile, "data_filter", None)
        file.extractall(target, wanted)
