from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from tripleo_common.undercloud import cli, disk, errors, preparation
from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.progress import Progress


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The bytes that are free on every disk."""
    found = SimpleNamespace(free=0)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: found)
    return found


def test_a_small_disk_is_told_before_anything_is_made(
    tmp_path: Path, free: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    free.free = 10 * disk.MEBIBYTE
    folder = tmp_path / "a" / "state"
    assert cli.main(["up", "--state-dir", str(folder)]) == 1
    error = capsys.readouterr().err
    assert f"disk of {folder}, 10 MiB are free, and 64 MiB" in error
    assert not folder.parent.exists()


def test_room_for_the_environments_is_asked_for(
    paths: Paths, free: SimpleNamespace, progress: Progress
) -> None:
    free.free = disk.CACHE - 1
    with pytest.raises(errors.DiskTooSmall, match=str(paths.cache)):
        preparation.steps(paths.cache, ["heat"], SimpleNamespace(), progress)  # type: ignore[arg-type]


def test_what_a_full_disk_refuses_is_told(
    paths: Paths, free: SimpleNamespace
) -> None:
    with (
        pytest.raises(errors.DiskFull, match="No space left") as caught,
        disk.told(paths),
        Path("/dev/full").open("w") as full,
    ):
        full.write("text")
    assert f"The disk of {paths.state} is full." in str(caught.value)


def test_what_a_service_says_on_a_full_disk_is_told(
    paths: Paths, free: SimpleNamespace
) -> None:
    log = paths.log("heat")
    log.write_text("database or disk is full")
    with (
        pytest.raises(errors.DiskFull, match="or disk is full") as caught,
        disk.told(paths),
    ):
        raise errors.ServiceDied("heat", 1, log)
    assert "TRIPLEO_UNDERCLOUD_CACHE_DIR" in str(caught.value)


def test_other_failures_stay_what_they_are(
    paths: Paths, free: SimpleNamespace
) -> None:
    free.free = disk.STATE
    with pytest.raises(errors.Stopped), disk.told(paths):
        raise errors.Stopped
    with pytest.raises(IsADirectoryError), disk.told(paths):
        os.open(paths.state, os.O_WRONLY)
