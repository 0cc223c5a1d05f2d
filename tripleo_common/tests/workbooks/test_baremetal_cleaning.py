"""The workflows that clean nodes: disks, RAID, BIOS settings."""

from __future__ import annotations

from typing import Any

import pytest

from tripleo_common.nodes import cleaning, waiting
from tripleo_common.tests.unit.fake_ironic import Ironic
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    assert_told,
    posted,
)

WF = "tripleo.baremetal.v1."
SETTINGS = [{"name": "BootMode", "value": "Uefi"}]
DISKS = {"logical_disks": [{"size_gb": 10, "raid_level": "1"}]}
APPLY = [
    {
        "interface": "bios",
        "step": "apply_configuration",
        "args": {"settings": SETTINGS},
    }
]
#: By workflow: its inputs, the steps, the result's key, and the message.
CASES: dict[str, tuple[dict[str, Any], Any, str, str]] = {
    "clean_nodes": (
        {},
        cleaning.ERASE_METADATA,
        "cleaned_nodes",
        "2 node(s) cleaned.",
    ),
    "create_raid_configuration": (
        {"configuration": DISKS},
        cleaning.RAID,
        "configured_nodes",
        "2 node(s) have their RAID.",
    ),
    "apply_bios_settings": (
        {"settings": SETTINGS},
        APPLY,
        "applied_nodes",
        "2 node(s) have the BIOS settings.",
    ),
    "reset_bios_settings": (
        {},
        cleaning.RESET_BIOS,
        "reset_nodes",
        "2 node(s) have the BIOS of the factory.",
    ),
}
OF_ALL = {
    "clean_manageable_nodes": "clean_nodes",
    "apply_bios_settings_on_manageable_nodes": "apply_bios_settings",
    "reset_bios_settings_on_manageable_nodes": "reset_bios_settings",
}


@pytest.fixture(autouse=True)
def ironic(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> Ironic:
    """The Ironic of the cloud; nobody waits for it."""
    monkeypatch.setattr(waiting, "pause", lambda seconds: None)
    cloud.baremetal = Ironic()
    for uuid in "ab":
        cloud.baremetal.add(uuid, provision_state="manageable")
    return cloud.baremetal


@pytest.mark.parametrize("named", ["node_uuids", "nodes_uuids"])
@pytest.mark.parametrize("name", CASES)
def test_nodes_are_cleaned(
    engine: Engine, cloud: FakeCloud, ironic: Ironic, name: str, named: str
) -> None:
    inputs, steps, key, message = CASES[name]
    execution = engine.run(WF + name, **inputs, **{named: ["a", "b"]})
    assert execution.state == "SUCCESS", execution.state_info
    assert execution.output["message"] == message
    assert execution.output[key] == ["a", "b"]
    assert_told(execution, cloud, WF + name, "SUCCESS", message)
    assert posted(cloud)["payload"][key] == ["a", "b"]
    assert [sent[0] for sent in ironic.sent] == ["a", "b"]
    assert all(sent[2]["cleansteps"] == steps for sent in ironic.sent)


@pytest.mark.parametrize("name", OF_ALL)
def test_all_manageable_nodes_are_cleaned(
    engine: Engine, cloud: FakeCloud, ironic: Ironic, name: str
) -> None:
    ironic.add("c", provision_state="active")
    inputs, _, key, message = CASES[OF_ALL[name]]
    execution = engine.run(WF + name, **inputs)
    assert execution.state == "SUCCESS", execution.state_info
    assert execution.output["message"] == message
    assert execution.output[key] == ["a", "b"]
    assert_told(execution, cloud, WF + name, "SUCCESS", message)
    assert posted(cloud)["payload"][key] == ["a", "b"]
    assert ironic.nodes["c"]["provision_state"] == "active"
    cloud.messaging.posted.clear()
    ironic.nodes.clear()
    execution = engine.run(WF + name, **inputs)
    assert execution.state == "SUCCESS"
    message = posted(cloud)["payload"]["message"]
    assert message == "No node is manageable."


@pytest.mark.parametrize("name", [*CASES, *OF_ALL])
def test_what_fails_is_told_of_each_node(
    engine: Engine, cloud: FakeCloud, ironic: Ironic, name: str
) -> None:
    ironic.ends_in = {"a": ("clean failed", "No such step.")}
    inputs, _, key, _ = CASES[OF_ALL.get(name, name)]
    named = {} if name in OF_ALL else {"node_uuids": ["a", "b"]}
    execution = engine.run(WF + name, **inputs, **named)
    assert execution.state == "ERROR"
    (failure,) = posted(cloud)["payload"]["message"]
    assert failure["uuid"] == "a"
    assert failure["result"].endswith("It is clean failed. No such step.")
    assert execution.output["message"] == [failure]
    assert execution.output[key] == ["b"]
    assert failure["result"] in execution.state_info


def test_settings_have_two_names(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    told = {"settings": SETTINGS}
    name = WF + "apply_bios_settings"
    engine.run(name, node_uuids=["a"], configuration=told)
    assert ironic.sent[0][2]["cleansteps"] == APPLY
    cloud.messaging.posted.clear()
    execution = engine.run(name, node_uuids=["b"])
    message = posted(cloud)["payload"]["message"]
    assert "name and value" in message
    assert_told(execution, cloud, name, "FAILED", message)
    assert len(ironic.sent) == 1
