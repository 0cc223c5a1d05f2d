from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.deployments import preview
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.deployments.test_scale import FILES


def resource(name, stack="mine", stack_id="None", kind="OS::Heat::Value"):
    return {
        "resource_name": name,
        "resource_type": kind,
        "stack_name": stack,
        "stack_identity": {"stack_id": stack_id},
    }


@pytest.fixture
def plan(cloud):
    cloud.add_plan("mine", FILES)
    return Plan(cloud, "mine")


@pytest.fixture
def deployed(cloud, plan):
    """A plan whose stack stands."""
    cloud.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    add = cloud.orchestration.resources.add
    add("id-mine", "Compute", "CREATE_COMPLETE")
    add("id-Compute", "0", "CREATE_COMPLETE")
    return plan


def test_a_new_stack(cloud, plan):
    cloud.orchestration.stacks.previews = [
        [[resource("server", "mine-Compute-0")]],
        resource("alone"),
    ]
    told = preview.preview(cloud, plan)
    assert told["stack_status"] is None
    assert told["counts"]["created"] == 2
    assert told["roles"] == {
        "Compute": {"created": 1, "updated": 0, "replaced": 0, "deleted": 0}
    }
    paths = [each["path"] for each in told["resources"]["created"]]
    assert paths == ["Compute.0.server", "alone"]
    assert not cloud.orchestration.stacks.created


def test_an_update(cloud, deployed):
    cloud.orchestration.stacks.changes = {
        "unchanged": [resource("same")],
        "updated": [resource("Compute", stack_id="id-mine")],
        "replaced": [resource("server", stack_id="id-0")],
        "added": [resource("server", "mine-Compute-1")],
        "deleted": [resource("old", stack_id="id-mine")],
    }
    told = preview.preview(cloud, deployed)
    assert told["resources"] == {
        "created": [{"path": "Compute.1.server", "type": "OS::Heat::Value"}],
        "updated": [{"path": "Compute", "type": "OS::Heat::Value"}],
        "replaced": [{"path": "Compute.0.server", "type": "OS::Heat::Value"}],
        "deleted": [{"path": "old", "type": "OS::Heat::Value"}],
    }
    assert told["message"] == (
        "A deployment of plan mine updates the stack: 1 created, 1 updated, "
        "1 replaced, 1 deleted resources."
    )
    assert told["whole"]
    assert not cloud.orchestration.stacks.updated


def test_what_is_lost_is_told_first(cloud, deployed):
    cloud.orchestration.stacks.changes = {
        "added": [resource(f"new-{n}", "mine") for n in range(preview.MOST)],
        "replaced": [resource("precious", stack_id="id-mine")],
    }
    told = preview.preview(cloud, deployed)
    assert len(told["resources"]["replaced"]) == 1
    assert told["counts"]["created"] == preview.MOST
    assert told["left_out"] == 1


def test_a_heat_that_cannot_look_inside(cloud, deployed, monkeypatch):
    def stumble(stack_id, show_nested=False, **arguments):
        if show_nested:
            answer = "HTTP 400: the request is malformed or incorrect"
            raise errors.ServiceError("Heat", "it", answer, "Wait.", 400)
        return {"resource_changes": {"updated": [resource("Compute")]}}

    monkeypatch.setattr(cloud.orchestration.stacks, "preview_update", stumble)
    told = preview.preview(cloud, deployed)
    assert told["counts"]["updated"] == 1
    assert not told["whole"]
    assert "could not look into the nested stacks" in told["message"]


def test_a_plan_that_heat_refuses(cloud, deployed, monkeypatch):
    def refuse(*args, **named):
        answer = "HTTP 400: The Parameter (A) was not provided"
        raise errors.ServiceError("Heat", "it", answer, "Wait.", 400)

    monkeypatch.setattr(cloud.orchestration.stacks, "preview_update", refuse)
    with pytest.raises(errors.PlanRefused, match="parameter A has no value"):
        preview.preview(cloud, deployed)


def test_a_stack_that_is_being_changed(cloud, plan):
    cloud.orchestration.stacks.add("mine", "UPDATE_IN_PROGRESS")
    with pytest.raises(errors.StackBusy):
        preview.preview(cloud, plan)
