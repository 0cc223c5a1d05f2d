"""Tell a queue's readers how an execution went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tripleo_common import clients, constants, errors, masking
from tripleo_common.messages import envelope, failure, queues, spill


def notify(
    cloud: clients.Cloud,
    execution_id: str | None,
    queue_name: str | None,
    status: str,
    message: Any = None,
    results: Mapping[str, Any] | None = None,
    kind: str | None = None,
    handed_out: bool = False,
) -> dict[str, Any]:
    """Tell a queue's readers how an execution went.

    :param execution_id: the workflow execution that the message is about.
    :param queue_name: None: the queue that the execution was asked to tell.
    :param message: for people; None: why the execution ended, if it has.
    :param kind: the message's type; None: the workflow's name.
    :param handed_out: *message* and *results* are what the caller asked
        for, secrets too: they go as they are.
    :returns: the message's body, as it was posted; one of RUNNING is not, on
        a queue whose name is a UUID.
    :raises InvalidInput: an unknown status, or no execution.
    """
    if status not in envelope.STATUSES:
        raise errors.InvalidInput(
            f"A message's status is one of {', '.join(envelope.STATUSES)}, "
            f"not {status!r}."
        )
    if execution_id is None:
        raise errors.InvalidInput(
            "A message is about a workflow execution, and none is given. "
            "Call this action from a workflow, or pass execution_id."
        )
    execution = cloud.workflow.executions.get(execution_id)
    queue_name = queue_name or _own_queue(execution)
    known: set[str] = set()
    if results or status == "FAILED":
        # A text of a good end is the workflow's own, and holds no secret.
        known = _plans_secrets(cloud, execution, results)
    content = envelope.body(execution, status, message, results, known)
    if status == "FAILED":
        content["payload"]["error"] = {
            "text": envelope.bounded(
                failure.text(content["payload"]["message"])
            ),
            "tasks": failure.failed_tasks(cloud, execution_id),
        }
    if kind:
        content["type"] = kind
    if handed_out:
        content["payload"] |= {**(results or {}), "message": message}
    content = spill.fitted(cloud, queue_name, content)
    if status == "RUNNING" and queues.is_callers_own(queue_name):
        # Its clients take the first message for the last.
        return content
    queues.await_reader(cloud, queue_name)
    queues.post(cloud, queue_name, content)
    return content


def _own_queue(execution: Any) -> str:
    """The queue that an execution was asked to tell."""
    asked = envelope.inputs(execution).get("queue_name")
    return str(asked or constants.DEFAULT_QUEUE_NAME)


def _plans_secrets(
    cloud: clients.Cloud, execution: Any, results: Mapping[str, Any] | None
) -> set[str]:
    """The passwords of the plan that the message is about."""
    plan = envelope.plan_of(envelope.inputs(execution), results)
    if plan is None:
        return set()
    try:
        variables = cloud.workflow.environments.get(plan).variables
    except errors.TripleOError:
        # No plan, no passwords; and the message matters more than a plan
        # that cannot be read.
        return set()
    return masking.values(variables)
