"""The life of a deployment on a real Heat, through Mistral's API.

One plan goes the whole way: its nodes do as they are told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest

from tripleo_common.messages import envelope
from tripleo_common.tests.functional import plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

NAME = "tripleo.deployment.v1."
DEPLOY = NAME + "deploy_plan"
FINISH = NAME + "finish_deployment"


@pytest.fixture(scope="module")
def plan(undercloud: Client) -> Iterator[str]:
    """A plan whose nodes do as they are told."""
    with plans.small(undercloud, plans.NODES) as name:
        yield name


def tell(undercloud: Client, plan: str, **parameters: Any) -> None:
    """Set parameters of the plan."""
    undercloud.run_action(
        "tripleo.parameters.update",
        container=plan,
        parameters=parameters,
        validate=False,
    )


def servers(undercloud: Client, plan: str) -> dict[str, str]:
    """The ids of the nodes' servers, by their index."""
    listed = undercloud.heat.resources.list(plan, nested_depth=5)
    return {
        each.parent_resource: each.physical_resource_id
        for each in listed
        if each.resource_type == "OS::Heat::DeployedServer"
    }


def wait_until(what: str, condition: Callable[[], bool]) -> None:
    """Wait for a condition, patiently: the machine may be busy."""
    deadline = time.monotonic() + plans.PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come"
        time.sleep(0.5)


def failure(undercloud: Client, workflow: str, **inputs: Any) -> str:
    """The text that a workflow fails with."""
    with pytest.raises(errors.ActionFailed) as caught:
        undercloud.run_workflow(workflow, **inputs)
    return str(caught.value)


def status(undercloud: Client, plan: str) -> str:
    output = undercloud.run_workflow(NAME + "get_deployment_status", plan=plan)
    return str(output["deployment_status"].get("deployment_status"))


def test_1_a_preview_tells_what_would_be_created(
    undercloud: Client, plan: str
) -> None:
    told = undercloud.run_workflow(NAME + "preview", container=plan)
    assert told["stack_status"] is None
    assert told["roles"]["Compute"]["created"] == 2
    assert status(undercloud, plan) == "None"


def test_2_a_failure_is_explained_and_repaired(
    undercloud: Client, plan: str
) -> None:
    tell(undercloud, plan, Fail=True)
    text = failure(undercloud, DEPLOY, container=plan, wait=True)
    cause = "Compute.0.Service (OS::Heat::TestResource): ValueError: "
    assert f"The stack {plan} is CREATE_FAILED. {cause}" in text
    told = undercloud.run_workflow(NAME + "explain", container=plan)
    assert told["cause"]["path"] == "Compute.0.Service"
    assert [each["task"] for each in told["workflows"]] == ["finish", "refuse"]
    assert len(told["text"].splitlines()) < 40
    failures = undercloud.run_action(
        "tripleo.deployment.get_deployment_failures", plan=plan
    )
    ((path, _),) = failures["failures"][plan]
    assert path == "Compute.0.Service"
    assert status(undercloud, plan) == "DEPLOY_FAILED"

    tell(undercloud, plan, Fail=False)
    undercloud.run_workflow(DEPLOY, container=plan, wait=True)
    assert status(undercloud, plan) == "DEPLOY_SUCCESS"
    url = undercloud.run_workflow(NAME + "get_horizon_url", stack=plan)
    assert url["horizon_url"] == "http://192.0.2.7:80/dashboard"


def test_3_a_deployment_of_the_same_replaces_nothing(
    undercloud: Client, plan: str
) -> None:
    before = servers(undercloud, plan)
    undercloud.run_workflow(DEPLOY, container=plan, wait=True)
    assert servers(undercloud, plan) == before


def test_4_of_two_at_once_one_is_refused_with_what_heat_does(
    undercloud: Client, plan: str
) -> None:
    tell(undercloud, plan, ComputeCount=3, Seconds=8)
    told = undercloud.run_workflow(NAME + "preview", container=plan)
    paths = {each["path"] for each in told["resources"]["created"]}
    assert {"Compute.1", "Compute.2", "Compute.2.Compute"} <= paths
    assert not told["resources"]["replaced"]

    steps = [
        {"workflow": "tripleo.plan_management.v1.list_plans"},
        {
            "workflow": NAME + "get_horizon_url",
            "input": {"stack": "nobodys"},
            "on_failure": "continue",
        },
    ]
    undercloud.run_action(
        "tripleo.plan.update_plan_environment",
        container=plan,
        env_key="post_deploy",
        value=steps,
    )
    started = [
        undercloud.start_workflow(DEPLOY, container=plan, queue_name=plan)
        for _ in range(2)
    ]
    ends = [undercloud.wait_for_execution(each) for each in started]
    assert sorted(state for state, _ in ends) == ["ERROR", "SUCCESS"]
    (refused,) = [o["message"] for state, o in ends if state == "ERROR"]
    assert "is busy (UPDATE_IN_PROGRESS since " in refused
    progress = undercloud.run_action(
        "tripleo.deployment.get_deployment_progress", container=plan
    )
    assert progress["total"] >= 4

    # What the plan wants done afterwards is told step by step.
    def messages() -> list[Any]:
        return [
            body
            for body in undercloud.messages(plan)
            if body["type"] == FINISH
        ]

    wait_until(
        "the end of all steps",
        lambda: any(m["payload"]["status"] != "RUNNING" for m in messages()),
    )
    first, second, last = messages()
    for body in (first, second, last):
        jsonschema.validate(body, envelope.schema())
    assert first["payload"]["message"].endswith("list_plans, is done.")
    assert "The deployment goes on" in second["payload"]["message"]
    assert last["payload"]["status"] == "SUCCESS", last
    assert len(servers(undercloud, plan)) == 3
    undercloud.run_action(
        "tripleo.plan.update_plan_environment",
        container=plan,
        env_key="post_deploy",
        delete=True,
    )


def test_5_heats_refusal_names_the_parameter(
    undercloud: Client, plan: str
) -> None:
    tell(undercloud, plan, Seconds="soon")
    text = failure(undercloud, DEPLOY, container=plan)
    assert f"Heat refuses plan {plan}, and nothing was changed: " in text
    tell(undercloud, plan, Seconds=0)


def test_6_chosen_nodes_are_removed(undercloud: Client, plan: str) -> None:
    workflow = "tripleo.scale.v1.delete_node"
    before = servers(undercloud, plan)
    text = failure(
        undercloud, workflow, container=plan, nodes=[before["1"], "ghost"]
    )
    assert "has no node ghost; nothing was removed" in text
    assert "node-0, " in text
    output = undercloud.run_workflow(
        workflow, plan_name=plan, nodes=["node-0", before["1"]], timeout=30
    )
    assert output["removed"] == {"Compute": ["0", "1"]}
    assert servers(undercloud, plan) == {"2": before["2"]}
    variables = undercloud.mistral.environments.get(plan).variables
    assert variables["parameter_defaults"]["ComputeCount"] == 1


def test_7_a_deployment_is_cancelled_in_the_middle(
    undercloud: Client, plan: str
) -> None:
    tell(undercloud, plan, ComputeCount=2, Seconds=3000)
    started = undercloud.start_workflow(DEPLOY, container=plan, wait=True)
    heat = undercloud.heat
    wait_until(
        "an update",
        lambda: (
            heat.stacks.get(plan, resolve_outputs=False).stack_status
            == "UPDATE_IN_PROGRESS"
        ),
    )
    told = undercloud.run_workflow(NAME + "cancel", container=plan)
    names = {each["name"] for each in told["workflows"]}
    assert DEPLOY in names
    assert told["stack_status"] == "UPDATE_FAILED"
    assert told["unfinished"], told
    assert undercloud.wait_for_execution(started)[0] == "CANCELLED"
    # The plan is free again, and the deployment can be repaired.
    tell(undercloud, plan, ComputeCount=1, Seconds=0)
    undercloud.run_workflow(DEPLOY, container=plan, wait=True)


def test_8_the_cloud_is_taken_away(undercloud: Client, plan: str) -> None:
    undercloud.run_workflow(NAME + "undeploy_plan", container=plan)
    assert status(undercloud, plan) == "UNDEPLOYED"
    told = undercloud.run_workflow(
        "tripleo.stack.v1.wait_for_stack_does_not_exist", stack=plan
    )
    assert told["message"] == f"The stack {plan} does not exist any more."
    assert plan in undercloud.run_action("tripleo.plan.list")
