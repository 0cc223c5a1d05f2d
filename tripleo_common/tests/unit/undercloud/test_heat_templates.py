from __future__ import annotations

import hashlib
import io
import tarfile
import threading
from pathlib import Path

import pytest

from tripleo_common.undercloud import environments, errors, heat_templates

NAME = heat_templates.NAME


def make_archive(path: Path, names: list[str]) -> str:
    """Write an archive of files that hold their own names; its digest."""
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            member = tarfile.TarInfo(f"{NAME}/{name}")
            member.size = len(name)
            archive.addfile(member, io.BytesIO(name.encode()))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_another_file_is_refused_before_it_is_unpacked(
    tmp_path: Path,
) -> None:
    archive = tmp_path / "archive.tar.gz"
    digest = make_archive(archive, ["overcloud.yaml"])
    with pytest.raises(errors.DigestMismatch) as caught:
        heat_templates.unpack(archive, tmp_path)
    assert digest in str(caught.value)
    assert heat_templates.SHA256 in str(caught.value)
    assert list(tmp_path.iterdir()) == [archive]


def test_what_no_deployment_reads_is_left_out(tmp_path: Path) -> None:
    archive = tmp_path / "archive.tar.gz"
    names = ["overcloud.yaml", "doc/a", "releasenotes/b", "network/doc/c"]
    digest = make_archive(archive, names)
    heat_templates.unpack(archive, tmp_path, digest)
    root = tmp_path / NAME
    found = [p.relative_to(root) for p in root.rglob("*") if p.is_file()]
    assert {str(p) for p in found} == {"overcloud.yaml", "network/doc/c"}


def test_a_path_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "archive.tar.gz"
    digest = make_archive(archive, ["../../outside"])
    with pytest.raises(tarfile.OutsideDestinationError):
        heat_templates.unpack(archive, tmp_path / "in", digest)
    assert not (tmp_path / "outside").exists()


def test_templates_in_the_cache_are_not_fetched(tmp_path: Path) -> None:
    heat_templates.folder(tmp_path).mkdir()
    pip = environments.Environment("pip", tmp_path / "none")
    said = heat_templates.ensure(tmp_path, pip, threading.Event())
    assert said == "there already"


def test_a_failed_download_leaves_nothing(tmp_path: Path) -> None:
    pip = environments.Environment("pip", tmp_path / "pip")
    pip.bin.mkdir(parents=True)
    pip.python.symlink_to("/bin/false")
    with pytest.raises(errors.CommandFailed, match="download the source"):
        heat_templates.ensure(tmp_path, pip, threading.Event())
    assert not heat_templates.folder(tmp_path).exists()
    assert not list(tmp_path.glob("*.partial"))
