"""Actions that take a deployment from Heat's begin to its end."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants, errors
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.deployments import post_deploy, progress, watching
from tripleo_common.plans.store import Plan

_FINISH = "tripleo.deployment.v1.finish_deployment"


class BeginDeploymentAction(base.TripleOAction):
    """Look at a plan and its stack before Heat is asked to deploy it.

    :param container: name of the plan, and of the stack.
    :returns: since (what the stack is like before) and steps (what the
        plan's environment wants done afterwards, under post_deploy).
    :repeated: harmless; it only reads.
    :raises InvalidInput: post_deploy is not of its form.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(self, container: str) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        plan = Plan(cloud, self.container)
        return {
            "steps": post_deploy.steps(cloud, plan),
            "since": watching.mark(plan.stack()),
        }


class BeginFinishAction(base.TripleOAction):
    """Begin to wait for a plan's stack, to finish its deployment then.

    :param container: name of the plan, and of the stack.
    :param timeout: minutes that Heat may take.
    :returns: watch (for tripleo.stack.watch) and steps (what the plan's
        environment wants done afterwards, under post_deploy).
    :repeated: harmless; the time begins anew.
    :raises InvalidInput: the timeout, or post_deploy, cannot be.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(self, container: str, timeout: int) -> None:
        self.container = container
        self.timeout = timeout

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        plan = Plan(cloud, self.container)
        return {
            "steps": post_deploy.steps(cloud, plan),
            "watch": watching.begin(plan.name, self.timeout, True),
        }


class StartFinishAction(base.TripleOAction):
    """Start tripleo.deployment.v1.finish_deployment, and do not wait for it.

    :param container: name of the plan.
    :param since: what the stack was like before Heat was asked to deploy it.
    :param timeout: minutes that Heat may take.
    :param queue_name: the queue for its message.
    :returns: the id of its execution.
    :repeated: it may run twice.
    """

    def __init__(
        self,
        container: str,
        since: dict[str, Any] | None = None,
        timeout: int = 240,
        queue_name: str = constants.DEFAULT_QUEUE_NAME,
    ) -> None:
        self.container = container
        self.since = since
        self.timeout = timeout
        self.queue_name = queue_name

    def execute(self, cloud: Cloud) -> str:
        started = cloud.workflow.executions.create(
            _FINISH,
            workflow_input={
                "container": Plan(cloud, self.container).name,
                "since": self.since,
                "timeout": self.timeout,
                "queue_name": self.queue_name,
            },
        )
        return str(started.id)


class JudgeStepAction(base.TripleOAction):
    """Say what comes of a step after a deployment that failed.

    :param step: what tripleo.deployment.begin_finish told of it.
    :param number: the step's place, from 0.
    :param reason: the result of its workflow.
    :returns: what to tell, if the deployment goes on.
    :repeated: harmless; it only reads.
    :raises Conflict: the deployment fails with it.
    """

    def __init__(
        self, step: dict[str, Any], number: int, reason: Any = None
    ) -> None:
        self.step = step
        self.number = number
        self.reason = reason

    def execute(self, cloud: Cloud) -> str:
        text = self.reason
        if isinstance(text, dict):
            text = text.get("message") or text.get("result") or text
        told = (
            f"Step {self.number + 1} after the deployment, "
            f"{self.step.get('workflow')}, failed: {str(text).rstrip('. ')}."
        )
        if self.step.get("on_failure") == "continue":
            return f"{told} The deployment goes on, as the plan wants it."
        raise errors.Conflict(
            f"{told} Heat was done with the stack; correct this, and repeat "
            f"what is left with {_FINISH}."
        )


class DeploymentProgressAction(base.TripleOAction):
    """Tell how far Heat is with a plan's stack.

    :param container: name of the plan, and of the stack.
    :returns: stack_status (null: no stack), since, done and total (resources
        that Heat has begun with, nested stacks' too), roles (the same for
        each part of the root template) and message.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return progress.of_plan(cloud, Plan(cloud, self.container))
