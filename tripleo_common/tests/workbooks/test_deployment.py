"""The workflow that deploys plans."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from mistral import exceptions as mistral_errors

from tripleo_common import errors
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    assert_ended_in_error,
    assert_failed,
    assert_succeeded,
    posted,
    refused,
    refusing,
)

DEPLOY = "tripleo.deployment.v1.deploy_plan"
BEGUN = "The deployment of plan mine has begun."
STEPS = ["begin", "deploy", "keep_status", "look", "succeeded"]
SECRET = "the-password-of-admin"

SOMEBODYS = """
version: '2.0'
name: somebodys.upgrade.v1
workflows:
  upgrade:
    tasks:
      deploy:
        workflow: tripleo.deployment.v1.deploy_plan
        input:
          container: mine
"""


@pytest.fixture
def planned(cloud: FakeCloud) -> FakeCloud:
    """A cloud with a plan."""
    cloud.add_plan("mine", TEMPLATES, passwords={"AdminPassword": SECRET})
    return cloud


def deployed(cloud: FakeCloud) -> list[Any]:
    """What Heat was asked."""
    stacks = cloud.orchestration.stacks
    return [*stacks.created, *stacks.updated]


def test_heat_takes_the_plan(engine: Engine, planned: FakeCloud) -> None:
    execution = engine.run(DEPLOY, container="mine", timeout=17)
    assert_succeeded(execution, planned, DEPLOY, BEGUN)
    (created,) = planned.orchestration.stacks.created
    assert created["stack_name"] == "mine"
    assert created["timeout_mins"] == 17
    assert execution.ran == STEPS


def test_a_stack_that_stands_is_updated(
    engine: Engine, planned: FakeCloud
) -> None:
    planned.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    execution = engine.run(DEPLOY, container="mine")
    assert_succeeded(execution, planned, DEPLOY, BEGUN)
    ((stack_id, updated),) = planned.orchestration.stacks.updated
    assert stack_id == "id-mine"
    assert updated["timeout_mins"] == 240


@pytest.mark.parametrize("skip", [True, False])
def test_nodes_that_did_not_change_are_left_alone_on_request(
    engine: Engine, planned: FakeCloud, skip: bool
) -> None:
    engine.run(DEPLOY, container="mine", skip_deploy_identifier=skip)
    (created,) = planned.orchestration.stacks.created
    parameters = created["environment"]["parameter_defaults"]
    assert ("DeployIdentifier" not in parameters) is skip


def test_the_message_tells_plan_and_input(
    engine: Engine, planned: FakeCloud
) -> None:
    engine.run(DEPLOY, container="mine")
    payload = posted(planned)["payload"]
    assert payload["plan_name"] == "mine"
    assert payload["execution"]["input"] == {
        "container": "mine",
        "run_validations": False,
        "timeout": 240,
        "skip_deploy_identifier": False,
        "config_download": False,
        "ssh_network": "ctlplane",
        "deployment_options": {},
        "wait": False,
        "queue_name": "tripleo",
    }


def test_passwords_go_to_heat_and_nowhere_else(
    engine: Engine, planned: FakeCloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    engine.run(DEPLOY, container="mine")
    assert SECRET in json.dumps(deployed(planned))
    told = engine.stored() + caplog.text + json.dumps(planned.messaging.posted)
    assert BEGUN in told
    assert SECRET not in told


def test_a_plan_larger_than_an_execution_may_be_is_deployed(
    engine: Engine, planned: FakeCloud
) -> None:
    large = "x" * 2 * 1024 * 1024
    planned.object_store.add(
        "mine",
        {
            **TEMPLATES,
            "large.sh": large,
            "overcloud.j2.yaml": (
                "heat_template_version: pike\n"
                "outputs: {large: {value: {get_file: large.sh}}}\n"
            ),
        },
    )
    execution = engine.run(DEPLOY, container="mine")
    assert_succeeded(execution, planned, DEPLOY, BEGUN)
    (created,) = planned.orchestration.stacks.created
    assert created["files"]["large.sh"] == large


def test_undeclared_inputs_are_refused(
    engine: Engine, planned: FakeCloud
) -> None:
    with pytest.raises(mistral_errors.InputException, match="unheard_of"):
        engine.run(DEPLOY, container="mine", unheard_of=True)
    assert deployed(planned) == []
    assert planned.messaging.posted == []


def test_ansible_is_not_promised(engine: Engine, planned: FakeCloud) -> None:
    execution = engine.run(DEPLOY, container="mine", config_download=True)
    assert_failed(
        execution,
        planned,
        DEPLOY,
        "This release does not configure nodes with Ansible (config_download) "
        "yet: Heat does it. Deploy with config_download set to false.",
    )
    assert deployed(planned) == []


def test_the_status_is_kept(engine: Engine, planned: FakeCloud) -> None:
    engine.run(DEPLOY, container="mine")
    files = planned.object_store.containers["mine-messages"]
    kept = yaml.safe_load(files["deployment_status.yaml"][0])
    assert kept["deployment_status"] == "DEPLOYING"
    assert kept["workflow_status"]["type"] == DEPLOY


def test_a_status_that_cannot_be_kept_is_no_failure(
    engine: Engine, planned: FakeCloud
) -> None:
    planned.object_store.put_container = refusing(refused("Swift"))
    execution = engine.run(DEPLOY, container="mine")
    assert_succeeded(execution, planned, DEPLOY, BEGUN)


def test_a_plan_that_is_not_there_cannot_be_deployed(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(DEPLOY, container="mine")
    assert_failed(execution, cloud, DEPLOY, str(errors.PlanNotFound("mine")))


def test_a_busy_stack_is_left_alone(
    engine: Engine, planned: FakeCloud
) -> None:
    planned.orchestration.stacks.add(
        "mine", "UPDATE_IN_PROGRESS", updated_time="2026-01-02T00:00:00Z"
    )
    execution = engine.run(DEPLOY, container="mine")
    doing = (
        "UPDATE_IN_PROGRESS since 2026-01-02T00:00:00Z, 0 of 0 resources are "
        "complete"
    )
    told = str(errors.StackBusy("mine", doing))
    assert_failed(execution, planned, DEPLOY, told)
    assert deployed(planned) == []


def test_a_template_that_does_not_parse_is_named(
    engine: Engine, planned: FakeCloud
) -> None:
    planned.object_store.add(
        "mine", {**TEMPLATES, "overcloud.j2.yaml": "heat: [\n"}
    )
    execution = engine.run(DEPLOY, container="mine")
    message = posted(planned)["payload"]["message"]
    assert message.startswith("overcloud.yaml, line 2: ")
    assert_failed(execution, planned, DEPLOY, message)


@pytest.mark.parametrize("zaqar", ["up", "down"])
def test_heats_refusal_is_told(
    engine: Engine, planned: FakeCloud, zaqar: str
) -> None:
    planned.orchestration.stacks.create = refusing(refused("Heat"))
    if zaqar == "down":
        planned.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(DEPLOY, container="mine")
    if zaqar == "down":
        assert_ended_in_error(execution, str(refused("Heat")))
    else:
        assert_failed(execution, planned, DEPLOY, str(refused("Heat")))
    assert execution.ran == ["begin", "deploy", "failed", "look"]


def test_a_deployment_outlives_the_loss_of_its_message(
    engine: Engine, planned: FakeCloud
) -> None:
    planned.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(DEPLOY, container="mine")
    assert execution.state == "SUCCESS"
    assert execution.output == {"status": "SUCCESS", "message": BEGUN}
    assert len(deployed(planned)) == 1
    assert execution.ran == STEPS


@pytest.fixture(scope="module")
def _somebodys_workflow(running_engine: Engine) -> None:
    """A workflow of another package, which deploys a plan."""
    running_engine.load(SOMEBODYS)


@pytest.mark.usefixtures("_somebodys_workflow")
def test_as_a_part_of_another_workflow_it_tells_the_whole(
    engine: Engine, planned: FakeCloud
) -> None:
    whole = engine.run("somebodys.upgrade.v1.upgrade")
    assert whole.state == "SUCCESS"
    body = posted(planned)
    assert body["type"] == DEPLOY
    assert body["payload"]["execution_id"] == engine.executions()[DEPLOY]
    assert body["payload"]["root_execution_id"] == whole.id


@pytest.mark.usefixtures("_somebodys_workflow")
def test_as_a_part_of_another_workflow_it_fails_the_whole(
    engine: Engine, cloud: FakeCloud
) -> None:
    whole = engine.run("somebodys.upgrade.v1.upgrade")
    assert whole.state == "ERROR"
    reason = str(errors.PlanNotFound("mine"))
    assert reason in str(whole.state_info)
    assert posted(cloud)["payload"]["message"] == reason
