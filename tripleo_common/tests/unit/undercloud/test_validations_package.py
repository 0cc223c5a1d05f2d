from __future__ import annotations

import hashlib
import threading
import zipfile
from pathlib import Path

import pytest

from tripleo_common.undercloud import (
    environments,
    errors,
    validations_package,
)

SHARE = f"tripleo_validations-{validations_package.VERSION}.data/data/share"


def make_wheel(path: Path, names: list[str]) -> str:
    """Write a wheel of files that hold their own names; its digest."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_another_file_is_refused_before_it_is_unpacked(
    tmp_path: Path,
) -> None:
    wheel = tmp_path / "a.whl"
    digest = make_wheel(wheel, [])
    with pytest.raises(errors.DigestMismatch, match=digest):
        validations_package.unpack(wheel, tmp_path / "in")
    assert list(tmp_path.iterdir()) == [wheel]


def test_what_ansible_reads_is_unpacked(tmp_path: Path) -> None:
    wheel = tmp_path / "a.whl"
    names = [
        f"{SHARE}/ansible/validation-playbooks/a.yaml",
        f"{SHARE}/ansible/roles/b/tasks/main.yaml",
        "tripleo_validations/utils.py",
    ]
    digest = make_wheel(wheel, names)
    validations_package.unpack(wheel, tmp_path / "in", digest)
    found = {
        str(path.relative_to(tmp_path / "in"))
        for path in (tmp_path / "in").rglob("*")
        if path.is_file()
    }
    assert found == {"validation-playbooks/a.yaml", "roles/b/tasks/main.yaml"}


def test_a_package_in_the_cache_is_not_fetched(tmp_path: Path) -> None:
    validations_package.folder(tmp_path).mkdir()
    pip = environments.Environment("pip", tmp_path / "none")
    said = validations_package.ensure(tmp_path, pip, threading.Event())
    assert said == "there already"


def test_a_failed_download_leaves_nothing(tmp_path: Path) -> None:
    pip = environments.Environment("pip", tmp_path / "pip")
    pip.bin.mkdir(parents=True)
    pip.python.symlink_to("/bin/false")
    with pytest.raises(errors.CommandFailed, match="download tripleo-val"):
        validations_package.ensure(tmp_path, pip, threading.Event())
    assert not validations_package.folder(tmp_path).exists()
    assert not list(tmp_path.glob("*.partial"))
