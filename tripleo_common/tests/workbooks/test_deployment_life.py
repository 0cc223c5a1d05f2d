"""The workflows on what stands: look ahead, explain, scale, take away."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tripleo_common.deployments import watching
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    assert_failed,
    assert_succeeded,
    posted,
    refused,
    refusing,
)

NAME = "tripleo.deployment.v1."
PREVIEW = NAME + "preview"
EXPLAIN = NAME + "explain"
UNDEPLOY = NAME + "undeploy_plan"
SCALE = "tripleo.scale.v1.delete_node"


@pytest.fixture
def planned(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> FakeCloud:
    """A cloud with a plan."""
    monkeypatch.setattr(watching, "PATIENCE", -1)
    cloud.add_plan("mine", TEMPLATES)
    return cloud


@pytest.fixture
def deployed(planned: FakeCloud) -> FakeCloud:
    """A cloud whose plan stands, with two computes."""
    stacks = planned.orchestration.stacks
    stack = stacks.add("mine", "CREATE_COMPLETE")
    add = planned.orchestration.resources.add
    group = "OS::Heat::ResourceGroup"
    add("id-mine", "Compute", "CREATE_COMPLETE", resource_type=group)
    for index in "01":
        add("id-Compute", index, "CREATE_COMPLETE")
        add(
            f"id-{index}",
            f"Server{index}",
            "CREATE_COMPLETE",
            resource_type="OS::Nova::Server",
        )
    update = stacks.update

    def update_at_once(stack_id: str, **arguments: Any) -> None:
        update(stack_id, **arguments)
        stack.updated_time = "2026-01-02T00:00:00Z"
        stack.stack_status = "UPDATE_COMPLETE"

    stacks.update = update_at_once
    return planned


def test_a_preview_changes_nothing(engine: Engine, planned: FakeCloud) -> None:
    before = dict(planned.object_store.containers["mine"])
    execution = engine.run(PREVIEW, container="mine")
    assert execution.output["counts"]["created"] == 0
    assert posted(planned)["payload"]["counts"]["created"] == 0
    assert planned.object_store.containers["mine"] == before
    assert not planned.orchestration.stacks.created


def test_a_preview_that_heat_refuses(
    engine: Engine, planned: FakeCloud
) -> None:
    planned.orchestration.stacks.preview = refusing(refused("Heat"))
    execution = engine.run(PREVIEW, container="mine")
    assert_failed(execution, planned, PREVIEW, str(refused("Heat")))


def test_a_failure_is_explained_down_to_its_cause(
    engine: Engine, planned: FakeCloud
) -> None:
    planned.object_store.add(
        "mine", {**TEMPLATES, "overcloud.j2.yaml": "heat: [\n"}
    )
    failed = engine.run(NAME + "deploy_plan", container="mine", wait=True)
    planned.messaging.posted.clear()
    execution = engine.run(EXPLAIN, execution_id=failed.id)
    told = execution.output
    assert told["cause"]["path"] == NAME + "deploy_plan > deploy"
    assert "overcloud.yaml, line 2: " in told["cause"]["reason"]
    assert posted(planned)["payload"]["cause"] == told["cause"]


def test_a_workflow_in_a_workflow_is_explained(
    engine: Engine, planned: FakeCloud
) -> None:
    stacks = planned.orchestration.stacks
    stacks.create = lambda **_: stacks.add(
        "mine", "CREATE_FAILED", creation_time="2999-01-01T00:00:00Z"
    )
    failed = engine.run(NAME + "deploy_plan", container="mine", wait=True)
    told = engine.run(EXPLAIN, execution_id=failed.id).output
    assert [each["task"] for each in told["workflows"]] == ["finish", "refuse"]
    assert told["cause"]["path"] == "mine"
    assert told["stack_status"] == "CREATE_FAILED"


def test_nothing_to_explain(engine: Engine, planned: FakeCloud) -> None:
    execution = engine.run(EXPLAIN)
    message = posted(planned)["payload"]["message"]
    assert message.startswith("There is nothing to explain")
    assert_failed(execution, planned, EXPLAIN, message)


@pytest.mark.parametrize("named", ["container", "plan_name"])
def test_a_node_is_removed(
    engine: Engine, deployed: FakeCloud, named: str
) -> None:
    execution = engine.run(
        SCALE, **{named: "mine"}, nodes=["id-Server1"], timeout=17
    )
    assert execution.state == "SUCCESS", execution
    assert execution.output["removed"] == {"Compute": ["1"]}
    assert posted(deployed)["payload"]["removed"] == {"Compute": ["1"]}
    ((_, arguments),) = deployed.orchestration.stacks.updated
    assert arguments["timeout_mins"] == 17


def test_an_unknown_node_is_refused(
    engine: Engine, deployed: FakeCloud
) -> None:
    execution = engine.run(SCALE, container="mine", nodes=["ghost"])
    message = posted(deployed)["payload"]["message"]
    assert "has no node ghost" in message
    assert_failed(execution, deployed, SCALE, message)


def test_a_removal_that_fails(engine: Engine, deployed: FakeCloud) -> None:
    stack = deployed.orchestration.stacks.known["mine"]

    def fail(stack_id: str, **arguments: Any) -> None:
        stack.updated_time = "2026-01-02T00:00:00Z"
        stack.stack_status = "UPDATE_FAILED"

    deployed.orchestration.stacks.update = fail
    execution = engine.run(SCALE, container="mine", nodes=["Compute.1"])
    message = posted(deployed)["payload"]["message"]
    assert message.startswith("The stack mine is UPDATE_FAILED.")
    assert_failed(execution, deployed, SCALE, message)


def test_a_cloud_is_taken_away(engine: Engine, deployed: FakeCloud) -> None:
    execution = engine.run(UNDEPLOY, container="mine")
    told = "The stack mine does not exist any more."
    assert_succeeded(execution, deployed, UNDEPLOY, told)
    assert deployed.orchestration.stacks.deleted == ["mine"]
    files = deployed.object_store.containers["mine-messages"]
    kept = yaml.safe_load(files["deployment_status.yaml"][0])
    assert kept["deployment_status"] == "UNDEPLOYED"
    assert "mine" in deployed.workflow.environments.variables


def test_a_cloud_that_does_not_stand(
    engine: Engine, planned: FakeCloud
) -> None:
    execution = engine.run(UNDEPLOY, container="mine")
    told = "There is no stack mine; nothing is to be deleted."
    assert_succeeded(execution, planned, UNDEPLOY, told)


def test_a_cloud_that_does_not_go(engine: Engine, deployed: FakeCloud) -> None:
    stacks = deployed.orchestration.stacks

    def fail(stack_id: str) -> None:
        stacks.known["mine"].stack_status = "DELETE_FAILED"

    stacks.delete = fail
    execution = engine.run(UNDEPLOY, container="mine")
    message = posted(deployed)["payload"]["message"]
    assert message.startswith("The stack mine is DELETE_FAILED.")
    assert_failed(execution, deployed, UNDEPLOY, message)
