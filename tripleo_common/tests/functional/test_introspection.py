"""Nodes that boot a ramdisk, and tell the real Ironic what is in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tripleo_common.tests.functional import plans
from tripleo_common.tests.functional.nodes import WF, registered
from tripleo_common.tests.functional.simulated_ramdisk import (
    INTERFACES,
    Machines,
)
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

#: Of ten nodes, of which no more than two are on their way with these.
SILENT = 3
AT_ONCE = 5
#: Ten times what such a node needs.
NODE_TIMEOUT = 45


def properties(client: Client, uuid: str) -> dict[str, Any]:
    found: dict[str, Any] = client.ironic.node.get(uuid).properties
    return found


def test_three_of_ten_nodes_stay_silent(undercloud: Client) -> None:
    with (
        registered(undercloud, 10, **INTERFACES) as uuids,
        Machines(undercloud).running() as machines,
    ):
        silent = uuids[-SILENT:]
        for uuid in silent:
            machines.of(uuid).boots = False
        _seven_are_done(undercloud, [*silent, *uuids[:-SILENT]], silent)
        for uuid in silent:
            machines.of(uuid).boots = True
        told = undercloud.run_workflow(
            WF + "introspect_manageable_nodes", queue_name=plans.new_name()
        )
        assert set(told["introspected_nodes"]) == set(uuids)
        assert machines.of(silent[0]).boots_seen == 2
        _root_devices(undercloud, uuids[0])
        machines.of(uuids[0]).error = "the disks are gone"
        with pytest.raises(errors.ActionFailed, match="the disks are gone"):
            undercloud.run_workflow(
                WF + "_introspect",
                node_uuid=uuids[0],
                queue_name=plans.new_name(),
            )
        _matches(undercloud, uuids[:2])


def _seven_are_done(
    undercloud: Client, uuids: list[str], silent: list[str]
) -> None:
    queue = plans.new_name()
    execution = undercloud.start_workflow(
        WF + "introspect",
        nodes_uuids=uuids,
        concurrency=AT_ONCE,
        node_timeout=NODE_TIMEOUT,
        max_retry_attempts=0,
        queue_name=queue,
    )
    state, output = undercloud.wait_for_execution(execution)
    assert state == "ERROR"
    nodes = output["introspected_nodes"]
    errors_told = {u: n["error"] for u, n in nodes.items() if n["error"]}
    assert set(errors_told) == set(silent)
    assert set(nodes) == set(uuids)
    assert output["failed_introspection"] == silent
    late = f"was not introspected. It was not done after {NODE_TIMEOUT} sec"
    assert all(late in text for text in output["message"])
    assert len(output["message"]) == SILENT
    (body,) = undercloud.messages(queue)
    assert body["payload"]["introspected_nodes"] == nodes
    found = undercloud.ironic.node.list(limit=0, provision_state="manageable")
    assert set(uuids) <= {node.uuid for node in found}
    done = properties(undercloud, uuids[-1])
    assert (done["memory_mb"], done["cpus"], done["local_gb"]) == (8192, 4, 39)
    assert "boot_mode:uefi" in done["capabilities"]


def _root_devices(undercloud: Client, uuid: str) -> None:
    def configure(**inputs: Any) -> tuple[Any, Any]:
        undercloud.run_action(
            "tripleo.baremetal.configure_root_device", node_uuid=uuid, **inputs
        )
        found = properties(undercloud, uuid)
        return found.get("root_device"), found["local_gb"]

    hint = "wwn_with_extension"
    largest = {hint: "0x5001438000000001"}, 499
    smallest = {hint: "0x5001438000000002"}, 39
    assert configure() == (None, 39)
    assert configure(root_device="largest") == largest
    assert configure(root_device="smallest") == largest
    assert configure(root_device="smallest", overwrite=True) == smallest
    named = configure(
        root_device="vda,sdb,sda", minimum_size=100, overwrite=True
    )
    assert named == largest
    with pytest.raises(errors.ActionFailed, match="of 60 GiB, /dev/sdb of"):
        configure(root_device="vda", overwrite=True)
    undercloud.run_workflow(
        WF + "introspect", node_uuids=[uuid], queue_name=plans.new_name()
    )
    assert properties(undercloud, uuid)["local_gb"] == 499


def _matches(undercloud: Client, uuids: list[str]) -> None:
    queue = plans.new_name()
    for number, uuid in enumerate(uuids):
        hints = {"profile": "control", "node": f"controller-{number}"}
        for name, value in hints.items():
            undercloud.run_action(
                "tripleo.baremetal.update_node_capability",
                node_uuid=uuid,
                capability=name,
                value=value,
            )
    undercloud.run_workflow(WF + "provide", node_uuids=uuids, queue_name=queue)

    def found(workflow: str, **inputs: str) -> set[str]:
        told = undercloud.run_workflow(
            WF + workflow, queue_name=plans.new_name(), **inputs
        )
        return set(told["matching_nodes"]) & set(uuids)

    assert found("nodes_with_profile", profile="control") == set(uuids)
    assert found("nodes_with_profile", profile="compute") == set()
    regex = "^controller-1$"
    assert found("nodes_with_hint", hint_regex=regex) == {uuids[1]}
    node = undercloud.ironic.node.get(uuids[1]).to_dict()
    node = json.loads(json.dumps(node, default=str))
    told = undercloud.run_action("tripleo.baremetal.get_node_hint", node=node)
    assert told == {"uuid": uuids[1], "hint": "controller-1"}
    told = undercloud.run_action("tripleo.baremetal.get_profile", node=node)
    assert told == {"uuid": uuids[1], "profile": "control"}
