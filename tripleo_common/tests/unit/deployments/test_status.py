from __future__ import annotations

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.deployments import status
from tripleo_common.plans.store import Plan

BODY = {"type": "a.workflow", "payload": {"message": "it went"}}


@pytest.fixture
def plan(cloud):
    return Plan(cloud, "mine")


@pytest.mark.parametrize(
    ("stack", "deployment"),
    [
        (None, "UNDEPLOYED"),
        ("", "UNDEPLOYED"),
        ("CREATE_IN_PROGRESS", "DEPLOYING"),
        ("CREATE_COMPLETE", "DEPLOY_SUCCESS"),
        ("CREATE_FAILED", "DEPLOY_FAILED"),
        ("UPDATE_COMPLETE", "DEPLOY_SUCCESS"),
        ("ROLLBACK_IN_PROGRESS", "DEPLOYING"),
        ("ROLLBACK_COMPLETE", "DEPLOY_FAILED"),
        ("DELETE_IN_PROGRESS", "UNDEPLOYING"),
        ("DELETE_COMPLETE", "UNDEPLOYED"),
        ("DELETE_FAILED", "UNDEPLOY_FAILED"),
        ("CHECK_FAILED", "DEPLOY_SUCCESS"),
        ("LAUNCHED", "UNKNOWN"),
    ],
)
def test_a_stacks_status_is_told_as_a_deployments(stack, deployment):
    assert status.convert(stack) == deployment


def test_without_a_stack_nothing_is_deployed(cloud, plan):
    told = status.current(cloud, plan)
    assert told["deployment_status"] == "UNDEPLOYED"
    assert told["workflow_status"] is None


def test_a_stack_that_nobody_told_of(cloud, plan):
    cloud.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    told = status.current(cloud, plan)
    assert told["status_update"] == "DEPLOY_SUCCESS"
    payload = told["workflow_status"]["payload"]
    assert payload["plan_name"] == "mine"
    assert payload["execution"]["created_at"] == "2026-01-01T00:00:00Z"


def test_what_was_kept_counts_until_the_stack_changes(cloud, plan):
    stack = cloud.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    status.store(cloud, plan, "DEPLOY_FAILED", BODY)
    told = status.current(cloud, plan)
    assert told["deployment_status"] == "DEPLOY_FAILED"
    assert told["status_update"] is None
    assert told["workflow_status"] == {
        "type": "a.workflow",
        "payload": {
            "message": "it went",
            "plan_name": "mine",
            "deployment_status": "DEPLOY_FAILED",
        },
    }
    stack.updated_time = "2026-01-02T00:00:00Z"
    told = status.current(cloud, plan)
    assert told["deployment_status"] == "DEPLOY_SUCCESS"
    assert told["cd_status"] == "DEPLOY_FAILED"
    assert told["status_update"] == "DEPLOY_SUCCESS"


def test_heats_failure_is_not_talked_away(cloud, plan):
    cloud.orchestration.stacks.add("mine", "UPDATE_FAILED")
    status.store(cloud, plan, "DEPLOY_SUCCESS", BODY)
    told = status.current(cloud, plan)
    assert told["deployment_status"] == "DEPLOY_FAILED"


def test_it_is_kept_where_clients_look_for_it(cloud, plan):
    status.store(cloud, plan, "UNDEPLOYED", BODY)
    files = cloud.object_store.containers["mine-messages"]
    kept = yaml.safe_load(files["deployment_status.yaml"][0])
    assert kept["deployment_status"] == "UNDEPLOYED"
    assert kept["workflow_status"]["payload"]["plan_name"] == "mine"
    assert not cloud.object_store.headers["mine-messages"]


@pytest.mark.parametrize("content", [b"- 1", b"a: b: c", b"\xff"])
def test_a_spoilt_file_is_as_good_as_none(cloud, plan, content):
    status.store(cloud, plan, "DEPLOYING", BODY)
    files = cloud.object_store.containers["mine-messages"]
    files["deployment_status.yaml"] = (content, "text/plain")
    assert status.current(cloud, plan)["cd_status"] is None


def test_a_status_is_one_of_a_few(cloud, plan):
    with pytest.raises(errors.InvalidInput, match="UNDEPLOY_FAILED, not 'b"):
        status.store(cloud, plan, "broken", BODY)
