"""The form of a failure that programs read: ``payload.error``."""

from __future__ import annotations

import json
from typing import Any

from tripleo_common import clients, errors

#: Failed tasks that a message names; the execution has them all.
MOST = 20
_TEXT_KEYS = ("message", "result")


def failed_tasks(
    cloud: clients.Cloud, execution_id: str
) -> list[dict[str, str]]:
    """The tasks of an execution that failed, the first one first.

    :returns: of each its ``name`` and ``id``; none, where Mistral does not
        tell: the message matters more.
    """
    try:
        failed = cloud.workflow.tasks.list(
            execution_id,
            state="ERROR",
            sort_keys="created_at",
            sort_dirs="asc",
            limit=MOST,
            fields=["id", "name"],
        )
        return [{"name": task.name, "id": task.id} for task in failed]
    except errors.TripleOError:
        return []


def text(message: Any) -> str:
    """A message as one text, whatever form its readers need."""
    if isinstance(message, str):
        return message
    if isinstance(message, list):
        return "\n".join(text(item) for item in message)
    if isinstance(message, dict):
        for key in _TEXT_KEYS:
            if message.get(key):
                return text(message[key])
    return json.dumps(message)
