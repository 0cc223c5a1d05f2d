"""Actions that stop deployments."""

from __future__ import annotations

from typing import Any

from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.deployments import cancel
from tripleo_common.plans.store import Plan


class CancelDeploymentAction(base.TripleOAction):
    """Stop the workflows on a plan, then what Heat does with its stack.

    What an action of them had begun is waited for, 20 seconds at most.

    :param container: name of the plan, and of the stack.
    :param rollback: have Heat take an update back; a creation is stopped
        only.
    :returns: workflows (id and name of those that were cancelled),
        stack_status (null: there is no stack), stopped (whether Heat was
        asked to stop) and notes (on what could not be).
    :repeated: harmless; what is stopped stays so.
    """

    def __init__(self, container: str, rollback: bool = False) -> None:
        self.container = container
        self.rollback = rollback

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return cancel.cancel(cloud, Plan(cloud, self.container), self.rollback)


class ReportCancelAction(base.TripleOAction):
    """Tell what a cancellation left, when Heat has stopped.

    :param container: name of the plan, and of the stack.
    :param cancelled: what tripleo.deployment.cancel returned.
    :returns: stack_status, unfinished (resources that are not complete, at
        most 50) and message.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self, container: str, cancelled: dict[str, Any] | None = None
    ) -> None:
        self.container = container
        self.cancelled = cancelled

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        plan = Plan(cloud, self.container)
        return cancel.report(cloud, plan, self.cancelled or {})
