"""Fetch the real tripleo-validations: playbooks, roles and modules.

Its code in Python is not installed: it wants the retired tripleo-common.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import threading
import zipfile
from pathlib import Path

from tripleo_common.undercloud import commands, errors
from tripleo_common.undercloud.environments import Environment

VERSION = "16.0.0"
SHA256 = "703d7f85f4eb376417d9e00367e3abfe0e2d994b1ec9511f48f08b6eac74ae35"
NAME = f"tripleo-validations-{VERSION}"
_WHEEL = f"tripleo_validations-{VERSION}-py3-none-any.whl"
_SHARE = f"tripleo_validations-{VERSION}.data/data/share/ansible/"


def folder(cache: Path) -> Path:
    """Return where its files lie once they are fetched."""
    return cache / NAME


def playbooks(cache: Path) -> Path:
    """Return where its playbooks lie; all else is beside them."""
    return folder(cache) / "validation-playbooks"


def ensure(cache: Path, pip: Environment, stop: threading.Event) -> str:
    """Have its files in the cache."""
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
            unpack(partial / _WHEEL, partial / NAME)
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
            *("--only-binary", ":all:", "--dest", target),
            f"tripleo-validations=={VERSION}",
        ],
        purpose=f"download {NAME}",
        log=log,
        stop=stop,
    )


def unpack(wheel: Path, target: Path, sha256: str = SHA256) -> None:
    """Unpack what a wheel installs for Ansible, if it is the wanted one."""
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != sha256:
        raise errors.DigestMismatch(wheel, sha256, found)
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith(_SHARE) and not name.endswith("/"):
                path = target / name.removeprefix(_SHARE)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(archive.read(name))
