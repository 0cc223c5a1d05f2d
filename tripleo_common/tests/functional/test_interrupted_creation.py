"""Mistral is killed while it creates a plan; the creation is repeated."""

from __future__ import annotations

import os
import signal

from tripleo_common.tests.functional import plans
from tripleo_common.tests.functional.command_line import CommandLine
from tripleo_common.tests.functional.test_undercloud import pids, wait_until
from tripleo_common.undercloud.client import Client

CREATE = "tripleo.plan_management.v1.create_default_deployment_plan"
#: Seconds until Mistral notices that an action is lost, on a busy machine.
NOTICED = 600


def test_a_creation_that_was_cut_off_is_gone_on_with(
    undercloud: Client, command_line: CommandLine
) -> None:
    with plans.named(undercloud) as plan:
        execution = undercloud.start_workflow(CREATE, container=plan)
        # The first lease was the container's. What is lost before an action
        # begins, Mistral does not notice.
        wait_until(
            "the upload to begin",
            lambda: any(
                each.name == f"lease.{plan}.2"
                for each in undercloud.mistral.environments.list()
            ),
        )
        os.kill(pids(command_line.state)["mistral"], signal.SIGKILL)
        command_line.succeed("restart", "mistral")
        state, _ = undercloud.wait_for_execution(execution, NOTICED)
        assert state == "ERROR"
        undercloud.run_workflow(CREATE, container=plan)
        assert plan in undercloud.run_action("tripleo.plan.list")
        told = undercloud.run_action("tripleo.plan.diff", container=plan)
        assert told["files"] == {"added": [], "changed": [], "missing": []}
