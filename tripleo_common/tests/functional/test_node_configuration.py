"""Nodes get BIOS settings, RAID and profiles on the real Ironic."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tripleo_common.tests.functional import nodes, plans
from tripleo_common.tests.functional.simulated_ramdisk import (
    INTERFACES,
    Machines,
)
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

SETTINGS = [{"name": "BootMode", "value": "Uefi"}]
DISKS = {"logical_disks": [{"size_gb": 10, "raid_level": "1"}]}


def run(undercloud: Client, name: str, **inputs: Any) -> dict[str, Any]:
    return undercloud.run_workflow(
        nodes.WF + name, queue_name=plans.new_name(), **inputs
    )


def settings_of(undercloud: Client, uuid: str) -> dict[str, str]:
    told = undercloud.ironic.node.list_bios_settings(uuid)
    return {each["name"]: each["value"] for each in told}


def test_bios_settings_and_raid(undercloud: Client) -> None:
    with nodes.registered(undercloud, 3) as (first, second, third):
        told = run(
            undercloud,
            "apply_bios_settings",
            nodes_uuids=[first, second],
            settings=SETTINGS,
            concurrency=1,
        )
        assert told["applied_nodes"] == [first, second]
        assert settings_of(undercloud, second) == {"BootMode": "Uefi"}
        run(undercloud, "reset_bios_settings", node_uuids=[first])
        assert settings_of(undercloud, first) == {}
        # The hardware type for no hardware has a RAID, but no steps for it.
        with pytest.raises(errors.ActionFailed) as caught:
            run(
                undercloud,
                "create_raid_configuration",
                node_uuids=[third],
                configuration=DISKS,
            )
        assert "node does not support this clean step" in str(caught.value)
        node = undercloud.ironic.node.get(third)
        assert node.target_raid_config == DISKS
        # What failed has to be managed again, and is left alone.
        found = undercloud.run_action(
            "tripleo.baremetal.find_nodes", provision_state="manageable"
        )
        assert third not in found
        told = run(undercloud, "reset_bios_settings_on_manageable_nodes")
        assert {first, second} <= set(told["reset_nodes"])
        assert settings_of(undercloud, second) == {}


def test_disks_are_erased(undercloud: Client) -> None:
    """With both commands of the specification, by the agent's ramdisk."""
    with (
        nodes.registered(undercloud, 2, **INTERFACES) as uuids,
        Machines(undercloud).running() as machines,
    ):
        first, second = (machines.of(uuid) for uuid in uuids)
        for step in ("erase_devices_metadata", "erase_devices"):
            told = run(
                undercloud,
                "manual_cleaning",
                node_uuid=uuids[0],
                clean_steps=[{"step": step, "interface": "deploy"}],
            )
            assert told["message"] == f"Node {uuids[0]} is clean."
        assert first.steps == ["erase_devices_metadata", "erase_devices"]
        second.failing_steps["erase_devices_metadata"] = "the disk is bad"
        with pytest.raises(errors.ActionFailed, match="the disk is bad"):
            run(undercloud, "clean_nodes", node_uuids=uuids, concurrency=1)
        states = [
            undercloud.ironic.node.get(uuid).provision_state for uuid in uuids
        ]
        assert states == ["manageable", "clean failed"]
        assert first.steps.count("erase_devices_metadata") == 2


def test_profiles_set_the_count_of_a_role(undercloud: Client) -> None:
    with (
        plans.small(undercloud) as plan,
        nodes.registered(undercloud, 3) as (first, second, third),
    ):
        run(undercloud, "tag_node", node_uuid=third, role="compute")
        run(
            undercloud,
            "tag_nodes",
            tag_node_uuids=[first, second],
            untag_node_uuids=[third],
            role="compute",
            plan=plan,
        )
        variables = undercloud.mistral.environments.get(plan).variables
        assert variables["parameter_defaults"]["ComputeCount"] == 2
        assert nodes.capabilities(undercloud, third) == "boot_option:local"
        with pytest.raises(errors.ActionFailed, match="There are no cells"):
            run(undercloud, "cellv2_discovery", node_uuids=[first])
        told = undercloud.run_action(
            "tripleo.baremetal.update_node_capability",
            node_uuid=first,
            capability="profile",
            value=None,
        )
        assert told["properties"]["capabilities"] == "boot_option:local"
        assert nodes.PASSWORD not in json.dumps(told)
