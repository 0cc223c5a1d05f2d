"""The workflows that introspect nodes, and that find them by their hints."""

from __future__ import annotations

from typing import Any

import pytest

from tripleo_common import errors
from tripleo_common.nodes import waiting
from tripleo_common.tests.unit.fake_inspector import Inspector
from tripleo_common.tests.unit.fake_ironic import Ironic
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks import validations
from tripleo_common.tests.workbooks.engine import Engine, Execution
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    posted,
    refusing,
)
from tripleo_common.validations import playbooks

WF = "tripleo.baremetal.v1."
DOWN = errors.ServiceUnreachable("Ironic", "it", "refused", "Wait.")


@pytest.fixture(autouse=True)
def ironic(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> Ironic:
    """The Ironic of the cloud; nobody waits for it."""
    monkeypatch.setattr(waiting, "pause", lambda seconds: None)
    cloud.baremetal = Ironic()
    for uuid in "abc":
        cloud.baremetal.add(uuid, provision_state="manageable")
    return cloud.baremetal


def told(execution: Execution, cloud: FakeCloud, workflow: str) -> Any:
    """What the one message tells, which the output tells as well."""
    body = posted(cloud)
    payload = body["payload"]
    assert body["type"] == WF + workflow
    assert execution.state == {"SUCCESS": "SUCCESS", "FAILED": "ERROR"}.get(
        payload["status"]
    ), execution.state_info
    for key, value in execution.output.items():
        if key != "result":
            assert payload[key] == value, key
    return payload


@pytest.mark.parametrize("named", ["node_uuids", "nodes_uuids"])
@pytest.mark.parametrize("by_inspector", [True, False])
def test_nodes_are_introspected(
    engine: Engine,
    cloud: FakeCloud,
    ironic: Ironic,
    named: str,
    by_inspector: bool,
) -> None:
    """The same, whoever does it."""
    if by_inspector:
        cloud.catalog = {*cloud.catalog, "baremetal-introspection"}
        cloud.introspection = Inspector()
    execution = engine.run(WF + "introspect", **{named: ["a", "b"]})
    payload = told(execution, cloud, "introspect")
    assert payload["message"] == "Successfully introspected 2 node(s)."
    nodes = payload["introspected_nodes"]
    assert {uuid: node["error"] for uuid, node in nodes.items()} == {
        "a": None,
        "b": None,
    }
    assert payload["failed_introspection"] == []
    assert ironic.requests["PUT provision"] == (0 if by_inspector else 2)


def test_what_failed_is_told_as_clients_read_it(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    """A list of texts, and the nodes even so."""
    ironic.ends_in = {"b": ("inspect failed", "No disk.")}
    execution = engine.run(
        WF + "introspect", node_uuids=["a", "b", "d"], max_retry_attempts=1
    )
    payload = told(execution, cloud, "introspect")
    texts = [
        "Node b was not introspected. It is inspect failed. No disk.",
        "Node d was not introspected. Ironic has no such node.",
    ]
    assert payload["message"] == texts
    assert execution.state_info == " ".join(texts)
    nodes = payload["introspected_nodes"]
    assert nodes["a"]["error"] is None
    assert nodes["b"]["error"] == "It is inspect failed. No disk."
    assert nodes["b"]["attempts"] == 2
    assert payload["failed_introspection"] == ["b", "d"]


def test_all_manageable_nodes_are_introspected(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    ironic.add("d", provision_state="active")
    execution = engine.run(WF + "introspect_manageable_nodes")
    payload = told(execution, cloud, "introspect_manageable_nodes")
    assert sorted(payload["introspected_nodes"]) == ["a", "b", "c"]


def test_where_none_is_manageable_that_is_told(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    ironic.nodes.clear()
    execution = engine.run(WF + "introspect_manageable_nodes")
    payload = told(execution, cloud, "introspect_manageable_nodes")
    assert payload["message"].startswith("No node is manageable, so none ")
    assert payload["introspected_nodes"] == {}


EACH = pytest.mark.parametrize(
    ("workflow", "inputs"),
    [
        ("introspect", {"node_uuids": ["a", "b", "c"]}),
        ("introspect_manageable_nodes", {}),
    ],
)


@EACH
def test_what_passes_validations_is_introspected(
    engine: Engine,
    cloud: FakeCloud,
    ran: list[Any],
    workflow: str,
    inputs: dict[str, Any],
) -> None:
    execution = engine.run(WF + workflow, run_validations=True, **inputs)
    assert execution.state == "SUCCESS", execution.state_info
    assert [job["playbook"] for job in ran] == ["good.yaml"]
    ((_, body),) = of_type(cloud, WF + workflow)
    assert sorted(body["payload"]["introspected_nodes"]) == ["a", "b", "c"]


@EACH
def test_what_fails_validations_is_not_introspected(
    engine: Engine,
    cloud: FakeCloud,
    ironic: Ironic,
    ran: list[Any],
    workflow: str,
    inputs: dict[str, Any],
) -> None:
    bad = validations.PLAYBOOK.format("pre-introspection").encode()
    stored = cloud.object_store.containers[playbooks.CONTAINER]
    stored["bad.yaml"] = (bad, "text/plain")
    execution = engine.run(WF + workflow, run_validations=True, **inputs)
    text = f"No node was introspected. {validations.FAILED}"
    assert (execution.state, execution.state_info) == ("ERROR", text)
    ((_, body),) = of_type(cloud, WF + workflow)
    assert body["payload"]["status"] == "FAILED"
    assert body["payload"]["message"] == text
    assert body["payload"]["introspected_nodes"] == {}
    assert not ironic.requests


def of_type(cloud: FakeCloud, kind: str) -> list[Any]:
    """The messages of one workflow, among those that it started."""
    return [
        (queue, body)
        for queue, body in cloud.messaging.posted
        if body["type"] == kind
    ]


def test_one_node_is_introspected_or_told(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    execution = engine.run(WF + "_introspect", node_uuid="a", timeout=60)
    payload = told(execution, cloud, "_introspect")
    assert payload["message"] == "Node a was introspected."
    assert payload["node_uuid"] == "a"
    assert payload["introspected_node"]["error"] is None
    cloud.messaging.posted.clear()
    ironic.ends_in = {"b": ("inspect failed", "No disk.")}
    execution = engine.run(WF + "_introspect", node_uuid="b")
    payload = told(execution, cloud, "_introspect")
    assert payload["message"] == (
        "Node b was not introspected. It is inspect failed. No disk."
    )
    assert payload["introspected_node"]["attempts"] == 1


def test_a_result_that_mistral_would_not_keep(
    engine: Engine,
    cloud: FakeCloud,
    ironic: Ironic,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It keeps the errors, and a link to the rest."""
    monkeypatch.setattr("tripleo_common.conf.field_limit", lambda: 500)
    execution = engine.run(WF + "introspect", node_uuids=["a", "b"])
    payload = told(execution, cloud, "introspect")
    none = {"error": None}
    assert payload["introspected_nodes"] == {"a": none, "b": none}
    assert payload["full_result"]["object"]


@pytest.mark.parametrize(
    ("workflow", "inputs"),
    [("introspect", {"node_uuids": ["a", "b"]}), ("_introspect", {})],
)
def test_without_ironic_there_is_one_text(
    engine: Engine,
    cloud: FakeCloud,
    ironic: Ironic,
    workflow: str,
    inputs: dict[str, Any],
) -> None:
    ironic.node.get = ironic.node.list = refusing(DOWN)
    execution = engine.run(
        WF + workflow, **(inputs or {"node_uuid": "a", "timeout": 1})
    )
    assert told(execution, cloud, workflow)["message"] == str(DOWN)


@pytest.mark.parametrize(
    ("workflow", "inputs", "found"),
    [
        ("nodes_with_profile", {"profile": "control"}, ["d", "e"]),
        ("nodes_with_profile", {"profile": "x"}, []),
        ("nodes_with_hint", {"hint_regex": "controller-1"}, ["e"]),
    ],
)
def test_nodes_are_found(
    engine: Engine,
    cloud: FakeCloud,
    ironic: Ironic,
    workflow: str,
    inputs: dict[str, Any],
    found: list[str],
) -> None:
    for number, uuid in enumerate("de"):
        capabilities = f"profile:control,node:controller-{number}"
        ironic.add(
            uuid,
            provision_state="available",
            properties={"capabilities": capabilities},
        )
    execution = engine.run(WF + workflow, **inputs)
    payload = told(execution, cloud, workflow)
    assert payload["matching_nodes"] == found
    assert payload["message"] == f"{len(found)} node(s) found."


def test_what_is_no_regular_expression_is_told(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(WF + "nodes_with_hint", hint_regex="(")
    payload = told(execution, cloud, "nodes_with_hint")
    assert "is no regular expression" in payload["message"]


def test_a_lost_message_fails_nothing(
    engine: Engine, cloud: FakeCloud
) -> None:
    cloud.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(WF + "introspect", node_uuids=["a"])
    assert execution.state == "SUCCESS"
