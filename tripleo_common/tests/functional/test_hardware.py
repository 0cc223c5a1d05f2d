"""Inspection of nodes: out of band over Redfish, and by ironic-inspector."""

from __future__ import annotations

import contextlib
import json
import threading
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pyghmi.ipmi.bmc
import pytest
import requests

from tripleo_common.tests.functional import nodes, plans, secrets_scan
from tripleo_common.tests.functional.command_line import CommandLine
from tripleo_common.tests.functional.test_undercloud import pids, wait_until
from tripleo_common.undercloud import bmc, services, status
from tripleo_common.undercloud.client import Client

VERSION = "1.95"


@pytest.fixture(scope="module")
def hardware(
    command_line: CommandLine, undercloud: Client
) -> Iterator[Client]:
    """The run's undercloud, with a BMC and ironic-inspector meanwhile."""
    before = pids(command_line.state)
    try:
        command_line.succeed(
            *("up", "--no-plan"),
            *("--services", "+inspector,+bmc", "--bmc-systems", "2"),
        )
        after = pids(command_line.state)
        assert {n: p for n, p in after.items() if n in before} == before
        # Of its own: a token lives as long as the catalog that came with it.
        yield Client(undercloud.paths)
    finally:
        output = command_line.succeed(
            "up", "--no-plan", "--services", ",".join(services.DEFAULT)
        )
        assert "inspector is not wanted: it ends" in output
        assert pids(command_line.state) == before


@contextlib.contextmanager
def node(client: Client, **values: Any) -> Iterator[Any]:
    """A node that goes when the test ends."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    made = client.ironic.node.create(name=name, **values)
    try:
        yield made
    finally:
        client.ironic.node.set_maintenance(made.uuid, True)
        client.ironic.node.delete(made.uuid)


def reach(client: Client, found: Any, target: str, state: str) -> Any:
    """Bring a node to a provision state."""
    client.ironic.node.set_provision_state(found.uuid, target)

    def arrived() -> Any:
        now = client.ironic.node.get(found.uuid)
        assert now.last_error is None, now.last_error
        return now.provision_state == state and now

    return wait_until(f"{state} of a node", arrived, 180)


def test_all_services_are_well(hardware: Client) -> None:
    found = {s.service: s.health for s in status.collect(hardware.paths)}
    assert found == dict.fromkeys(services.BY_NAME, "well")


def test_a_node_is_powered_and_inspected_over_redfish(
    hardware: Client,
) -> None:
    system = bmc.systems(2)[1]
    path = f"/redfish/v1/Systems/{system['uuid']}"
    driver_info = {
        "redfish_address": hardware.url["bmc"],
        "redfish_system_id": path,
        "redfish_username": "admin",
        "redfish_password": "unused",
    }

    with node(
        hardware,
        driver="redfish",
        driver_info=driver_info,
        inspect_interface="redfish",
    ) as made:
        reach(hardware, made, "manage", "manageable")
        for wanted, own in (("on", "On"), ("off", "Off")):
            hardware.ironic.node.set_power_state(made.uuid, wanted)
            wait_until(
                f"power {wanted}",
                lambda wanted=wanted: (
                    hardware.ironic.node.get(made.uuid).power_state
                    == f"power {wanted}"
                ),
                180,
            )
            assert hardware.probe.get("bmc", path)["PowerState"] == own
        inspected = reach(hardware, made, "inspect", "manageable")
        macs = {
            port.address
            for port in hardware.ironic.port.list(node=made.uuid, detail=True)
        }
    assert inspected.properties["memory_mb"] == 16 * 1024
    assert inspected.properties["local_gb"] > 0
    assert inspected.properties["cpu_arch"] == "x86_64"
    assert macs == {card["mac"] for card in system["nics"]}  # type: ignore


@contextlib.contextmanager
def ipmi_bmc(port: int, password: str) -> Iterator[None]:
    """A BMC that speaks IPMI, and takes a password of admin's."""
    bmc = IPMIBMC({"admin": password}, port=port, address="127.0.0.1")
    threading.Thread(target=bmc.listen, daemon=True).start()
    yield


class IPMIBMC(pyghmi.ipmi.bmc.Bmc):  # type: ignore[misc]
    """A machine that is switched on."""

    def get_power_state(self) -> str:
        return "on"


def test_machines_are_discovered_and_enrolled(hardware: Client) -> None:
    """With the passwords in their order, over Redfish and IPMI."""
    password = f"ipmi{uuid.uuid4().hex[:10]}"
    port = urlsplit(hardware.url["bmc"]).port
    assert port is not None
    # TCP's is the emulator's, so nobody else takes UDP's.
    with nodes.removed(hardware), ipmi_bmc(port, password):
        asked = {
            "ip_addresses": "127.0.0.1-127.0.0.1",
            "ports": [f"http:{port}", f"ipmi:{port}"],
            # The emulator takes any, the other one does not.
            "credentials": [["admin", "wrongPassword"], ["admin", password]],
            "queue_name": plans.new_name(),
        }
        told = hardware.run_workflow(nodes.WF + "discover_nodes", **asked)
        comments = [each["_comment"] for each in told["nodes_json"]]
        assert comments[0] == "Its password is that of credentials[0]."
        assert comments[-1] == "Its password is that of credentials[1]."
        assert password not in json.dumps(told)
        told = hardware.run_workflow(
            nodes.WF + "discover_and_enroll_nodes", **asked
        )
        states = [
            (node["driver"], node["provision_state"])
            for node in told["registered_nodes"]
        ]
        assert states == [("redfish", "manageable")] * 2 + [
            ("ipmi", "manageable")
        ]
        # They are nodes by now, so nobody knocks again.
        told = hardware.run_workflow(nodes.WF + "discover_nodes", **asked)
        assert told["nodes_json"] == told["refused"] == []
        candidates = hardware.run_action(
            "tripleo.baremetal.get_candidate_nodes",
            ip_addresses="127.0.0.1",
            ports=[port],
            credentials=[["admin", "a"], ["admin", "b"]],
            existing_nodes=[],
        )
        assert [each["password"] for each in candidates] == ["a", "b"]
        for tried, found in ((password, True), ("wrongPassword", False)):
            node = hardware.run_action(
                "tripleo.baremetal.probe_node",
                ip="127.0.0.1",
                port=f"ipmi:{port}",
                username="admin",
                password=tried,
            )
            assert (node is not None) is found
        leaks = secrets_scan.scan(hardware.paths, {"the BMC's": password}, {})
        # Ironic has to know it; and who asks an action is told by it.
        assert [
            place
            for place in leaks
            if not place.startswith("ironic.nodes.driver_info")
        ] == []


def inventory(mac: str) -> dict[str, Any]:
    """What the ramdisk of a node tells."""
    disk = {"name": "/dev/sda", "size": 64424509440, "model": "QEMU"}
    return {
        "inventory": {
            "interfaces": [
                {
                    "name": "eth0",
                    "mac_address": mac,
                    "ipv4_address": "192.168.24.110",
                    "has_carrier": True,
                    "lldp": None,
                }
            ],
            "cpu": {"count": 4, "architecture": "x86_64", "flags": ["vmx"]},
            "memory": {"physical_mb": 8192, "total": 8589934592},
            "disks": [disk],
            "bmc_address": "192.168.24.200",
            "boot": {"current_boot_mode": "bios", "pxe_interface": mac},
        },
        "boot_interface": f"01-{mac.replace(':', '-')}",
        "root_disk": disk,
    }


def test_inspector_introspects_a_node(hardware: Client) -> None:
    mac = "52:54:00:" + ":".join(f"{b:02x}" for b in uuid.uuid4().bytes[:3])
    address = "/v1/introspection/"

    def told() -> Any:
        return hardware.probe.get("inspector", address + made.uuid)

    with node(hardware, driver="fake-hardware") as made:
        hardware.ironic.port.create(node_uuid=made.uuid, address=mac)
        reach(hardware, made, "manage", "manageable")
        hardware.probe.request("POST", "inspector", address + made.uuid)
        # The ramdisk calls once the node waits for it.
        wait_until("waiting", lambda: told()["state"] == "waiting", 180)
        url = hardware.url["inspector"] + "/v1/continue"
        answer = requests.post(url, json=inventory(mac), timeout=60)
        assert answer.status_code == 200, answer.text
        wait_until("the end", lambda: told()["finished"], 180)
        assert told()["error"] is None
        data = hardware.probe.get("inspector", f"{address}{made.uuid}/data")
        found = hardware.ironic.node.get(made.uuid)
    assert data["cpu_arch"] == "x86_64"
    assert found.properties["memory_mb"] == "8192"
    assert found.properties["cpus"] == "4"
