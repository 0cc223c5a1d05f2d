from __future__ import annotations

from tripleo_common.deployments import progress
from tripleo_common.plans.store import Plan

BEGUN = "2026-01-02T00:00:00Z"


def test_resources_are_counted_by_role(cloud):
    cloud.orchestration.stacks.add(
        "mine", "UPDATE_IN_PROGRESS", updated_time=BEGUN
    )
    add = cloud.orchestration.resources.add
    add("id-mine", "Compute", "UPDATE_IN_PROGRESS")
    add("id-Compute", "0", "UPDATE_COMPLETE", updated_time=BEGUN)
    # Heat has not been there yet in this update.
    add("id-Compute", "1", "CREATE_COMPLETE")
    add("id-mine", "alone", "CREATE_COMPLETE", updated_time=BEGUN)
    told = progress.of_plan(cloud, Plan(cloud, "mine"))
    assert (told["done"], told["total"]) == (2, 4)
    assert told["roles"] == {"Compute": {"done": 1, "total": 3}}
    assert told["message"] == (
        f"The stack mine is UPDATE_IN_PROGRESS since {BEGUN}: 2 of 4 "
        "resources are complete."
    )


def test_a_plan_without_a_stack(cloud):
    told = progress.of_plan(cloud, Plan(cloud, "mine"))
    assert told["stack_status"] is None
    assert told["message"] == "Plan mine has no stack."
