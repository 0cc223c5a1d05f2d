"""Stop what changes a plan's stack: workflows first, then Heat.

An action that runs cannot be stopped. So its lease of the plan is waited for
after its workflow was cancelled: what it had begun is known then, and Heat is
asked to stop that, too.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.deployments import failures
from tripleo_common.plans.store import Plan

#: The workflows that change stacks.
WORKFLOWS = (
    "tripleo.deployment.v1.deploy_plan",
    "tripleo.deployment.v1.finish_deployment",
    "tripleo.deployment.v1.undeploy_plan",
    "tripleo.package_update.v1.package_update_plan",
    "tripleo.scale.v1.delete_node",
)
_RUNNING = ("RUNNING", "PAUSED", "DELAYED")
_PLAN_INPUTS = ("container", "plan_name", "plan")
_BUSY = "_IN_PROGRESS"
_DONE = "_COMPLETE"
#: Resources that are told by name.
MOST = 50


def cancel(
    cloud: clients.Cloud, plan: Plan, rollback: bool = False
) -> dict[str, Any]:
    """Stop the workflows on a plan, then what Heat does with its stack.

    :param rollback: have Heat take an update back. What it creates first, it
        cannot take back.
    :returns: ``workflows`` (``id`` and ``name`` of each that was cancelled),
        ``stack_status`` (None: there is no stack), ``stopped`` (whether Heat
        was asked to stop) and ``notes`` (sentences on what could not be).
    """
    workflows = _cancel_workflows(cloud, plan.name)
    notes = []
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(plan.exclusively())
        except errors.PlanBusy as error:
            # Heat has to stop all the same.
            notes.append(str(error))
        stack = plan.stack()
        stopped = False
        if stack is not None and stack.stack_status.endswith(_BUSY):
            stopped = _stop(cloud, stack, rollback, notes)
    return {
        "workflows": workflows,
        "stack_status": None if stack is None else stack.stack_status,
        "stopped": stopped,
        "notes": notes,
    }


def report(
    cloud: clients.Cloud, plan: Plan, cancelled: dict[str, Any]
) -> dict[str, Any]:
    """Tell what a cancellation left, when Heat has stopped.

    :param cancelled: what :func:`cancel` returned.
    :returns: ``stack_status``, ``unfinished`` (paths and statuses of the
        resources that are not complete, at most :data:`MOST`) and
        ``message``.
    """
    stack = plan.stack()
    names = [str(each.get("name")) for each in cancelled.get("workflows", [])]
    told = [f"Cancelled on plan {plan.name}: {', '.join(names) or 'nothing'}."]
    unfinished: list[dict[str, str]] = []
    if stack is None:
        told.append("It has no stack.")
    else:
        unfinished = _unfinished(cloud, stack)
        told.append(f"Its stack is {stack.stack_status}.")
        if unfinished:
            shown = ", ".join(
                f"{each['path']} {each['status']}" for each in unfinished[:10]
            )
            more = len(unfinished) - 10
            told.append(
                f"Not complete: {shown}"
                + (f" and {more} more." if more > 0 else ".")
            )
    told += [str(note) for note in cancelled.get("notes", [])]
    if stack is not None and unfinished:
        told.append("Deploy the plan again to go on from there.")
    return {
        "stack_status": None if stack is None else stack.stack_status,
        "unfinished": unfinished[:MOST],
        "message": " ".join(told),
    }


def _cancel_workflows(cloud: clients.Cloud, plan: str) -> list[dict[str, str]]:
    """Cancel the outermost first: they would start others."""
    found = [
        each
        for state in _RUNNING
        for each in cloud.workflow.executions.list(
            state=state,
            workflow_name=f"in:{','.join(WORKFLOWS)}",
            fields=["id", "workflow_name", "input", "created_at"],
            sort_keys="created_at",
            sort_dirs="asc",
        )
        if _is_on(plan, each)
    ]
    cancelled = []
    for each in found:
        # It may have come to its own end meanwhile.
        with contextlib.suppress(errors.ServiceError):
            cloud.workflow.executions.update(each.id, "CANCELLED")
            cancelled.append({"id": each.id, "name": each.workflow_name})
    return cancelled


def _is_on(plan: str, execution: Any) -> bool:
    value = execution.input
    inputs = json.loads(value) if isinstance(value, str) else value
    return any((inputs or {}).get(name) == plan for name in _PLAN_INPUTS)


def _stop(
    cloud: clients.Cloud, stack: Any, rollback: bool, notes: list[str]
) -> bool:
    """Have Heat stop; whether it does."""
    action = stack.stack_status.partition("_")[0]
    if action not in ("CREATE", "UPDATE"):
        notes.append(
            f"Heat cannot stop {stack.stack_status}: wait for its end."
        )
        return False
    actions = cloud.orchestration.actions
    if rollback and action == "CREATE":
        notes.append("A creation cannot be taken back; it was stopped only.")
    try:
        if rollback and action == "UPDATE":
            actions.cancel_update(stack.id)
        else:
            actions.cancel_without_rollback(stack.id)
    except errors.ServiceError as error:
        notes.append(f"Heat did not stop: {error}")
        return False
    return True


def _unfinished(cloud: clients.Cloud, stack: Any) -> list[dict[str, str]]:
    listed = cloud.orchestration.resources.list(
        stack.id, nested_depth=failures.DEPTH
    )
    owners = {each.physical_resource_id: each for each in listed}
    return [
        {
            "path": failures.path_of(each, owners),
            "type": each.resource_type,
            "status": each.resource_status,
        }
        for each in listed
        if not each.resource_status.endswith(_DONE)
    ]
