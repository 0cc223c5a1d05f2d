"""What stands in a message.

Its body is ``{"type": <workflow>, "payload": {...}}``; the payload has

========================== ==============================================
``status``                 ``SUCCESS``, ``FAILED`` or ``RUNNING``
``message``                a text, mostly
``execution``              ``id``, ``name``, ``input`` (an object, secrets
                           masked), ``created_at``, ``updated_at``,
                           ``root_execution_id``
``execution_id``           the same id, for clients that read only this
``root_execution_id``      the id of the workflow that started it all
``plan_name``              the plan that it was about, if any
``error``                  of a failure: its ``text``, and ``name`` and ``id``
                           of each of the ``tasks`` that failed
``spilled``                of a message that was too large: where the whole
                           of it is
========================== ==============================================

and the workflow's own result keys. That is what the clients of all releases
read.
"""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Collection, Mapping
from typing import Any

from tripleo_common import masking

STATUSES = ("SUCCESS", "FAILED", "RUNNING")
#: What is not a result of the workflow.
KEYS = (
    "status",
    "message",
    "execution",
    "execution_id",
    "root_execution_id",
    "plan_name",
    "error",
    "spilled",
)
#: Characters of a text that is for people; the rest is in the execution.
LONGEST_TEXT = 8000
_PLAN_INPUTS = ("plan_name", "container", "plan")


def body(
    execution: Any,
    status: str,
    message: Any = None,
    results: Mapping[str, Any] | None = None,
    known: Collection[str] = (),
) -> dict[str, Any]:
    """The message about an execution.

    :param execution: as ``GET /v2/executions/<id>`` tells it.
    :param status: one of :data:`STATUSES`.
    :param message: for people; None: why the execution ended, if it did in
        another way than by its own end.
    :param results: the workflow's own result keys.
    :param known: secrets by value; those of the execution's input and of
        the results are found here.
    """
    asked = inputs(execution)
    told = dict(results or {})
    secrets = masking.values(asked, told, message) | set(known)
    root = getattr(execution, "root_execution_id", None) or execution.id
    # Before the text is cut: half a secret is not found any more.
    text = masking.masked(ending(execution, message), secrets)
    payload = {
        **masking.masked(told, secrets),
        "status": status,
        "message": bounded(text),
        "execution": {
            "id": execution.id,
            "name": execution.workflow_name,
            "input": _masked_inputs(asked, secrets),
            "created_at": execution.created_at,
            "updated_at": execution.updated_at,
            "root_execution_id": root,
        },
        "execution_id": execution.id,
        "root_execution_id": root,
        "plan_name": plan_of(asked, told),
    }
    return {"type": execution.workflow_name, "payload": payload}


def inputs(execution: Any) -> dict[str, Any]:
    """An execution's input: Mistral's API tells it as a text of JSON."""
    value = execution.input
    parsed = json.loads(value) if isinstance(value, str) else value
    return parsed or {}


def plan_of(
    asked: Mapping[str, Any], told: Mapping[str, Any] | None = None
) -> str | None:
    """The plan that a message is about."""
    if told and told.get("plan_name"):
        return str(told["plan_name"])
    for name in _PLAN_INPUTS:
        if asked.get(name):
            return str(asked[name])
    return None


def ending(execution: Any, message: Any) -> Any:
    """The message, or why the execution ended without one."""
    if message is not None:
        return message
    state = getattr(execution, "state", None)
    # Mistral adds a traceback to what its engine could not do.
    reason = str(getattr(execution, "state_info", None) or "")
    reason = reason.partition("\nTraceback ")[0].strip().rstrip(":.")
    if state == "CANCELLED":
        reason = f": {reason}" if reason else ""
        return (
            f"The workflow {execution.workflow_name} was cancelled{reason}. "
            "What it had begun may stand half done: look at it, and start "
            "the workflow again if it is still wanted."
        )
    if state == "ERROR":
        return (
            f"The workflow {execution.workflow_name} failed: "
            f"{reason or 'Mistral gives no reason'}. See openstack workflow "
            f"execution report show {execution.id}."
        )
    return ""


def bounded(value: Any) -> Any:
    """A copy whose texts have a length that is fit to be read."""
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, list):
        return [bounded(item) for item in value]
    if isinstance(value, dict):
        return {key: bounded(item) for key, item in value.items()}
    return value


def schema() -> dict[str, Any]:
    """The JSON schema of a message's body."""
    files = importlib.resources.files("tripleo_common.messages")
    parsed: dict[str, Any] = json.loads(
        files.joinpath("envelope.json").read_text()
    )
    return parsed


def _masked_inputs(
    asked: dict[str, Any], secrets: Collection[str]
) -> dict[str, Any]:
    result: dict[str, Any] = masking.masked(asked, secrets)
    # Clients take the plan's name from here; a password may be the same.
    names = {
        n: asked[n] for n in _PLAN_INPUTS if isinstance(asked.get(n), str)
    }
    return result | names


def _cut(text: str) -> str:
    if len(text) <= LONGEST_TEXT:
        return text
    # The cause stands at the end as often as at the beginning.
    half = LONGEST_TEXT // 2 - 30
    left_out = len(text) - 2 * half
    return (
        f"{text[:half]} [... {left_out} characters left out ...] "
        f"{text[-half:]}"
    )
