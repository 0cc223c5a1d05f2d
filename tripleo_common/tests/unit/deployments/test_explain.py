from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from tripleo_common import errors
from tripleo_common.deployments import explain, status
from tripleo_common.plans.store import Plan


@pytest.fixture
def failed(cloud):
    """A workflow that failed, with its one task."""
    cloud.add_plan("mine", {}, passwords={"AdminPassword": "s3cret-word"})
    execution = SimpleNamespace(
        id="execution-1",
        workflow_name="tripleo.deployment.v1.deploy_plan",
        state="ERROR",
        state_info="it failed",
        input=json.dumps({"container": "mine"}),
        created_at="2026-01-02 00:00:00",
        updated_at="2026-01-02 00:01:00",
    )
    cloud.workflow.executions.known["execution-1"] = execution
    cloud.workflow.tasks.failed = [
        SimpleNamespace(
            id="task-1",
            name="deploy",
            result=json.dumps("no s3cret-word here"),
            state_info="",
        )
    ]
    return execution


def break_stack(cloud, updated):
    cloud.orchestration.stacks.add(
        "mine", "UPDATE_FAILED", updated_time=updated
    )
    cloud.orchestration.resources.add(
        "id-mine", "a", "UPDATE_FAILED", resource_status_reason="no room"
    )


def test_a_workflow_that_failed_by_itself(cloud, failed):
    told = explain.explain(cloud, execution_id="execution-1")
    assert told["message"] == (
        "tripleo.deployment.v1.deploy_plan > deploy: no *** here."
    )
    assert told["workflows"][0]["task"] == "deploy"
    assert "task deploy, 2026-01-02 00:01:00" in told["text"]


def test_a_stack_that_failed_since_is_the_cause(cloud, failed):
    break_stack(cloud, "2026-01-02T00:00:30Z")
    told = explain.explain(cloud, execution_id="execution-1")
    assert told["message"] == "a: no room."
    assert told["stack_status"] == "UPDATE_FAILED"
    assert len(told["workflows"]) == 1


def test_a_stack_that_failed_before_is_not(cloud, failed):
    break_stack(cloud, "2026-01-01T00:00:30Z")
    told = explain.explain(cloud, execution_id="execution-1")
    assert told["message"].startswith("tripleo.deployment.v1.deploy_plan >")


def test_of_a_plan_the_last_word_counts(cloud, failed):
    body = {"type": "a", "payload": {"execution_id": "execution-1"}}
    status.store(cloud, Plan(cloud, "mine"), "DEPLOY_FAILED", body)
    told = explain.explain(cloud, container="mine")
    assert told["workflows"][0]["execution_id"] == "execution-1"


def test_mistral_may_have_forgotten(cloud, failed):
    body = {"type": "a", "payload": {"execution_id": "execution-9"}}
    status.store(cloud, Plan(cloud, "mine"), "DEPLOY_FAILED", body)
    told = explain.explain(cloud, container="mine")
    assert told["message"] == "Nothing failed in plan mine."


def test_a_workflow_that_mistral_ended(cloud, failed):
    cloud.workflow.tasks.failed = []
    failed.state_info = "Can not\nTraceback (most recent call last):\n secret"
    told = explain.explain(cloud, execution_id="execution-1")
    assert told["cause"]["reason"] == "Can not"


def test_it_fits_on_a_screen(cloud):
    cloud.orchestration.stacks.add("mine", "CREATE_FAILED")
    for number in range(30):
        cloud.orchestration.resources.add(
            "id-mine",
            f"r{number}",
            "CREATE_FAILED",
            resource_type="OS::Heat::SoftwareDeployment",
            resource_status_reason="x" * 900,
        )
        values = {"deploy_stderr": "line\n" * 200, "deploy_stdout": "o\n" * 99}
        cloud.orchestration.software_deployments.known[f"id-r{number}"] = (
            SimpleNamespace(server_id="s", output_values=values)
        )
    text = explain.explain(cloud, container="mine")["text"]
    assert len(text.splitlines()) < 40
    assert max(map(len, text.splitlines())) < 320
    assert text.endswith("and 25 more")


def test_something_is_to_be_named(cloud):
    with pytest.raises(errors.InvalidInput, match="nothing to explain"):
        explain.explain(cloud)


def test_an_execution_that_is_not_there(cloud):
    with pytest.raises(errors.NotFound):
        explain.explain(cloud, execution_id="execution-9")
