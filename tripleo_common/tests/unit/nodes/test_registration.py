from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from tripleo_common import errors
from tripleo_common.nodes import fingerprints, registration

OLD = "11111111-1111-1111-1111-111111111111"
OTHER = "22222222-2222-2222-2222-222222222222"
MAC = "52:54:00:00:00:{:02x}"
DOWN = errors.ServiceUnreachable("Ironic", "it", "refused", "Wait.")
LOCKED = errors.ResourceConflict("Ironic", "it", "locked", "Wait.", 409)


def machine(number: int, **more):
    return {
        "pm_type": "ipmi",
        "pm_addr": f"192.0.2.{number}",
        "pm_user": "root",
        "pm_password": "s3cret-of-bmc",
        "mac": [MAC.format(number).upper()],
        "name": f"node-{number}",
        "cpu": "4",
        "capabilities": {"b": "2", "a": 1},
        **more,
    }


def register(cloud, nodes, **options):
    return registration.register(cloud, nodes, registration.Options(**options))


def test_a_new_machine_takes_two_requests(cloud, ironic):
    told = register(cloud, [machine(1)], boot_option="local")
    (node,) = ironic.nodes.values()
    (port,) = ironic.ports.values()
    assert (node["driver"], node["name"]) == ("ipmi", "node-1")
    assert node["driver_info"] == {
        "ipmi_address": "192.0.2.1",
        "ipmi_username": "root",
        "ipmi_password": "s3cret-of-bmc",
    }
    assert node["properties"] == {
        "cpus": "4",
        "capabilities": "a:1,b:2,boot_option:local",
    }
    assert port["address"] == MAC.format(1)
    assert port["node_uuid"] == node["uuid"]
    assert [each["uuid"] for each in told["new_nodes"]] == [node["uuid"]]
    assert told["registered_nodes"] == told["new_nodes"]
    assert told["created"] == [
        {"node": 0, "uuid": node["uuid"], "name": "node-1"}
    ]
    assert ironic.requests == {
        "GET drivers": 1,
        "GET nodes": 1,
        "GET ports": 1,
        "POST node": 1,
        "POST port": 1,
    }
    assert "s3cret" not in json.dumps(told)


def test_nothing_is_sent_for_what_is_as_it_should_be(cloud, ironic):
    nodes = [machine(number) for number in range(1, 21)]
    register(cloud, nodes)
    ironic.requests.clear()
    told = register(cloud, nodes)
    assert len(told["unchanged"]) == 20
    assert told["updated"] == told["created"] == told["new_nodes"] == []
    assert len(told["registered_nodes"]) == 20
    assert ironic.requests.total() == 3


def test_what_differs_is_sent_and_nothing_else(cloud, ironic):
    register(cloud, [machine(1)])
    (node,) = ironic.nodes.values()
    node["properties"]["capabilities"] += ",profile:compute"
    node["properties"]["memory_mb"] = 7
    told = register(
        cloud,
        [
            machine(
                1,
                cpu=8,
                capabilities="a:3",
                ports=[{"address": MAC.format(9)}],
                power_interface="fake",
            )
        ],
    )
    (entry,) = told["updated"]
    assert {each["path"]: each["new"] for each in entry["changes"]} == {
        "/properties/cpus": 8,
        "/properties/capabilities": "a:3,b:2,profile:compute",
        "/power_interface": "fake",
        f"/ports/{MAC.format(9)}": {"address": MAC.format(9)},
    }
    assert node["properties"]["memory_mb"] == 7
    assert ironic.requests["PATCH node"] == 1
    assert len(ironic.ports) == 2


def test_another_password_is_noticed_and_not_told(cloud, ironic):
    register(cloud, [machine(1)])
    told = register(cloud, [machine(1, pm_password="s3cret-two")])
    (node,) = ironic.nodes.values()
    assert node["driver_info"]["ipmi_password"] == "s3cret-two"
    (entry,) = told["updated"]
    assert entry["changes"] == [
        {"path": "/driver_info/ipmi_password", "old": "***", "new": "***"}
    ]
    assert "s3cret" not in json.dumps(told)


def test_a_fingerprint_needs_the_key_that_swift_has(cloud, ironic):
    register(cloud, [machine(1), machine(2)])
    first, second = ironic.nodes.values()
    made = first["extra"][fingerprints.NAME]
    assert made != second["extra"][fingerprints.NAME]
    cloud.object_store.headers[fingerprints.CONTAINER].clear()
    told = register(cloud, [machine(1)])
    assert len(told["updated"]) == 1
    assert first["extra"][fingerprints.NAME] != made


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        ({}, {"uuid": OLD.upper(), "mac": [], "pm_addr": "192.0.2.9"}),
        ({"macs": [MAC.format(1)]}, {}),
        ({"driver": "ipmi", "driver_info": {"ipmi_address": "192.0.2.1"}}, {}),
        ({"extra": {"tripleo_macs": [MAC.format(1)]}}, {}),
    ],
    ids=["uuid", "mac", "bmc", "mac of one that has no port yet"],
)
def test_a_machine_is_the_node_of_its(cloud, ironic, there, asked):
    ironic.add(OLD, *there.pop("macs", []), **there)
    told = register(cloud, [machine(1, **asked)])
    assert told["updated"][0]["uuid"] == OLD
    assert list(ironic.nodes) == [OLD]
    assert ironic.nodes[OLD]["driver"] == "ipmi"


def test_one_without_anything_else_is_known_by_its_name(cloud, ironic):
    ironic.add(OLD, name="virtual")
    told = register(cloud, [{"pm_type": "fake-hardware", "name": "virtual"}])
    assert told["unchanged"] == [{"node": 0, "uuid": OLD, "name": "virtual"}]


def test_systems_of_one_bmc_are_several_machines(cloud, ironic):
    nodes = [
        {
            "pm_type": "redfish",
            "pm_addr": "https://192.0.2.1",
            "pm_system_id": f"/redfish/v1/Systems/{number}",
        }
        for number in (1, 2)
    ]
    register(cloud, nodes)
    told = register(cloud, nodes[::-1])
    assert len(ironic.nodes) == len(told["unchanged"]) == 2


def test_what_cannot_be_matched_is_told_and_nothing_changed(cloud, ironic):
    ironic.add(OLD, MAC.format(1), name="node-3")
    ironic.add(
        OTHER,
        driver="ipmi",
        driver_info={"ipmi_address": "192.0.2.1"},
        provision_state="active",
    )
    nodes = [
        machine(1),
        machine(3),
        {"pm_type": "ilo", "pm_addr": "a", "pm_user": "u", "pm_password": "p"},
        {"pm_type": "redfish", "pm_addr": "b", "uuid": OTHER},
        {"pm_type": "fake-hardware", "mac": [MAC.format(1)]},
        {"pm_type": "fake-hardware", "uuid": OLD},
    ]
    nodes.pop(4)
    with pytest.raises(errors.InvalidNodes) as caught:
        register(cloud, nodes)
    told = "\n".join(caught.value.problems)
    by = f"by MAC {MAC.format(1)}: {OLD}; BMC: {OTHER}"
    assert f"node 0 (node-1): it is several nodes of Ironic, {by}" in told
    assert (
        f"node 1 (node-3): name: node-3 is the name of the node {OLD}" in told
    )
    assert "node 2: pm_type: Ironic has no hardware type ilo" in told
    assert "or use pm_type redfish" in told
    assert f"node 3: the node {OTHER} is active, so its driver cannot" in told
    assert not {"POST node", "PATCH node"} & ironic.requests.keys()


def test_two_machines_that_are_one_node_are_told(cloud, ironic):
    ironic.add(OLD, MAC.format(1), MAC.format(2))
    nodes = [
        {"pm_type": "fake-hardware", "mac": [MAC.format(n)]} for n in (1, 2)
    ]
    with pytest.raises(errors.InvalidNodes, match="as is node 0"):
        register(cloud, nodes)


def test_what_fails_is_told_and_the_rest_goes_on(cloud, ironic):
    ironic.fails = {"node-2": LOCKED, MAC.format(3): LOCKED}
    nodes = [machine(number) for number in (1, 2, 3, 4)]
    told = register(cloud, nodes)
    assert [each["node"] for each in told["created"]] == [0, 3]
    failed = {each["node"]: each["error"] for each in told["failed"]}
    assert failed == {1: str(LOCKED), 2: str(LOCKED)}
    ironic.fails.clear()
    told = register(cloud, nodes)
    assert [each["node"] for each in told["created"]] == [1]
    assert [each["node"] for each in told["updated"]] == [2]
    assert len(ironic.nodes) == len(ironic.ports) == 4


def test_the_repeat_completes_what_an_outage_left(cloud, ironic, options):
    options("ironic_connections", 1)
    ironic.fails = {MAC.format(5): DOWN}
    nodes = [
        machine(n) | {"pm_type": "fake-hardware", "name": None}
        for n in range(1, 11)
    ]
    told = register(cloud, nodes)
    assert len(told["created"]) == 4
    assert len(told["failed"]) == 6
    assert told["failed"][1]["error"].startswith("Not tried")
    assert ironic.requests["POST node"] == 5
    ironic.fails.clear()
    told = register(cloud, nodes)
    assert len(told["unchanged"]) == 4
    assert len(told["updated"]) == 1
    assert len(told["created"]) == 5
    assert len(ironic.nodes) == len(ironic.ports) == 10


def test_a_dry_run_tells_the_difference_and_sends_nothing(cloud, ironic):
    ironic.add(OLD, MAC.format(1))
    ironic.add(OTHER)
    node = {"pm_type": "fake-hardware", "mac": [MAC.format(1)], "cpu": 8}
    told = register(cloud, [node, machine(2)], dry_run=True, remove=True)
    assert told["updated"][0]["changes"] == [
        {"path": "/properties/cpus", "old": None, "new": 8}
    ]
    assert told["created"] == [
        {
            "node": 1,
            "uuid": None,
            "name": "node-2",
            "driver": "ipmi",
            "ports": [MAC.format(2)],
        }
    ]
    assert told["removed"] == [{"uuid": OTHER}]
    assert set(ironic.requests) == {"GET drivers", "GET nodes", "GET ports"}
    assert not cloud.object_store.containers


IN_USE = {
    "active": {"provision_state": "active"},
    "instance": {"instance_uuid": "i"},
    "maintenance": {"maintenance": True, "maintenance_reason": "fan"},
    "locked": {"reservation": "host"},
    "protected": {"protected": True},
}


def test_only_free_nodes_are_removed(cloud, ironic):
    for uuid, more in IN_USE.items():
        ironic.add(uuid, **more)
    ironic.add("free", provision_state="available")
    told = register(cloud, [machine(1)], remove=True)
    assert told["removed"] == [{"uuid": "free"}]
    assert {each["uuid"]: each["error"] for each in told["kept"]} == {
        "active": "It is active.",
        "instance": "It is used by the instance i.",
        "maintenance": "It is in maintenance: fan.",
        "locked": "It is locked by host.",
        "protected": "It is protected.",
    }
    assert len(ironic.nodes) == 6


def test_force_removes_what_is_in_use(cloud, ironic):
    for uuid, more in IN_USE.items():
        ironic.add(uuid, **more)
    ironic.fails = {"locked": LOCKED}
    told = register(cloud, [machine(1)], remove=True, force=True)
    assert told["kept"] == [{"uuid": "locked", "error": str(LOCKED)}]
    assert len(told["removed"]) == 4
    assert "active" in ironic.deleted_in_maintenance


@pytest.mark.parametrize(
    ("given", "found", "text"),
    [
        ("kernel", ["id-1"], ""),
        ("id-1", [], ""),
        ("file:///kernel", [], ""),
        ("kernel", ["id-1", "id-2"], "several images 'kernel'"),
        ("other", [], "no image 'other', by name or by id"),
    ],
)
def test_the_kernel_is_an_image_or_a_url(cloud, ironic, given, found, text):
    def get(name):
        if name != "id-1":
            raise errors.ResourceNotFound("Glance", name, "404", "", 404)
        return SimpleNamespace(id=name)

    images = SimpleNamespace(
        list=lambda filters, limit: [SimpleNamespace(id=i) for i in found],
        get=get,
    )
    cloud.image = SimpleNamespace(images=images)
    if text:
        with pytest.raises(errors.TripleOError, match=text):
            register(cloud, [machine(1)], kernel=given)
        return
    register(cloud, [machine(1, ramdisk_id="own")], kernel=given)
    (node,) = ironic.nodes.values()
    kernel = given if "://" in given else "id-1"
    assert node["driver_info"]["deploy_kernel"] == kernel
    assert node["driver_info"]["rescue_ramdisk"] == "own"
