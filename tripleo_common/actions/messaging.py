"""Actions that tell clients how a workflow went."""

from __future__ import annotations

from typing import Any

from tripleo_common import messages
from tripleo_common.actions import base
from tripleo_common.clients import Cloud


class NotifyAction(base.TripleOAction):
    """Post the message about the workflow that this action is a task of.

    The message's type and ids are the workflow's own; its input goes along.
    Secrets are masked by their names, and by their values in texts too. A
    message over half of what the queue takes goes to Swift, and a link to it
    on the queue. On a queue whose name is a UUID it waits up to two seconds
    for the queue's first subscriber; one of RUNNING is not posted there at
    all, as the clients that make such queues take the first message for the
    last.

    :param queue_name: the queue of Zaqar that clients listen on; none: what
        the workflow's own input queue_name says, or tripleo.
    :param status: SUCCESS, FAILED or RUNNING.
    :param message: what happened, for people; none: why the execution ended,
        if it has ended.
    :param payload: the workflow's result keys.
    :param execution_id: the execution that the message is about; none: the
        one that this action is a task of.
    :param type: the message's type; none: the name of that workflow.
    :returns: the message's body: type and payload.
    :repeated: the message may be there twice.
    :raises InvalidInput: an unknown status, or no execution to tell about.
    """

    def __init__(
        self,
        queue_name: str | None = None,
        status: str = "SUCCESS",
        message: Any = None,
        payload: dict[str, Any] | None = None,
        execution_id: str | None = None,
        type: str | None = None,
    ) -> None:
        self.queue_name = queue_name
        self.status = status
        self.message = message
        self.payload = payload
        self.execution_id = execution_id
        self.type = type

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return messages.notify(
            cloud,
            self.execution_id or self._told("workflow_execution_id"),
            self.queue_name,
            self.status,
            self.message,
            self.payload,
            self.type,
        )
