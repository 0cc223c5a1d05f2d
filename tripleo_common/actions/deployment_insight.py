"""Actions that tell what a deployment would do, and why one failed."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.deployments import explain, preview
from tripleo_common.plans.store import Plan


class PreviewDeploymentAction(base.TripleOAction):
    """Tell what a deployment of a plan would change; nothing is changed.

    Heat cannot know what resources decide while they are updated, so it may
    do a little less or more than it says here.

    :param container: name of the plan, and of the stack.
    :returns: stack_status (null: the stack would be created), counts (of the
        resources that would be created, updated, replaced and deleted, nested
        stacks' too), roles (the same for each part of the root template),
        resources (paths and types, at most 200), left_out (how many more
        there are), whole (whether Heat could look into nested stacks) and
        message.
    :repeated: harmless; it only reads.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidFile: a file of the plan cannot be used.
    :raises StackBusy: the stack is being changed.
    :raises PlanRefused: Heat finds fault with the plan.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return preview.preview(cloud, Plan(cloud, self.container))


class ExplainDeploymentAction(base.TripleOAction):
    """Tell why a plan's deployment, or a workflow, failed.

    It goes from the workflow through those that it started, and from the
    stack through nested ones, to what failed first.

    :param of_plan: name of the plan; none: the one that the execution is
        about.
    :param execution_id: a workflow's execution; none: the one that had the
        last word on the plan.
    :returns: message (the first cause on one line), cause (path, reason,
        time, and of software on a server stdout, stderr and status_code;
        null: nothing failed), causes (at most five), workflows (the way
        through Mistral), stack_status and text (all of it on one screen).
    :repeated: harmless; it only reads.
    :raises InvalidInput: neither is given.
    :raises ResourceNotFound: there is no such execution.
    """

    def __init__(
        self, of_plan: str | None = None, execution_id: str | None = None
    ) -> None:
        self.of_plan = of_plan
        self.execution_id = execution_id

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return explain.explain(cloud, self.of_plan, self.execution_id)
