"""The workflows that register nodes, and move them from state to state."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tripleo_common import errors
from tripleo_common.nodes import waiting
from tripleo_common.tests.unit.fake_ironic import Ironic
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    assert_failed,
    assert_succeeded,
    posted,
    refusing,
)

WF = "tripleo.baremetal.v1."
DOWN = errors.ServiceUnreachable("Ironic", "it", "refused", "Wait.")
LOCKED = errors.ResourceConflict("Ironic", "it", "locked", "Wait.", 409)
PASSWORD = "s3cretOfTheBmc"


@pytest.fixture(autouse=True)
def ironic(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> Ironic:
    """The Ironic of the cloud; nobody waits for it."""
    monkeypatch.setattr(waiting, "pause", lambda seconds: None)
    cloud.baremetal = Ironic()
    return cloud.baremetal


def machine(number: int, **more: Any) -> dict[str, Any]:
    return {
        "pm_type": "ipmi",
        "pm_addr": f"192.0.2.{number}",
        "pm_user": "root",
        "pm_password": PASSWORD,
        "mac": [f"52:54:00:00:00:{number:02x}"],
        "name": f"node-{number}",
        **more,
    }


def states(ironic: Ironic) -> set[str]:
    return {node["provision_state"] for node in ironic.nodes.values()}


def test_nodes_are_registered_and_managed(
    engine: Engine,
    cloud: FakeCloud,
    ironic: Ironic,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    nodes = [machine(1), machine(2)]
    execution = engine.run(WF + "register_or_update", nodes_json=nodes)
    assert execution.state == "SUCCESS", execution.state_info
    output = execution.output
    assert output["status"] == "SUCCESS"
    assert output["message"] == "Nodes set to managed."
    assert states(ironic) == {"manageable"}
    for key in ("registered_nodes", "new_nodes"):
        told = [(n["name"], n["provision_state"]) for n in output[key]]
        assert told == [("node-1", "manageable"), ("node-2", "manageable")]
    assert [each["node"] for each in output["created"]] == [0, 1]
    assert output["failed"] == output["updated"] == []
    payload = posted(cloud)["payload"]
    uuids = [node["uuid"] for node in output["registered_nodes"]]
    assert [node["uuid"] for node in payload["registered_nodes"]] == uuids
    assert PASSWORD not in str(output) + str(cloud.messaging.posted)
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize(
    ("initial", "state", "message"),
    [
        ("enroll", "enroll", "Nodes registered."),
        ("available", "available", "Nodes set to available."),
    ],
)
def test_nodes_come_to_the_initial_state(
    engine: Engine, ironic: Ironic, initial: str, state: str, message: str
) -> None:
    execution = engine.run(
        WF + "register_or_update",
        nodes_json=[machine(1)],
        initial_state=initial,
    )
    assert execution.output["message"] == message
    assert states(ironic) == {state}
    (node,) = execution.output["registered_nodes"]
    assert node["provision_state"] == state


def test_nodes_in_use_stay_as_they_are(engine: Engine, ironic: Ironic) -> None:
    nodes = [machine(1)]
    engine.run(WF + "register_or_update", nodes_json=nodes)
    (node,) = ironic.nodes.values()
    node.update(provision_state="active", instance_uuid="i")
    ironic.requests.clear()
    execution = engine.run(WF + "register_or_update", nodes_json=nodes)
    assert execution.output["new_nodes"] == []
    assert len(execution.output["unchanged"]) == 1
    assert execution.ran == ["check", "finish", "register", "succeeded"]
    assert set(ironic.requests) == {"GET drivers", "GET nodes", "GET ports"}


def test_a_dry_run_changes_nothing(engine: Engine, ironic: Ironic) -> None:
    execution = engine.run(
        WF + "register_or_update", nodes_json=[machine(1)], dry_run=True
    )
    assert (
        execution.output["message"] == "Nodes compared; nothing was changed."
    )
    assert len(execution.output["created"]) == 1
    assert not ironic.nodes


def test_a_list_that_is_wrong_changes_nothing(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    nodes = [machine(1), machine(2, pm_type="abacus"), machine(1, cpu="x")]
    execution = engine.run(WF + "register_or_update", nodes_json=nodes)
    assert execution.state == "ERROR"
    message = posted(cloud)["payload"]["message"]
    assert "node 1 (node-2): pm_type: 'abacus' is unknown" in message
    assert "node 2 (node-1): cpu: must be a whole number" in message
    assert "MAC address 52:54:00:00:00:01 is that of node 0" in message
    assert execution.output["registered_nodes"] is None
    assert not ironic.requests
    assert PASSWORD not in str(execution) + str(cloud.messaging.posted)


def test_a_state_that_is_none_is_refused(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    execution = engine.run(
        WF + "register_or_update", nodes_json=[machine(1)], initial_state="x"
    )
    message = posted(cloud)["payload"]["message"]
    assert message.startswith("initial_state must be enroll, manageable or")
    assert execution.state == "ERROR"
    assert not ironic.requests


def test_what_fails_is_told_of_each_node(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    """In the form that the web client reads, and the good ones go on."""
    ironic.fails = {"node-2": LOCKED}
    execution = engine.run(
        WF + "register_or_update", nodes_json=[machine(1), machine(2)]
    )
    assert execution.state == "ERROR"
    message = posted(cloud)["payload"]["message"]
    (failure,) = message["message"]
    assert failure["result"] == f"Node 1 of the list (node-2) failed. {LOCKED}"
    assert execution.output["message"] == message
    (node,) = execution.output["registered_nodes"]
    assert node["provision_state"] == "manageable"
    assert [each["node"] for each in execution.output["failed"]] == [1]


def test_a_silent_bmc_is_told(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    uuid = "11111111-2222-3333-4444-555555555555"
    ironic.ends_in = {uuid: ("enroll", "The BMC is silent.")}
    nodes = [machine(1, uuid=uuid), machine(2)]
    execution = engine.run(
        WF + "register_or_update", nodes_json=nodes, initial_state="available"
    )
    (failure,) = posted(cloud)["payload"]["message"]["message"]
    assert failure["result"] == (
        f"Node {uuid} did not become manageable. It is enroll. The BMC is "
        "silent."
    )
    assert states(ironic) == {"enroll", "available"}
    assert len(execution.output["new_nodes"]) == 2


@pytest.mark.parametrize(
    ("wrong", "nodes", "text"),
    [
        (False, [machine(1)], "The nodes can be registered."),
        (True, [{}], "node 0: pm_type: missing"),
    ],
)
def test_a_list_is_checked_alone(
    engine: Engine,
    cloud: FakeCloud,
    ironic: Ironic,
    wrong: bool,
    nodes: list[Any],
    text: str,
) -> None:
    execution = engine.run(WF + "validate_nodes", nodes_json=nodes)
    message = posted(cloud)["payload"]["message"]
    assert text in message
    check = assert_failed if wrong else assert_succeeded
    check(execution, cloud, WF + "validate_nodes", message)
    assert not ironic.requests


@pytest.mark.parametrize("named", ["node_uuids", "nodes_uuids"])
@pytest.mark.parametrize(
    ("workflow", "before", "after"),
    [
        ("manage", "enroll", "manageable"),
        ("provide", "manageable", "available"),
    ],
)
def test_nodes_are_moved_together(
    engine: Engine,
    cloud: FakeCloud,
    ironic: Ironic,
    workflow: str,
    before: str,
    after: str,
    named: str,
) -> None:
    for uuid in "ab":
        ironic.add(uuid, provision_state=before, power_state="power on")
    execution = engine.run(WF + workflow, **{named: ["a", "b"]})
    message = f'2 node(s) successfully moved to the "{after}" state.'
    assert_succeeded(execution, cloud, WF + workflow, message)
    assert states(ironic) == {after}
    power = {node["power_state"] for node in ironic.nodes.values()}
    assert power == {"power off" if after == "available" else "power on"}


@pytest.mark.parametrize("others", [[], ["b"]])
def test_what_is_not_moved_is_told_as_clients_read_it(
    engine: Engine, cloud: FakeCloud, ironic: Ironic, others: list[str]
) -> None:
    for uuid in ["a", *others]:
        ironic.add(uuid, provision_state="manageable")
    ironic.ends_in = {"a": ("clean failed", "No disk.")}
    execution = engine.run(WF + "provide", node_uuids=["a", *others])
    assert execution.state == "ERROR"
    (failure,) = posted(cloud)["payload"]["message"]
    assert failure == {
        "uuid": "a",
        "result": "Node a did not become available. It is clean failed. No "
        "disk.",
    }
    assert execution.output["message"] == [failure]
    assert states(ironic) == {"clean failed"} | (
        {"available"} if others else set()
    )


def test_a_node_that_stays_on_is_told(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    ironic.add("a", provision_state="manageable", power_state="power on")
    ironic.ends_in = {"power a": ("power on", "No answer.")}
    engine.run(WF + "provide", node_uuids=["a"])
    (failure,) = posted(cloud)["payload"]["message"]
    assert "Its power is power on. No answer." in failure["result"]


def test_without_ironic_there_is_one_text(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    ironic.node.get = refusing(DOWN)
    execution = engine.run(WF + "manage", node_uuids=["a"])
    assert_failed(execution, cloud, WF + "manage", str(DOWN))


def test_no_node_is_told(engine: Engine, cloud: FakeCloud) -> None:
    execution = engine.run(WF + "provide")
    message = posted(cloud)["payload"]["message"]
    assert "nodes_uuids (or node_uuids)" in message
    assert_failed(execution, cloud, WF + "provide", message)


def test_all_manageable_nodes_are_provided(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    ironic.add("a", provision_state="manageable")
    ironic.add("b", provision_state="enroll")
    execution = engine.run(WF + "provide_manageable_nodes")
    message = '1 node(s) successfully moved to the "available" state.'
    assert_succeeded(
        execution, cloud, WF + "provide_manageable_nodes", message
    )
    assert states(ironic) == {"available", "enroll"}


def test_where_none_is_manageable_nothing_is_done(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(WF + "provide_manageable_nodes")
    name = WF + "provide_manageable_nodes"
    assert_succeeded(execution, cloud, name, "No node is manageable.")


@pytest.mark.parametrize(
    ("workflow", "inputs", "end"),
    [
        ("set_node_state", ("manage", "manageable"), ("enroll", "Silent.")),
        ("set_power_state", ("on", "power on"), ("power off", "Silent.")),
    ],
)
def test_one_node_is_moved_or_told(
    engine: Engine,
    cloud: FakeCloud,
    ironic: Ironic,
    workflow: str,
    inputs: tuple[str, str],
    end: tuple[str, str],
) -> None:
    ironic.add("a")
    asked = {
        "node_uuid": "a",
        "state_action": inputs[0],
        "target_state": inputs[1],
    }
    execution = engine.run(WF + workflow, **asked)
    message = f"Node a is {inputs[1]}."
    assert_succeeded(execution, cloud, WF + workflow, message)
    cloud.messaging.posted.clear()
    ironic.add("a")
    ironic.ends_in = {"a": end, "power a": end}
    execution = engine.run(WF + workflow, **asked)
    message = posted(cloud)["payload"]["message"]
    assert message.startswith(f"Node a did not become {inputs[1]}.")
    assert message.endswith("Silent.")
    assert_failed(execution, cloud, WF + workflow, message)


def test_a_node_is_cleaned_or_told(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    steps = [{"step": "erase_devices", "interface": "deploy"}]
    name = WF + "manual_cleaning"
    ironic.add("a", provision_state="manageable")
    execution = engine.run(name, node_uuid="a", clean_steps=steps)
    assert_succeeded(execution, cloud, name, "Node a is clean.")
    assert ironic.requests["PUT provision"] == 1
    cloud.messaging.posted.clear()
    ironic.ends_in = {"a": ("clean failed", "No such step.")}
    execution = engine.run(name, node_uuid="a", clean_steps=steps)
    message = (
        "Node a did not become manageable. It is clean failed. No such step."
    )
    assert_failed(execution, cloud, name, message)


def test_a_lost_message_fails_nothing(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    cloud.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(WF + "register_or_update", nodes_json=[machine(1)])
    assert execution.state == "SUCCESS"
