from __future__ import annotations

import datetime

import pytest

from tripleo_common import conf, errors
from tripleo_common.deployments import stack
from tripleo_common.plans import lease
from tripleo_common.plans.store import Plan

FILES = {
    "overcloud.yaml": "heat_template_version: rocky\n",
    "overcloud-resource-registry-puppet.yaml": "resource_registry: {}\n",
}


@pytest.fixture
def plan(cloud):
    cloud.add_plan("my_cloud", FILES)
    return Plan(cloud, "my_cloud")


def defaults(arguments):
    return arguments["environment"]["parameter_defaults"]


def test_a_new_stack_is_created(cloud, plan):
    answer = stack.deploy(cloud, plan, 90)
    assert answer == {"stack": {"id": "id-my_cloud"}}
    (arguments,) = cloud.orchestration.stacks.created
    assert arguments["stack_name"] == "my_cloud"
    assert arguments["timeout_mins"] == 90
    assert arguments["template"] == {"heat_template_version": "rocky"}
    assert defaults(arguments)["StackAction"] == "CREATE"
    assert defaults(arguments)["DeployIdentifier"].isdigit()


def test_a_stack_that_stands_is_updated(cloud, plan):
    cloud.orchestration.stacks.add("my_cloud", "CREATE_FAILED")
    stack.deploy(cloud, plan, 90, skip_deploy_identifier=True)
    ((stack_id, arguments),) = cloud.orchestration.stacks.updated
    assert stack_id == "id-my_cloud"
    assert arguments["existing"] is True
    assert defaults(arguments)["StackAction"] == "UPDATE"
    assert "DeployIdentifier" not in defaults(arguments)


def test_a_busy_stack_is_left_alone(cloud, plan):
    cloud.orchestration.stacks.add("my_cloud", "UPDATE_IN_PROGRESS")
    with pytest.raises(errors.StackBusy, match="UPDATE_IN_PROGRESS"):
        stack.deploy(cloud, plan, 90)
    assert cloud.object_store.requests["GET object"] == 0


def test_a_plan_that_somebody_changes_is_not_deployed(
    cloud, plan, monkeypatch
):
    monkeypatch.setattr(lease, "PATIENCE", 0)
    with (
        Plan(cloud, "my_cloud").exclusively(),
        pytest.raises(errors.PlanBusy),
    ):
        stack.deploy(cloud, plan, 90)
    assert not cloud.orchestration.stacks.created


def test_nobody_changes_a_plan_while_heat_reads_it(cloud, plan, monkeypatch):
    def create(**arguments):
        held = cloud.workflow.environments.variables["lease.my_cloud.1"]
        since, end = (
            datetime.datetime.fromisoformat(held[key])
            for key in ("since", "expiry")
        )
        # As long as Heat may take to answer.
        return (end - since).total_seconds()

    monkeypatch.setattr(cloud.orchestration.stacks, "create", create)
    assert stack.deploy(cloud, plan, 90) >= conf.options().heat_timeout


@pytest.mark.parametrize("timeout", [0, -1, "soon", None, True, 1.5])
def test_a_timeout_is_a_number_of_minutes(cloud, plan, timeout):
    with pytest.raises(errors.InvalidInput, match="whole number of minutes"):
        stack.deploy(cloud, plan, timeout)
