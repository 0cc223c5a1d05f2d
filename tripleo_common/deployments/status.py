"""What became of a plan's deployment, as clients of Queens and later ask.

The last word that a workflow had on it is kept in the container
``<plan>-messages``, as ``deployment_status.yaml``; tripleo-ui reads it there.
Heat does not stand still after that. So whoever asks is told what follows from
both: the stack's own status, unless somebody had a later word on it. What was
said of an earlier change of the stack does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from tripleo_common import clients, errors
from tripleo_common.plans import yaml_text
from tripleo_common.plans.store import Plan

UNDEPLOYED = "UNDEPLOYED"
DEPLOYING = "DEPLOYING"
SUCCESS = "DEPLOY_SUCCESS"
FAILED = "DEPLOY_FAILED"
UNDEPLOYING = "UNDEPLOYING"
UNDEPLOY_FAILED = "UNDEPLOY_FAILED"
UNKNOWN = "UNKNOWN"
STATUSES = (
    UNDEPLOYED,
    DEPLOYING,
    SUCCESS,
    FAILED,
    UNDEPLOYING,
    UNDEPLOY_FAILED,
)
_OBJECT = "deployment_status.yaml"
#: What it does without changing what stands.
_LOOKING = ("CHECK", "SNAPSHOT", "SUSPEND", "RESUME")


def convert(status: str | None) -> str:
    """A stack's status as a deployment's.

    :param status: Heat's, such as ``UPDATE_COMPLETE``; None: no stack.
    """
    if not status:
        return UNDEPLOYED
    action, _, outcome = status.partition("_")
    if outcome not in ("IN_PROGRESS", "COMPLETE", "FAILED"):
        return UNKNOWN
    if action in _LOOKING:
        return SUCCESS
    removing = action == "DELETE"
    if action == "ROLLBACK" and outcome == "COMPLETE":
        # The end of an update that failed.
        return FAILED
    return {
        "IN_PROGRESS": UNDEPLOYING if removing else DEPLOYING,
        "COMPLETE": UNDEPLOYED if removing else SUCCESS,
        "FAILED": UNDEPLOY_FAILED if removing else FAILED,
    }[outcome]


def current(cloud: clients.Cloud, plan: Plan) -> dict[str, Any]:
    """What became of a plan's deployment.

    :returns: ``deployment_status`` (one of :data:`STATUSES` or
        ``UNKNOWN``), ``stack_status`` (Heat's; null: there is no stack),
        ``cd_status`` (what was kept; null: nothing), ``ansible_status``
        (null), ``status_update`` (the status, if it is not what was kept)
        and ``workflow_status`` (``type`` and ``payload`` of the message that
        told it; null: it was never deployed).
    """
    stack = plan.stack()
    kept = load(cloud, plan.name)
    status = _status(stack, kept)
    before = kept.get("deployment_status")
    return {
        "deployment_status": status,
        "stack_status": None if stack is None else stack.stack_status,
        "cd_status": before,
        "ansible_status": None,
        "status_update": None if status == before else status,
        "workflow_status": _workflow_status(plan.name, status, stack, kept),
    }


def store(
    cloud: clients.Cloud, plan: Plan, status: str, body: Mapping[str, Any]
) -> None:
    """Keep what a workflow has to say on a deployment.

    :param status: one of :data:`STATUSES`.
    :param body: a message's ``type`` and ``payload``.
    :raises InvalidInput: there is no such status.
    """
    if status not in STATUSES:
        raise errors.InvalidInput(
            f"status must be one of {', '.join(STATUSES)}, not "
            f"{status!r:.40}. Correct it and try again."
        )
    kept = {
        "deployment_status": status,
        "workflow_status": {
            "type": body["type"],
            "payload": {
                **body["payload"],
                "plan_name": plan.name,
                "deployment_status": status,
            },
        },
        "stack": _identity(plan.stack()),
    }
    container = _container(plan.name)
    content = yaml.safe_dump(kept, allow_unicode=True).encode()
    swift = cloud.object_store
    try:
        swift.put_object(
            container, _OBJECT, content, content_type="application/yaml"
        )
    except errors.ResourceNotFound:
        swift.put_container(container, headers={})
        swift.put_object(
            container, _OBJECT, content, content_type="application/yaml"
        )


def load(cloud: clients.Cloud, plan: str) -> dict[str, Any]:
    """What was kept; empty: nothing that can be read."""
    try:
        _, content = cloud.object_store.get_object(_container(plan), _OBJECT)
    except errors.ResourceNotFound:
        return {}
    try:
        return yaml_text.load_mapping(content, _OBJECT)
    except errors.InvalidFile:
        return {}


def _container(plan: str) -> str:
    return f"{plan}-messages"


def _status(stack: Any | None, kept: Mapping[str, Any]) -> str:
    by_heat = convert(None if stack is None else stack.stack_status)
    said = kept.get("deployment_status")
    if by_heat == SUCCESS and said in (FAILED, DEPLOYING):
        # Heat is done, but what comes after it failed, or still runs.
        is_of_now = kept.get("stack") == _identity(stack)
        return str(said) if is_of_now else by_heat
    return by_heat


def _identity(stack: Any | None) -> dict[str, Any] | None:
    """What tells a stack, and this change of it, from others."""
    if stack is None:
        return None
    return {
        "id": stack.id,
        "updated": getattr(stack, "updated_time", None),
        "status": stack.stack_status,
    }


def _workflow_status(
    plan: str,
    status: str,
    stack: Any | None,
    kept: Mapping[str, Any],
) -> dict[str, Any] | None:
    known = kept.get("workflow_status")
    if isinstance(known, dict) and isinstance(known.get("payload"), dict):
        payload = {**known["payload"], "deployment_status": status}
        return {**known, "payload": payload}
    if stack is None:
        return None
    # Somebody deployed it without a workflow.
    created = getattr(stack, "creation_time", None)
    return {
        "type": "",
        "payload": {
            "plan_name": plan,
            "deployment_status": status,
            "execution": {
                "created_at": created,
                "updated_at": getattr(stack, "updated_time", None) or created,
            },
        },
    }
