"""Create a plan's stack, or update it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from tripleo_common import clients, conf, errors
from tripleo_common.deployments import progress, refusal, rings
from tripleo_common.plans.lease import Lease
from tripleo_common.plans.store import Plan

_BUSY = "_IN_PROGRESS"


def deploy(
    cloud: clients.Cloud,
    plan: Plan,
    timeout: int,
    skip_deploy_identifier: bool = False,
    overrides: Mapping[str, Any] | None = None,
) -> Any:
    """Have Heat begin to make the cloud that a plan describes.

    :param timeout: minutes that Heat may take.
    :param skip_deploy_identifier: do not make every deployment step run
        again on the nodes that are there already.
    :param overrides: parameters for this time only.
    :returns: Heat's answer: for a new stack ``{"stack": {"id", "links"}}``.
    :raises InvalidInput: the timeout is not a whole number above 0.
    :raises StackBusy: the stack is being changed already.
    :raises PlanRefused: Heat finds fault with it.
    :raises PlanBusy: somebody else changes the plan, and takes long.
    """
    if type(timeout) is not int or timeout < 1:
        raise errors.InvalidInput(
            "timeout must be a whole number of minutes above 0, not "
            f"{timeout!r:.100}."
        )
    with plan.exclusively() as lease:
        identifiers = dict(overrides or {})
        if not skip_deploy_identifier:
            identifiers["DeployIdentifier"] = str(int(time.time()))
        return _deploy(cloud, plan, lease, timeout, identifiers)


def _deploy(
    cloud: clients.Cloud,
    plan: Plan,
    lease: Lease,
    timeout: int,
    overrides: dict[str, Any],
) -> Any:
    stack = plan.stack()
    if stack is not None and stack.stack_status.endswith(_BUSY):
        raise errors.StackBusy(plan.name, progress.told(cloud, stack))
    action = "CREATE" if stack is None else "UPDATE"
    identifiers = {"StackAction": action, "UpdateIdentifier": ""}
    inputs = plan.process(overrides=identifiers | overrides, verify=True)
    rings.add_links(cloud, plan.name, inputs, is_new=stack is None)
    arguments = {
        "template": inputs.template,
        "environment": inputs.environment,
        "files": inputs.files,
        "timeout_mins": timeout,
    }
    stacks = cloud.orchestration.stacks
    lease.check(needed=conf.options().heat_timeout)
    try:
        if stack is None:
            return stacks.create(stack_name=plan.name, **arguments)
        return stacks.update(stack.id, existing=True, **arguments)
    except errors.ServiceError as error:
        raise refusal.told(plan.name, error) from error
