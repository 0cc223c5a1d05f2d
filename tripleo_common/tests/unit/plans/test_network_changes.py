from __future__ import annotations

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.plans import network_changes
from tripleo_common.plans.store import Plan

TENANT = {"name": "Tenant", "vip": False}
STORAGE = {"name": "Storage", "name_lower": "storage"}
FILES = {
    "roles_data.yaml": "- {name: Controller, networks: [Tenant]}",
    "network_data.yaml": "- {name: Tenant, vip: false}",
    "network/network.network.j2.yaml": "{{network.name}}",
    "overcloud.yaml": "heat_template_version: rocky\n",
    "overcloud-resource-registry-puppet.yaml": "",
}


@pytest.fixture
def plan(cloud):
    cloud.add_plan("my_cloud", FILES)
    return Plan(cloud, "my_cloud")


@pytest.fixture
def files(cloud, plan):
    return cloud.object_store.containers["my_cloud"]


@pytest.mark.parametrize(
    ("network", "complaint"),
    [
        ({}, "network 1: 'name' is a required property"),
        ({"name": "A", "name_lower": "a/b"}, "network A: name_lower: "),
        ({"name": "A", "vip": "yes"}, "network A: vip: 'yes' is not of type"),
        (
            {"name": "A", "allocation_pools": [{"start": "10.0.0.1"}]},
            r"network A: allocation_pools\.0: 'end' is a required property",
        ),
    ],
)
def test_a_wrong_network_changes_nothing(plan, files, network, complaint):
    before = dict(files)
    with pytest.raises(errors.InvalidInput, match=complaint):
        network_changes.update(plan, [network])
    assert files == before


def test_the_file_and_what_is_rendered_from_it_change(plan, files):
    networks = network_changes.update(plan, [STORAGE])
    assert networks == [TENANT, STORAGE]
    assert yaml.safe_load(files["network_data.yaml"][0]) == networks
    assert files["network/storage.yaml"][0] == b"Storage"


def test_a_network_that_goes_takes_its_file_along(plan, files):
    network_changes.update(plan, [STORAGE])
    network_changes.update(plan, [TENANT], replace_all=True)
    assert yaml.safe_load(files["network_data.yaml"][0]) == [TENANT]
    assert "network/storage.yaml" not in files
    assert "network/tenant.yaml" in files


def test_a_network_that_a_role_is_on_stays(plan, files):
    with pytest.raises(
        errors.InvalidInput, match="not defined: Tenant of role Controller"
    ):
        network_changes.update(plan, [STORAGE], replace_all=True)
    assert files["network_data.yaml"][0].decode() == FILES["network_data.yaml"]


def test_a_plan_with_the_templates_networks_gets_its_own(plan, files):
    files["network_data_default.yaml"] = files.pop("network_data.yaml")
    assert network_changes.update(plan, [STORAGE]) == [TENANT, STORAGE]
    assert b"Storage" in files["network_data.yaml"][0]
    assert b"Storage" not in files["network_data_default.yaml"][0]


class TestFiles:
    def test_a_network_without_its_file_is_told(self, plan, files):
        """Where the templates ship such files, and render none."""
        del files["network/network.network.j2.yaml"]
        files["network/tenant.yaml"] = (b"", "")
        with pytest.raises(errors.FileMissing, match=r"network/storage\.yaml"):
            network_changes.update(plan, [STORAGE])

    def test_a_disabled_network_needs_none(self, plan, files):
        del files["network/network.network.j2.yaml"]
        files["network/tenant.yaml"] = (b"", "")
        network_changes.update(plan, [{**STORAGE, "enabled": False}])

    def test_templates_without_such_files_need_none(self, plan, files):
        del files["network/network.network.j2.yaml"]
        assert len(network_changes.update(plan, [STORAGE])) == 2
