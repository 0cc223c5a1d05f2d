"""How far Heat is with a stack."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.deployments import failures
from tripleo_common.plans.store import Plan

_DONE = "_COMPLETE"
_BUSY = "_IN_PROGRESS"


def of_plan(cloud: clients.Cloud, plan: Plan) -> dict[str, Any]:
    """How far Heat is with a plan's stack.

    :returns: ``stack_status`` (None: there is no stack), ``since``, ``done``
        and ``total`` (of the resources that Heat has begun with, nested
        stacks' too), ``roles`` (the same for each resource of the root
        template that has some inside of it), ``message``.
    """
    stack = plan.stack()
    if stack is None:
        return {
            "stack_status": None,
            "since": None,
            "done": 0,
            "total": 0,
            "roles": {},
            "message": f"Plan {plan.name} has no stack.",
        }
    done, total, roles = _counted(cloud, stack)
    return {
        "stack_status": stack.stack_status,
        "since": _since(stack),
        "done": done,
        "total": total,
        "roles": roles,
        "message": (
            f"The stack {plan.name} is {stack.stack_status} since "
            f"{_since(stack)}: {done} of {total} resources are complete."
        ),
    }


def told(cloud: clients.Cloud, stack: Any) -> str:
    """What Heat does with a stack, in a few words."""
    text = f"{stack.stack_status} since {_since(stack)}"
    with contextlib.suppress(errors.ServiceError):
        done, total, _ = _counted(cloud, stack)
        text += f", {done} of {total} resources are complete"
    return text


def _since(stack: Any) -> str:
    return str(stack.updated_time or stack.creation_time)


def _counted(
    cloud: clients.Cloud, stack: Any
) -> tuple[int, int, dict[str, dict[str, int]]]:
    listed = cloud.orchestration.resources.list(
        stack.id, nested_depth=failures.DEPTH
    )
    # What was there before an update counts when Heat has been there again.
    since = stack.updated_time or ""
    action = stack.stack_status.partition("_")[0]
    owners = {each.physical_resource_id: each for each in listed}
    totals: Counter[str] = Counter()
    complete: Counter[str] = Counter()
    for each in listed:
        root = failures.path_of(each, owners).partition(".")[0]
        totals[root] += 1
        complete[root] += _is_done(each, action, since)
    roles = {
        name: {"done": complete[name], "total": total}
        for name, total in totals.items()
        if total > 1
    }
    return complete.total(), totals.total(), roles


def _is_done(resource: Any, action: str, since: str) -> bool:
    if not resource.resource_status.endswith(_DONE):
        return False
    return action == "CREATE" or (resource.updated_time or "") >= since
