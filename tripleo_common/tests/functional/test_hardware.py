"""Introspection: out of band over Redfish, and by ironic-inspector."""

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

from tripleo_common.tests.functional import nodes, plans, secrets_scan
from tripleo_common.tests.functional.command_line import CommandLine
from tripleo_common.tests.functional.nodes import WF, registered
from tripleo_common.tests.functional.simulated_ramdisk import (
    INTERFACES,
    Machines,
)
from tripleo_common.tests.functional.test_undercloud import pids, wait_until
from tripleo_common.undercloud import bmc, errors, services, status
from tripleo_common.undercloud.client import Client


@pytest.fixture(scope="module")
def with_bmc(
    command_line: CommandLine, undercloud: Client
) -> Iterator[Client]:
    """The run's undercloud, with a BMC meanwhile."""
    before = pids(command_line.state)
    try:
        yield _with(command_line, undercloud, "+bmc")
    finally:
        output = command_line.succeed(
            "up", "--no-plan", "--services", ",".join(services.DEFAULT)
        )
        assert "bmc is not wanted: it ends" in output
        assert pids(command_line.state) == before


@pytest.fixture(scope="module")
def hardware(command_line: CommandLine, with_bmc: Client) -> Client:
    """The same, with ironic-inspector, too."""
    return _with(command_line, with_bmc, "+bmc,+inspector")


def _with(
    command_line: CommandLine, undercloud: Client, services: str
) -> Client:
    before = pids(command_line.state)
    command_line.succeed(
        *("up", "--no-plan"),
        *("--services", services, "--bmc-systems", "2"),
    )
    after = pids(command_line.state)
    assert {n: p for n, p in after.items() if n in before} == before
    # Of its own: a token lives as long as the catalog that came with it.
    return Client(undercloud.paths)


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


def test_a_node_is_powered_and_introspected_over_redfish(
    with_bmc: Client,
) -> None:
    system = bmc.systems(2)[1]
    path = f"/redfish/v1/Systems/{system['uuid']}"
    driver_info = {
        "redfish_address": with_bmc.url["bmc"],
        "redfish_system_id": path,
        "redfish_username": "admin",
        "redfish_password": "unused",
    }

    with node(
        with_bmc,
        driver="redfish",
        driver_info=driver_info,
        inspect_interface="redfish",
    ) as made:
        reach(with_bmc, made, "manage", "manageable")
        for wanted, own in (("on", "On"), ("off", "Off")):
            with_bmc.ironic.node.set_power_state(made.uuid, wanted)
            wait_until(
                f"power {wanted}",
                lambda wanted=wanted: (
                    with_bmc.ironic.node.get(made.uuid).power_state
                    == f"power {wanted}"
                ),
                180,
            )
            assert with_bmc.probe.get("bmc", path)["PowerState"] == own
        told = with_bmc.run_workflow(
            WF + "introspect",
            node_uuids=[made.uuid],
            queue_name=plans.new_name(),
        )
        assert told["introspected_nodes"][made.uuid]["error"] is None
        inspected = with_bmc.ironic.node.get(made.uuid)
        # The emulator's disks have nothing that tells them apart.
        with pytest.raises(errors.ActionFailed, match="told from others"):
            with_bmc.run_action(
                "tripleo.baremetal.configure_root_device",
                node_uuid=made.uuid,
                root_device="largest",
            )
        macs = {
            port.address
            for port in with_bmc.ironic.port.list(node=made.uuid, detail=True)
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


def test_all_services_are_well(hardware: Client) -> None:
    found = {s.service: s.health for s in status.collect(hardware.paths)}
    assert found == dict.fromkeys(services.BY_NAME, "well")


def test_inspector_introspects_nodes(hardware: Client) -> None:
    """Where the catalog has it, and with the result that Ironic gives."""
    with (
        registered(hardware, 2, **INTERFACES) as uuids,
        Machines(hardware, inspector=True).running() as machines,
    ):
        hint = {"serial": "of no disk that it has"}
        hardware.ironic.node.update(
            uuids[1],
            [{"op": "add", "path": "/properties/root_device", "value": hint}],
        )
        execution = hardware.start_workflow(
            WF + "introspect",
            nodes_uuids=uuids,
            max_retry_attempts=1,
            queue_name=plans.new_name(),
        )
        state, output = hardware.wait_for_execution(execution)
        assert state == "ERROR"
        good, bad = (output["introspected_nodes"][uuid] for uuid in uuids)
        assert (good["error"], good["state"]) == (None, "finished")
        assert good["attempts"] == 1
        assert "root device hints" in bad["error"]
        assert (bad["attempts"], machines.of(uuids[1]).boots_seen) == (2, 2)
        status = hardware.probe.get(
            "inspector", f"/v1/introspection/{uuids[0]}"
        )
        assert status["state"] == "finished"
        hardware.run_action(
            "tripleo.baremetal.configure_root_device",
            node_uuid=uuids[0],
            root_device="largest",
        )
        found = hardware.ironic.node.get(uuids[0])
    assert found.provision_state == "manageable"
    assert found.properties["cpu_arch"] == "x86_64"
    assert found.properties["memory_mb"] == "8192"
    assert found.properties["root_device"] == {
        "wwn_with_extension": "0x5001438000000001"
    }
    assert found.properties["local_gb"] == 499
