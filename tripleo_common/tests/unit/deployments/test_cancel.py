from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from tripleo_common import errors
from tripleo_common.deployments import cancel
from tripleo_common.plans import lease
from tripleo_common.plans.store import Plan

DEPLOY = "tripleo.deployment.v1.deploy_plan"


@pytest.fixture
def plan(cloud):
    cloud.add_plan("mine", {})
    return Plan(cloud, "mine")


def run(cloud, number, name=DEPLOY, state="RUNNING", **inputs):
    cloud.workflow.executions.known[number] = SimpleNamespace(
        id=number, workflow_name=name, state=state, input=json.dumps(inputs)
    )


def test_workflows_on_the_plan_are_cancelled_and_no_others(cloud, plan):
    run(cloud, "1", container="mine")
    run(cloud, "2", container="other")
    run(cloud, "3", name="tripleo.roles.v1.list", container="mine")
    run(cloud, "4", name="tripleo.scale.v1.delete_node", plan_name="mine")
    run(cloud, "5", container="mine", state="SUCCESS")
    told = cancel.cancel(cloud, plan)
    assert [each["id"] for each in told["workflows"]] == ["1", "4"]
    states = {k: e.state for k, e in cloud.workflow.executions.known.items()}
    assert states["1"] == states["4"] == "CANCELLED"
    assert states["2"] == states["3"] == "RUNNING"
    assert told["stack_status"] is None


@pytest.mark.parametrize(
    ("status", "rollback", "asked"),
    [
        ("CREATE_IN_PROGRESS", False, "cancel_without_rollback"),
        ("CREATE_IN_PROGRESS", True, "cancel_without_rollback"),
        ("UPDATE_IN_PROGRESS", False, "cancel_without_rollback"),
        ("UPDATE_IN_PROGRESS", True, "cancel_update"),
        ("DELETE_IN_PROGRESS", False, None),
        ("UPDATE_COMPLETE", False, None),
    ],
)
def test_heat_is_stopped(cloud, plan, status, rollback, asked):
    cloud.orchestration.stacks.add("mine", status)
    told = cancel.cancel(cloud, plan, rollback)
    expected = [(asked, "id-mine")] if asked else []
    assert cloud.orchestration.actions.asked == expected
    assert told["stopped"] is bool(asked)


def test_what_cannot_be_is_told(cloud, plan):
    cloud.orchestration.stacks.add("mine", "DELETE_IN_PROGRESS")
    (note,) = cancel.cancel(cloud, plan)["notes"]
    assert "cannot stop DELETE_IN_PROGRESS" in note


def test_an_action_that_goes_on_does_not_keep_heat_from_stopping(
    cloud, plan, monkeypatch
):
    monkeypatch.setattr(lease, "PATIENCE", 0)
    cloud.orchestration.stacks.add("mine", "UPDATE_IN_PROGRESS")
    with Plan(cloud, "mine").exclusively():
        told = cancel.cancel(cloud, plan)
    assert told["stopped"]
    assert "is being changed by" in told["notes"][0]


def test_heats_refusal_is_told(cloud, plan, monkeypatch):
    def refuse(stack_id):
        raise errors.ServiceError("Heat", "it", "HTTP 400: no", "Wait.", 400)

    cloud.orchestration.stacks.add("mine", "UPDATE_IN_PROGRESS")
    actions = cloud.orchestration.actions
    monkeypatch.setattr(actions, "cancel_without_rollback", refuse)
    told = cancel.cancel(cloud, plan)
    assert not told["stopped"]
    assert told["notes"][0].startswith("Heat did not stop: Heat could not")


def test_it_is_told_what_is_left(cloud, plan):
    cloud.orchestration.stacks.add("mine", "UPDATE_FAILED")
    add = cloud.orchestration.resources.add
    add("id-mine", "good", "UPDATE_COMPLETE")
    add("id-mine", "bad", "UPDATE_FAILED")
    before = {"workflows": [{"id": "1", "name": DEPLOY}], "notes": ["A note."]}
    told = cancel.report(cloud, plan, before)
    assert told["message"] == (
        f"Cancelled on plan mine: {DEPLOY}. Its stack is UPDATE_FAILED. Not "
        "complete: bad UPDATE_FAILED. A note. Deploy the plan again to go on "
        "from there."
    )
    assert [each["path"] for each in told["unfinished"]] == ["bad"]


def test_where_nothing_was_done(cloud, plan):
    told = cancel.report(cloud, plan, {})
    assert (
        told["message"] == "Cancelled on plan mine: nothing. It has no stack."
    )
