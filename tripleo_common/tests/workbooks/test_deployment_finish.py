"""The way from Heat's begin to the end of a deployment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tripleo_common.deployments import watching
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    assert_ended_in_error,
    assert_failed,
    assert_succeeded,
)

DEPLOY = "tripleo.deployment.v1.deploy_plan"
FINISH = "tripleo.deployment.v1.finish_deployment"
DONE = "Plan mine is deployed."

SOMEBODYS = """
version: '2.0'
name: somebodys.steps.v1
workflows:
  good:
    input: [word]
    tasks:
      say: {action: std.echo, input: {output: <% $.word %>}}
  bad:
    tasks:
      fall: {action: std.fail, input: {error_data: it fell over}}
"""
GOOD = {"workflow": "somebodys.steps.v1.good", "input": {"word": "hello"}}
BAD = {"workflow": "somebodys.steps.v1.bad"}


@pytest.fixture(scope="module")
def _somebodys(running_engine: Engine) -> None:
    running_engine.load(SOMEBODYS)


@pytest.fixture
def planned(
    cloud: FakeCloud, _somebodys: None, monkeypatch: pytest.MonkeyPatch
) -> FakeCloud:
    """A cloud with a plan, and a Heat that deploys it at once."""
    monkeypatch.setattr(watching, "PATIENCE", -1)
    cloud.add_plan("mine", TEMPLATES)
    cloud.workflow.workflows.known = {
        step["workflow"]: step for step in (GOOD, BAD)
    }
    stacks = cloud.orchestration.stacks
    create = stacks.create

    def create_at_once(**arguments: Any) -> Any:
        stacks.add("mine", "CREATE_COMPLETE")
        return create(**arguments)

    monkeypatch.setattr(stacks, "create", create_at_once)
    return cloud


def wants(cloud: FakeCloud, *steps: dict[str, Any]) -> None:
    cloud.workflow.environments.variables["mine"]["post_deploy"] = list(steps)


def kept(cloud: FakeCloud) -> str:
    """The status that is kept."""
    files = cloud.object_store.containers["mine-messages"]
    told = yaml.safe_load(files["deployment_status.yaml"][0])
    return str(told["deployment_status"])


def told(cloud: FakeCloud) -> Iterator[tuple[str, str, str]]:
    """What was posted: type, status, message."""
    for _, body in cloud.messaging.posted:
        payload = body["payload"]
        yield body["type"], payload["status"], payload["message"]


def test_heats_end_is_waited_for(engine: Engine, planned: FakeCloud) -> None:
    execution = engine.run(DEPLOY, container="mine", wait=True)
    assert execution.state == "SUCCESS"
    assert execution.output["message"] == DONE
    assert list(told(planned)) == [
        (FINISH, "SUCCESS", DONE),
        (DEPLOY, "SUCCESS", DONE),
    ]
    assert kept(planned) == "DEPLOY_SUCCESS"


def test_heats_failure_fails_who_waits(
    engine: Engine, planned: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    stacks = planned.orchestration.stacks
    monkeypatch.setattr(
        stacks, "create", lambda **_: stacks.add("mine", "CREATE_FAILED")
    )
    execution = engine.run(DEPLOY, container="mine", wait=True)
    text = (
        "The stack mine is CREATE_FAILED. mine (OS::Heat::Stack): because. "
        "For more run tripleo.deployment.v1.explain."
    )
    assert_ended_in_error(execution, text)
    assert list(told(planned)) == [
        (FINISH, "FAILED", text),
        (DEPLOY, "FAILED", text),
    ]


def test_steps_run_in_their_order(engine: Engine, planned: FakeCloud) -> None:
    wants(planned, GOOD, {**BAD, "on_failure": "continue"}, GOOD)
    execution = engine.run(DEPLOY, container="mine", wait=True)
    assert execution.state == "SUCCESS"
    messages = [text for _, status, text in told(planned)]
    assert messages == [
        "Step 1 after the deployment, somebodys.steps.v1.good, is done.",
        "Step 2 after the deployment, somebodys.steps.v1.bad, failed: "
        + messages[1].partition("failed: ")[2],
        "Step 3 after the deployment, somebodys.steps.v1.good, is done.",
        DONE,
        DONE,
    ]
    assert "it fell over" in messages[1]
    assert messages[1].endswith(
        "The deployment goes on, as the plan wants it."
    )
    assert kept(planned) == "DEPLOY_SUCCESS"


def test_a_step_that_fails_fails_the_deployment(
    engine: Engine, planned: FakeCloud
) -> None:
    wants(planned, BAD, GOOD)
    execution = engine.run(DEPLOY, container="mine", wait=True)
    assert execution.state == "ERROR"
    text = execution.output["message"]
    assert text.startswith(
        "Step 1 after the deployment, somebodys.steps.v1.bad, failed: "
    )
    assert "it fell over" in text
    assert "somebodys.steps.v1.good" not in engine.executions()
    assert kept(planned) == "DEPLOY_FAILED"


def test_who_does_not_wait_is_told_who_finishes(
    engine: Engine, planned: FakeCloud
) -> None:
    wants(planned, GOOD)
    execution = engine.run(DEPLOY, container="mine")
    finishing = engine.executions()[FINISH]
    assert execution.output["message"].endswith(f"by execution {finishing}.")
    assert engine.execution(finishing).output["message"] == DONE
    assert kept(planned) == "DEPLOY_SUCCESS"


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ("lunch", "post_deploy: 'lunch' is not of type 'array'"),
        ([{"input": {}}], "post_deploy.0: 'workflow' is a required property"),
        (
            [{"workflow": "a", "on_failure": "cry"}],
            "post_deploy.0.on_failure: 'cry' is not one of",
        ),
        (
            [{"workflow": "no.such"}],
            "post_deploy.0.workflow: Mistral has no workflow no.such",
        ),
    ],
)
def test_steps_that_cannot_be_are_told_before_heat_begins(
    engine: Engine, planned: FakeCloud, wrong: Any, text: str
) -> None:
    planned.workflow.environments.variables["mine"]["post_deploy"] = wrong
    execution = engine.run(DEPLOY, container="mine")
    message = execution.output["message"]
    assert text in message
    assert_failed(execution, planned, DEPLOY, message)
    assert not planned.orchestration.stacks.created


def test_it_can_be_finished_later(engine: Engine, planned: FakeCloud) -> None:
    planned.orchestration.stacks.add("mine", "UPDATE_COMPLETE")
    execution = engine.run(FINISH, container="mine")
    assert_succeeded(execution, planned, FINISH, DONE)
