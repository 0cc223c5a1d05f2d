"""Actions that deploy plans."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.actions.deployment_status import (
    ConvertStatusAction,
    DeploymentFailuresAction,
    DeploymentStatusAction,
)
from tripleo_common.clients import Cloud
from tripleo_common.deployments import overcloudrc, stack
from tripleo_common.plans import parameters, store

# Where clients and other packages look for them.
__all__ = [
    "ConvertStatusAction",
    "DeployStackAction",
    "DeploymentFailuresAction",
    "DeploymentStatusAction",
    "OvercloudRcAction",
    "ValidatePlanAction",
]


class DeployStackAction(base.TripleOAction):
    """Have Heat begin to create or to update a plan's stack.

    The templates are processed first. The action ends when Heat has taken
    the plan; follow the stack's events for the rest.

    :param timeout: minutes that Heat may take.
    :param container: name of the plan, and of the stack.
    :param skip_deploy_identifier: whether the deployment steps of nodes
        that did not change are left alone.
    :returns: Heat's answer: for a new stack its id and links.
    :repeated: it is refused (StackBusy) while Heat is at work.
    :raises PlanNotFound: there is no such plan.
    :raises StackBusy: the stack is being changed already.
    :raises InvalidFile: a file of the plan cannot be used.
    :raises TokenEndsSoon: the caller's token would end before it is done.
    """

    takes_minutes = True

    def __init__(
        self,
        timeout: int,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        skip_deploy_identifier: bool = False,
    ) -> None:
        self.timeout = timeout
        self.container = container
        self.skip_deploy_identifier = skip_deploy_identifier

    def execute(self, cloud: Cloud) -> Any:
        return stack.deploy(
            cloud,
            store.Plan(cloud, self.container),
            self.timeout,
            self.skip_deploy_identifier,
        )


class ValidatePlanAction(base.TripleOAction):
    """Have Heat validate what a plan would deploy.

    The templates are rendered first; nothing is stored. With the templates
    of a whole cloud it takes Heat a minute.

    :param container: name of the plan.
    :returns: nothing; tripleo.parameters.get tells Heat's answer.
    :repeated: harmless; it only reads.
    :raises PlanNotFound: there is no such plan.
    :raises FileMissing: a file that another refers to is not in the plan.
    :raises InvalidFile: a file cannot be used; tells file, line and cause.
    :raises ServiceError: Heat finds fault with the templates.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> None:
        parameters.validate(cloud, store.Plan(cloud, self.container))


class OvercloudRcAction(base.TripleOAction):
    """Make the files that log an operator in to a deployed cloud.

    :param container: name of the plan, and of the stack.
    :param no_proxy: hosts to be reached without a proxy, separated by
        commas; the cloud's own are added.
    :returns: a mapping with overcloudrc and overcloudrc.v3: texts to write to
        files and to source in a shell. They hold the admin's password.
    :repeated: harmless; it only reads.
    :raises PlanNotFound: there is no such plan.
    :raises NotFound: the plan has no stack, or no AdminPassword.
    :raises Conflict: the stack does not tell where its Keystone is (yet).
    """

    def __init__(self, container: str, no_proxy: str = "") -> None:
        self.container = container
        self.no_proxy = no_proxy

    def execute(self, cloud: Cloud) -> dict[str, str]:
        plan = store.Plan(cloud, self.container)
        return overcloudrc.create(cloud, plan, self.no_proxy)
