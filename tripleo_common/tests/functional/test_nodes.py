"""Nodes on the real Ironic, from the list to machines that are available."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

WF = "tripleo.baremetal.v1."
PASSWORD = "bmcPasswordOfTheTest"
#: As the specification has it, but for its queue.
SPEC = {
    "remove": False,
    "ramdisk_name": "bm-deploy-ramdisk",
    "kernel_name": "bm-deploy-kernel",
    "instance_boot_option": "local",
    "nodes_json": [
        {
            "pm_password": "$RSA_PRIVATE_KEY",
            "pm_type": "pxe_ssh",
            "pm_addr": "192.168.122.1",
            "mac": ["00:8f:61:0d:6a:e1"],
            "memory": "8192",
            "disk": "40",
            "arch": "x86_64",
            "cpu": "4",
            "pm_user": "root",
        }
    ],
}


@pytest.fixture
def nodes(undercloud: Client) -> Iterator[None]:
    """Removes the nodes that the test registers."""
    before = {node.uuid for node in undercloud.ironic.node.list(limit=0)}
    yield
    for node in undercloud.ironic.node.list(limit=0):
        if node.uuid not in before:
            undercloud.ironic.node.set_maintenance(node.uuid, True)
            undercloud.ironic.node.delete(node.uuid)


def machine(number: int, **more: Any) -> dict[str, Any]:
    return {
        "pm_type": "fake-hardware",
        "name": f"test-nodes-{number}",
        "ports": [{"address": f"52:54:00:0e:00:{number:02x}"}],
        **more,
    }


def register(undercloud: Client, **inputs: Any) -> dict[str, Any]:
    return undercloud.run_workflow(
        WF + "register_or_update", queue_name=plans.new_name(), **inputs
    )


@pytest.mark.usefixtures("nodes")
def test_the_example_of_the_specification(undercloud: Client) -> None:
    queue = plans.new_name()
    told = undercloud.run_workflow(
        WF + "register_or_update", queue_name=queue, **SPEC
    )
    assert told["message"] == "Nodes set to managed."
    (node,) = told["new_nodes"]
    assert node["provision_state"] == "manageable"
    assert node["properties"]["capabilities"] == "boot_option:local"
    kernel = node["driver_info"]["deploy_kernel"]
    assert undercloud.glance.images.get(kernel).name == "bm-deploy-kernel"
    (body,) = undercloud.messages(queue)
    (posted,) = body["payload"]["registered_nodes"]
    assert posted["uuid"] == node["uuid"]
    assert "RSA_PRIVATE_KEY" not in json.dumps([told, body])
    again = register(undercloud, **SPEC)
    assert again["new_nodes"] == again["updated"] == []
    assert again["registered_nodes"][0]["uuid"] == node["uuid"]
    uuids = [node["uuid"]]
    undercloud.run_workflow(
        WF + "provide", nodes_uuids=uuids, queue_name=queue
    )
    provided = undercloud.ironic.node.get(node["uuid"])
    assert provided.provision_state == "available"
    assert provided.power_state == "power off"
    undercloud.run_workflow(WF + "manage", node_uuids=uuids, queue_name=queue)
    with pytest.raises(errors.ActionFailed, match="no_such_step"):
        undercloud.run_workflow(
            WF + "manual_cleaning",
            node_uuid=node["uuid"],
            clean_steps=[{"step": "no_such_step", "interface": "deploy"}],
            queue_name=queue,
        )
    cleaned = undercloud.ironic.node.get(node["uuid"])
    assert cleaned.provision_state == "clean failed"


@pytest.mark.usefixtures("nodes")
def test_nodes_follow_the_list(undercloud: Client) -> None:
    machines = [machine(1), machine(2, cpu=4)]
    register(undercloud, nodes_json=machines, initial_state="enroll")
    machines = [
        machine(1),
        machine(2, cpu=8, resource_class="large"),
        {
            "pm_type": "redfish",
            "name": "test-nodes-3",
            "pm_addr": "http://127.0.0.1:9",
            "pm_user": "root",
            "pm_password": PASSWORD,
            "pm_system_id": "/redfish/v1/Systems/1",
        },
    ]
    planned = register(undercloud, nodes_json=machines, dry_run=True)
    (change,) = planned["updated"]
    assert {each["path"] for each in change["changes"]} == {
        "/properties/cpus",
        "/resource_class",
    }
    register(undercloud, nodes_json=machines[2:], initial_state="enroll")
    register(undercloud, nodes_json=machines[:2])
    states = {
        node.name: node.provision_state
        for node in undercloud.ironic.node.list(limit=0)
    }
    assert states["test-nodes-1"] == states["test-nodes-2"] == "manageable"
    second = undercloud.ironic.node.get("test-nodes-2")
    assert str(second.properties["cpus"]) == "8"
    third = undercloud.ironic.node.get("test-nodes-3")
    with pytest.raises(errors.ActionFailed, match="did not become available"):
        undercloud.run_workflow(
            WF + "provide",
            node_uuids=[third.uuid],
            queue_name=plans.new_name(),
        )
    told = register(
        undercloud, nodes_json=machines[2:], initial_state="enroll"
    )
    assert told["unchanged"][0]["uuid"] == third.uuid
    machines[2]["pm_password"] = PASSWORD + "2"
    told = register(
        undercloud, nodes_json=machines[2:], initial_state="enroll"
    )
    (change,) = told["updated"]
    assert [each["path"] for each in change["changes"]] == [
        "/driver_info/redfish_password"
    ]
    assert PASSWORD not in json.dumps(told)


@pytest.mark.usefixtures("nodes")
def test_a_list_that_is_wrong_changes_nothing(undercloud: Client) -> None:
    machines = [machine(1), machine(1, name="other"), {"pm_type": "ilo"}]
    with pytest.raises(errors.ActionFailed) as caught:
        register(undercloud, nodes_json=machines)
    for said in (
        "node 1 (other): MAC address 52:54:00:0e:00:01 is that of node 0",
        "node 2: pm_addr: missing",
    ):
        assert said in str(caught.value)
    names = [node.name for node in undercloud.ironic.node.list(limit=0)]
    assert "test-nodes-1" not in names
