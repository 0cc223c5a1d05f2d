"""Workflows that no caller started."""

from __future__ import annotations

import time

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud.client import Client

WORKFLOW = "tripleo.plan_management.v1.create_deployment_plan"
#: Seconds: triggers fire at the minute, and this machine may be slow.
PATIENCE = 120


def test_a_cron_trigger_runs_a_workflow(undercloud: Client) -> None:
    """With a trust's token, no catalog, and no URL of Keystone."""
    with plans.uploaded(undercloud) as plan:
        undercloud.mistral.cron_triggers.create(
            plan,
            WORKFLOW,
            workflow_input={"container": plan, "queue_name": plan},
            pattern="* * * * *",
            count=1,
        )
        payload = first_message(undercloud, plan)["payload"]
        assert payload["message"] == f"Plan {plan} created."
        assert payload["status"] == "SUCCESS"
        assert plan in undercloud.run_action("tripleo.plan.list")


def first_message(undercloud: Client, queue: str) -> dict:
    """The first message on a queue, when it is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for body in undercloud.messages(queue):
            return body
        time.sleep(0.5)
    raise AssertionError(f"no message on {queue} within {PATIENCE} s")
