"""A creation that was cut off, at each of its steps, and its repetition."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tripleo_common import constants, errors
from tripleo_common.plans import deletion, operation
from tripleo_common.plans.store import Plan

PLAN = "my_cloud"
TEMPLATES = {
    "overcloud.yaml": "heat_template_version: rocky\n",
    "overcloud-resource-registry-puppet.yaml": "{}\n",
}
STEPS = [
    lambda plan: plan.create_container(only_if_new=True),
    lambda plan: plan.upload(
        {path: text.encode() for path, text in TEMPLATES.items()}
    ),
    lambda plan: plan.create(),
    lambda plan: plan.generate_passwords(),
    lambda plan: plan.process(),
]


def create(cloud, execution, steps=None, first=0):
    with operation.running("tripleo.plan_management.v1.create", execution):
        for step in STEPS[first:steps]:
            step(Plan(cloud, PLAN))


def noted(cloud):
    return cloud.object_store.headers[PLAN].get(constants.CREATOR_HEADER)


@pytest.fixture
def running(cloud):
    """Lets executions be in a state; unknown ones are gone."""

    def be(execution, state):
        cloud.workflow.executions.known[execution] = SimpleNamespace(
            state=state
        )

    return be


@pytest.mark.parametrize("steps", range(1, len(STEPS)))
@pytest.mark.parametrize("state", ["ERROR", "CANCELLED", None])
def test_what_was_cut_off_is_gone_on_with(cloud, running, steps, state):
    create(cloud, "first", steps)
    if state:
        running("first", state)
    create(cloud, "second")
    assert not noted(cloud)
    assert Plan(cloud, PLAN).state().passwords


def test_nothing_of_it_is_lost(cloud):
    create(cloud, "first", 4)
    cloud.object_store.containers[PLAN]["own.yaml"] = (b"a: 1", "")
    known = Plan(cloud, PLAN).state().passwords
    create(cloud, "second")
    assert Plan(cloud, PLAN).state().passwords == known
    assert "own.yaml" in cloud.object_store.containers[PLAN]


@pytest.mark.parametrize("state", ["RUNNING", "PAUSED"])
@pytest.mark.parametrize("steps", range(1, len(STEPS)))
def test_one_that_goes_on_is_left_alone(cloud, running, steps, state):
    create(cloud, "first", steps)
    running("first", state)
    with pytest.raises(errors.PlanBeingCreated, match="execution first"):
        create(cloud, "second")


def test_an_action_that_runs_again_does_no_harm(cloud, running):
    running("first", "RUNNING")
    for step in range(len(STEPS)):
        create(cloud, "first", step + 1, step)
        if step < 4:
            create(cloud, "first", step + 1, step)
    assert not noted(cloud)


def test_a_plan_that_is_whole_is_in_the_way(cloud):
    create(cloud, "first")
    with pytest.raises(errors.PlanExists, match="container"):
        create(cloud, "second")


@pytest.mark.parametrize("steps", [3, 4])
def test_templates_of_others_are_not_mixed_with_ours(cloud, steps):
    cloud.object_store.add(PLAN, TEMPLATES)
    create(cloud, "first", steps, 2)
    with pytest.raises(errors.PlanExists, match="container"):
        create(cloud, "second", 1)
    create(cloud, "second", first=2)
    assert not noted(cloud)


def test_a_state_that_others_made_meanwhile_is_in_the_way(cloud):
    create(cloud, "first", 2)
    cloud.workflow.environments.variables[PLAN] = {"template": "theirs.yaml"}
    for execution in ("first", "second"):
        with pytest.raises(errors.PlanExists, match="environment"):
            create(cloud, execution, 3, 2)


def test_a_creation_that_is_undone_leaves_no_note(cloud):
    cloud.object_store.add(PLAN, TEMPLATES)
    create(cloud, "first", 3, 2)
    deletion.delete_state(cloud, Plan(cloud, PLAN))
    assert not noted(cloud)


def test_a_direct_call_notes_nothing(cloud):
    for step in STEPS:
        step(Plan(cloud, PLAN))
        assert not noted(cloud)
