from __future__ import annotations

import os
import stat
from pathlib import Path

import openstack.config
import pytest

from tripleo_common.undercloud import cloud_file, rc
from tripleo_common.undercloud.paths import Paths

VALUES = rc.variables("http://127.0.0.1:4000", "it's: #secret")


def test_clients_find_the_cloud(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [n for n in os.environ if n.startswith("OS_")]:
        monkeypatch.delenv(name)
    cloud_file.write(paths, VALUES, Path("/bin"))
    file = paths.state / cloud_file.CLOUDS
    config = openstack.config.OpenStackConfig(config_files=[str(file)])
    cloud = config.get_one(cloud=cloud_file.CLOUD)
    auth = cloud.get_auth_args()
    assert auth["password"] == "it's: #secret"
    assert auth["auth_url"] == "http://127.0.0.1:4000/v3"
    assert cloud.region_name == "regionOne"


def test_both_files_are_for_their_owner_only(paths: Paths) -> None:
    cloud_file.write(paths, VALUES, Path("/bin"))
    for name in (cloud_file.CLOUDS, cloud_file.STACKRC):
        mode = (paths.state / name).stat().st_mode
        assert stat.S_IMODE(mode) == 0o600
    text = (paths.state / cloud_file.STACKRC).read_text()
    assert text == rc.render(VALUES, Path("/bin"))


def test_what_is_the_same_is_not_written_again(paths: Paths) -> None:
    cloud_file.write(paths, VALUES, Path("/bin"))
    file = paths.state / cloud_file.CLOUDS
    before = file.stat().st_ino
    cloud_file.write(paths, VALUES, Path("/bin"))
    assert file.stat().st_ino == before
    cloud_file.write(paths, {**VALUES, "OS_PASSWORD": "x"}, Path("/bin"))
    assert "secret" not in file.read_text()
