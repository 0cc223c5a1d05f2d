from __future__ import annotations

from pathlib import Path

import pytest

from tripleo_common.tests.unit.undercloud.doctor.conftest import (
    KEYSTONE,
    Cloud,
)
from tripleo_common.undercloud import disk
from tripleo_common.undercloud.doctor import room
from tripleo_common.undercloud.doctor.examination import examine
from tripleo_common.undercloud.doctor.finding import Level


def test_nothing_is_told_of_the_disks_of_other_underclouds(
    cloud: Cloud,
) -> None:
    assert list(room.check(cloud.subject())) == []


def test_room_enough_is_fine(cloud: Cloud, tmp_path: Path) -> None:
    subject = cloud.subject()
    subject.state = tmp_path
    (found,) = room.check(subject)
    assert (found.check, found.level) == ("disk.room", Level.OK)


def test_a_full_disk_is_told_before_what_comes_of_it(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "free", lambda folder: disk.STATE - 1)
    subject = cloud.subject()
    subject.state = tmp_path
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=500)
    first, second = examine(subject)
    assert (first.check, first.level) == ("disk.room", Level.ERROR)
    assert f"{tmp_path}, 63 MiB are free" in first.found
    assert "Make room there" in first.fix
    assert second.check == "keystone.token"
