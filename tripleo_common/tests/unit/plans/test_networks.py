from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import networks
from tripleo_common.plans.container import Container
from tripleo_common.plans.files import Files


def files(cloud, contents):
    cloud.object_store.add("my_cloud", contents)
    container = Container(cloud, "my_cloud")
    return Files(container, container.files())


def test_positions_and_short_names_are_completed():
    text = "- name: Storage\n- name: InternalApi\n  name_lower: internal_api\n"
    assert networks.complete(networks.parse(text, "network_data.yaml")) == [
        {"name": "Storage", "name_lower": "storage", "idx": 0},
        {"name": "InternalApi", "name_lower": "internal_api", "idx": 1},
    ]


def test_a_disabled_network_is_known_but_not_enabled():
    all_networks = networks.parse(
        "- name: A\n- {name: B, enabled: false}\n- {name: C, enabled: true}",
        "network_data.yaml",
    )
    assert [n["name"] for n in all_networks] == ["A", "B", "C"]
    assert [n["name"] for n in networks.enabled(all_networks)] == ["A", "C"]


def test_templates_without_networks_of_their_own_have_the_default(cloud):
    loaded = networks.load(
        files(cloud, {"network_data_default.yaml": "- name: Storage"})
    )
    assert [n["name"] for n in loaded] == ["Storage"]


def test_networks_of_the_plan_win_over_the_default(cloud):
    loaded = networks.load(
        files(
            cloud,
            {
                "network_data.yaml": "",
                "network_data_default.yaml": "- name: Storage",
            },
        )
    )
    assert loaded == []


def test_old_templates_have_none(cloud):
    assert networks.load(files(cloud, {})) == []


@pytest.mark.parametrize("text", ["- 7", "- {}", "- name: ''"])
def test_a_network_without_a_name_is_told(text):
    with pytest.raises(errors.InvalidFile, match="network 1 has no name"):
        networks.parse(text, "network_data.yaml")
