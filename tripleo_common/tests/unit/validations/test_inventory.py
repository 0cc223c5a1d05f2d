from __future__ import annotations

import pytest

from tripleo_common.validations import inventory


def stack(cloud, **outputs):
    found = cloud.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    found.outputs = [
        {"output_key": key, "output_value": value}
        for key, value in outputs.items()
    ]


def children(cloud):
    return inventory.make(cloud, "mine")["all"]["children"]


def test_without_a_stack_there_is_the_undercloud(cloud):
    groups = children(cloud)
    assert set(groups) == {"Undercloud"}
    assert groups["Undercloud"]["hosts"] == {
        "undercloud": {"plan": "mine", "plans": ["mine"]}
    }
    assert groups["Undercloud"]["vars"]["ansible_connection"] == "local"


def test_servers_are_those_of_the_stacks_outputs(cloud, options):
    options("validations_ssh_user", "someone")
    stack(
        cloud,
        RoleNetIpMap={
            "Controller": {"ctlplane": ["192.0.2.1", "192.0.2.2"]},
            "Compute": {"ctlplane": ["192.0.2.3"]},
            "Empty": {"ctlplane": []},
        },
        RoleNetHostnameMap={
            "Controller": {
                "canonical": ["c-0.localdomain", "c-1.localdomain"],
            },
        },
        BlacklistedHostnames={"c-1": "c-1", "c-0": ""},
        EnabledServices={
            "Controller": ["nova_api", "ntp"],
            "Compute": ["ntp"],
            "Empty": ["ntp"],
        },
        KeystoneURL="http://192.0.2.9:5000/",
        EndpointMap={"HorizonPublic": {"uri": "http://192.0.2.9/"}},
    )
    groups = children(cloud)
    assert groups["Controller"]["hosts"] == {
        "c-0": {"ansible_host": "192.0.2.1"}
    }
    # Without names the addresses are names, too.
    assert groups["Compute"]["hosts"] == {
        "192.0.2.3": {"ansible_host": "192.0.2.3"}
    }
    assert "Empty" not in groups
    assert groups["allovercloud"] == {
        "children": {"Controller": {}, "Compute": {}},
        "vars": {"ansible_user": "someone"},
    }
    assert groups["mine"] == {"children": {"allovercloud": {}}}
    assert groups["ntp"] == {"children": {"Controller": {}, "Compute": {}}}
    assert groups["nova_api"] == {"children": {"Controller": {}}}
    (host,) = groups["Undercloud"]["hosts"].values()
    assert host["overcloud_keystone_url"] == "http://192.0.2.9:5000/"
    assert host["overcloud_horizon_url"] == "http://192.0.2.9/"


@pytest.mark.parametrize("value", [None, "text", 7, [], {"Role": "text"}])
def test_outputs_that_are_not_there_yet_are_no_servers(cloud, value):
    stack(
        cloud,
        RoleNetIpMap=value,
        RoleNetHostnameMap=value,
        EnabledServices=value,
        EndpointMap=value,
    )
    assert set(children(cloud)) == {"Undercloud"}
