"""The workflows that tell what became of a deployment."""

from __future__ import annotations

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import assert_failed, posted

NAME = "tripleo.deployment.v1."
GET = NAME + "get_deployment_status"
FAILURES = NAME + "get_deployment_failures"


@pytest.fixture
def planned(cloud: FakeCloud) -> FakeCloud:
    """A cloud with a plan."""
    cloud.add_plan("mine", TEMPLATES)
    return cloud


def test_a_plan_that_was_never_deployed(
    engine: Engine, planned: FakeCloud
) -> None:
    execution = engine.run(GET, plan="mine")
    assert execution.state == "SUCCESS"
    # Clients say then that there was none.
    assert execution.output["deployment_status"] == {}
    assert posted(planned)["payload"]["deployment_status"] == {}


@pytest.mark.parametrize(
    ("last", "status"),
    [
        ("success", "DEPLOY_SUCCESS"),
        ("failed", "DEPLOY_FAILED"),
        ("deploying", "DEPLOYING"),
    ],
)
def test_what_somebody_says_is_told(
    engine: Engine, planned: FakeCloud, last: str, status: str
) -> None:
    planned.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    setting = NAME + "set_deployment_status_" + last
    execution = engine.run(setting, plan="mine")
    assert execution.output["deployment_status"] == status
    body = posted(planned)
    assert body["payload"]["deployment_status"] == status
    planned.messaging.posted.clear()
    execution = engine.run(GET, plan="mine")
    told = execution.output["deployment_status"]
    payload = told["workflow_status"]["payload"]
    assert told["workflow_status"]["type"] == setting
    assert payload["plan_name"] == "mine"
    assert payload["deployment_status"] == status
    assert payload["execution"]["created_at"]
    assert posted(planned)["payload"]["deployment_status"] == told


def test_heats_word_is_recovered(engine: Engine, planned: FakeCloud) -> None:
    planned.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    engine.run(NAME + "set_deployment_status_failed", plan="mine")
    recover = NAME + "recover_deployment_status"
    execution = engine.run(recover, container="mine")
    assert execution.output["deployment_status"] == "DEPLOY_SUCCESS"
    files = planned.object_store.containers["mine-messages"]
    kept = yaml.safe_load(files["deployment_status.yaml"][0])
    assert kept["deployment_status"] == "DEPLOY_SUCCESS"
    assert kept["workflow_status"]["type"] == recover


def test_nothing_is_kept_of_a_plan_that_is_not_there(
    engine: Engine, cloud: FakeCloud
) -> None:
    name = NAME + "set_deployment_status_failed"
    execution = engine.run(name, plan="mine")
    told = str(errors.PlanNotFound("mine"))
    assert_failed(execution, cloud, name, told)
    assert not cloud.object_store.containers


def test_failures_are_told(engine: Engine, planned: FakeCloud) -> None:
    planned.orchestration.stacks.add("mine", "CREATE_FAILED")
    planned.orchestration.resources.add(
        "id-mine", "a", "CREATE_FAILED", resource_status_reason="no room"
    )
    execution = engine.run(FAILURES, plan="mine")
    told = execution.output["deployment_failures"]
    assert told["message"] == "a (OS::Heat::Value): no room"
    ((path, details),) = told["failures"]["mine"]
    assert (path, details["reason"]) == ("a", "no room")
    assert posted(planned)["payload"]["deployment_failures"] == told


def test_without_a_stack_nothing_failed(
    engine: Engine, planned: FakeCloud
) -> None:
    execution = engine.run(FAILURES, plan="mine")
    assert execution.output["deployment_failures"]["failures"] == {}
