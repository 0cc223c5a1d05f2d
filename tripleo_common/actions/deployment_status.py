"""Actions that tell what became of a deployment."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.deployments import failures, status
from tripleo_common.messages import envelope
from tripleo_common.plans.store import Plan


class DeploymentStatusAction(base.TripleOAction):
    """Tell what became of a plan's deployment.

    :param plan: name of the plan, and of the stack.
    :returns: deployment_status (UNDEPLOYED, DEPLOYING, DEPLOY_SUCCESS,
        DEPLOY_FAILED, UNDEPLOYING, UNDEPLOY_FAILED or UNKNOWN), stack_status
        (Heat's; null: no stack), cd_status (what was last kept),
        ansible_status (null), status_update (the status, if it is not the
        one that was kept) and workflow_status (type and payload of the
        message that told it last; null: it was never deployed).
    :repeated: harmless; it only reads.
    """

    def __init__(self, plan: str = constants.DEFAULT_CONTAINER_NAME) -> None:
        self.plan = plan

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return status.current(cloud, Plan(cloud, self.plan))


class ConvertStatusAction(base.TripleOAction):
    """Tell a stack's status as a deployment's.

    :param status: Heat's, such as CREATE_COMPLETE; empty: there is no stack.
    :returns: UNDEPLOYED, DEPLOYING, DEPLOY_SUCCESS, DEPLOY_FAILED,
        UNDEPLOYING, UNDEPLOY_FAILED or UNKNOWN.
    :repeated: harmless; it only reads.
    """

    def __init__(self, status: str | None) -> None:
        self.status = status

    def execute(self, cloud: Cloud) -> str:
        return status.convert(self.status)


class SetDeploymentStatusAction(base.TripleOAction):
    """Keep what a workflow has to say on a plan's deployment.

    It is kept in the container <plan>-messages, as deployment_status.yaml,
    with the workflow's execution.

    :param plan: name of the plan.
    :param status: UNDEPLOYED, DEPLOYING, DEPLOY_SUCCESS, DEPLOY_FAILED,
        UNDEPLOYING or UNDEPLOY_FAILED; none: what Heat says now.
    :param message: what happened, for people.
    :returns: the status.
    :repeated: harmless; it keeps the same.
    :raises InvalidInput: there is no such status.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self, plan: str, status: str | None = None, message: str = ""
    ) -> None:
        self.plan = plan
        self.status = status
        self.message = message

    def execute(self, cloud: Cloud) -> str:
        plan = Plan(cloud, self.plan)
        plan.state()
        wanted = self.status
        if wanted is None:
            stack = plan.stack()
            wanted = status.convert(stack and stack.stack_status)
        body: dict[str, Any] = {"type": "", "payload": {}}
        execution_id = self._told("workflow_execution_id")
        if execution_id is not None:
            execution = cloud.workflow.executions.get(execution_id)
            body = envelope.body(execution, "RUNNING", self.message)
        status.store(cloud, plan, wanted, body)
        return wanted


class DeploymentFailuresAction(base.TripleOAction):
    """Tell what failed in a plan's stack, the first cause first.

    :param plan: name of the plan, and of the stack.
    :param work_dir: not used: nothing is kept on an executor's disk.
    :param ansible_errors_file: not used, likewise.
    :returns: message, and failures: for each host (of a resource that is on
        none: the stack's name) a list of [path, details]; the details are
        type, status, reason, time, and of software on a server stdout,
        stderr and status_code.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        plan: str = constants.DEFAULT_CONTAINER_NAME,
        work_dir: str = "/var/lib/mistral",
        ansible_errors_file: str = "ansible-errors.json",
    ) -> None:
        self.plan = plan
        self.work_dir = work_dir
        self.ansible_errors_file = ansible_errors_file

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        stack = Plan(cloud, self.plan).stack()
        if stack is None:
            message = f"Plan {self.plan} has no stack, so nothing failed."
            return {"message": message, "failures": {}}
        found = failures.find(cloud, stack)
        message = f"Nothing failed in the stack {self.plan}."
        if found:
            message = failures.line(found[0])
        return {
            "message": message,
            "failures": failures.by_host(found, self.plan),
        }
