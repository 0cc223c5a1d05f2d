"""Post the message of an execution that ended without one.

Mistral ends some executions past every ``on-error`` of their workflow: when
an expression of it fails, when a value is larger than a field of its database,
when somebody cancels it. Whoever waits for the message would wait for ever.

Whether a message was posted is not recorded anywhere, but known: its action is
among the execution's own. What is missing is posted by the workflow
:data:`WORKFLOW`, whose execution has an id made from the other's. Mistral
starts a second one of that id never, so that several reporters, or one that
was killed and started again, post one message.
"""

from __future__ import annotations

import datetime
import json
import logging
import uuid
from collections.abc import Iterator
from typing import Any

from tripleo_common import clients, constants, errors
from tripleo_common.messages import envelope

LOG = logging.getLogger(__name__)

WORKFLOW = "tripleo.messaging.v1.report"
NOTIFY = "tripleo.messaging.notify"
STATES = ("ERROR", "CANCELLED")
#: Executions that are asked for at once.
PAGE = 100
#: Makes the ids of the executions that report.
_NAMESPACE = uuid.UUID("a3d1d1f5-5d0c-4c0e-9b57-0c5c2d3c8f5e")
_OURS = "tripleo."
#: These tell of others' ends, not of their own.
_MESSAGING = "tripleo.messaging."
_TIME = "%Y-%m-%d %H:%M:%S"
_LISTED = [
    "id",
    "workflow_name",
    "tags",
    "task_execution_id",
    "created_at",
    "updated_at",
]


class Reporter:
    """Finds executions without a message, in one project.

    :param cloud: of the project in which the workflows run.
    :param look_back: seconds; what ended before is not looked at.
    :param grace: seconds that an execution which has ended gets for an
        action of it that still runs.
    """

    def __init__(
        self, cloud: clients.Cloud, look_back: float, grace: float
    ) -> None:
        self._cloud = cloud
        self._look_back = datetime.timedelta(seconds=look_back)
        self._grace = datetime.timedelta(seconds=grace)
        self._settled: dict[str, str] = {}

    def look(self) -> list[str]:
        """Look once; the ids of the executions that were reported.

        :raises TripleOError: Mistral does not list its executions.
        """
        now = datetime.datetime.now(datetime.UTC)
        since = (now - self._look_back).strftime(_TIME)
        ripe = (now - self._grace).strftime(_TIME)
        self._settled = {
            known: ended
            for known, ended in self._settled.items()
            if ended >= since
        }
        return [
            execution.id
            for execution in list(self._ended(since))
            if execution.updated_at <= ripe and self._settle(execution)
        ]

    def _ended(self, since: str) -> Iterator[Any]:
        """Executions of our workflows that are not settled yet."""
        for state in STATES:
            for execution in self._listed(state, since):
                name = execution.workflow_name
                ours = (
                    name.startswith(_OURS)
                    or constants.WORKFLOW_TAG in execution.tags
                )
                known = self._settled.get(execution.id)
                if (
                    ours
                    and not name.startswith(_MESSAGING)
                    and known != execution.updated_at
                ):
                    yield execution

    def _listed(self, state: str, since: str) -> Iterator[Any]:
        marker = ""
        while True:
            page = self._cloud.workflow.executions.list(
                state=state,
                updated_at=f"gte:{since}",
                sort_keys="updated_at",
                sort_dirs="asc",
                limit=PAGE,
                marker=marker,
                fields=_LISTED,
            )
            yield from page
            if len(page) < PAGE:
                return
            marker = page[-1].id

    def _settle(self, execution: Any) -> bool:
        """Report an execution if need be; whether it was.

        What fails here is tried again at the next look.
        """
        try:
            told = self._is_reported(execution) or self._told(execution)
            reported = told is False and self._report(execution)
        except errors.TripleOError as error:
            LOG.warning("Execution %s: %s", execution.id, error)
            return False
        if told is not None:
            self._settled[execution.id] = execution.updated_at
        return reported

    def _is_reported(self, execution: Any) -> bool:
        """Whether another reporter was first, or this one, before it ended."""
        try:
            self._cloud.workflow.executions.get(_id_of_report(execution))
        except errors.ResourceNotFound:
            return False
        return True

    def _told(self, execution: Any) -> bool | None:
        """Whether its message was posted; None: it is being posted."""
        workflow = self._cloud.workflow
        tasks = {
            task.id
            for task in workflow.tasks.list(execution.id, fields=["id"])
        }
        posted = workflow.action_executions.list(
            name=NOTIFY,
            workflow_name=execution.workflow_name,
            created_at=f"gte:{execution.created_at}",
            fields=["id", "task_execution_id", "state", "input"],
        )
        states = {
            each.state
            for each in posted
            if each.task_execution_id in tasks and _is_final(each)
        }
        if "SUCCESS" in states:
            return True
        return None if "RUNNING" in states else False

    def _report(self, execution: Any) -> bool:
        """Have the message posted, unless nobody waits for one."""
        workflow = self._cloud.workflow
        asked = envelope.inputs(workflow.executions.get(execution.id))
        queue_name = asked.get("queue_name")
        if execution.task_execution_id and not queue_name:
            # The workflow that it is a part of tells.
            return False
        own_id = _id_of_report(execution)
        workflow.executions.http_client.post(
            "/executions",
            json.dumps(
                {
                    "id": own_id,
                    "workflow_name": WORKFLOW,
                    "input": json.dumps(
                        {
                            "execution_id": execution.id,
                            "queue_name": queue_name
                            or constants.DEFAULT_QUEUE_NAME,
                        }
                    ),
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        LOG.info(
            "Execution %s of %s ended without a message: reported by "
            "execution %s.",
            execution.id,
            execution.workflow_name,
            own_id,
        )
        return True


def _id_of_report(execution: Any) -> str:
    return str(uuid.uuid5(_NAMESPACE, execution.id))


def _is_final(notification: Any) -> bool:
    """Whether an action posts a last message, not one on the way."""
    asked = envelope.inputs(notification)
    return bool(asked.get("status") != "RUNNING")
