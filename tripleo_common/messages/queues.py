"""Zaqar's queues, as far as messages need them."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from tripleo_common import clients, errors

#: Seconds that a message stays on its queue.
TTL = 3600
#: Bytes of a request that Zaqar takes unless it tells another limit.
DEFAULT_LIMIT = 256 * 1024
#: Bytes below which no queue's limit is asked for.
SMALL = 16 * 1024
#: Seconds that a message waits for the reader of a queue of its own.
PATIENCE = 2.0
_POLL = 0.1


def post(
    cloud: clients.Cloud, queue_name: str, content: Mapping[str, Any]
) -> None:
    """Put a message on a queue; Zaqar makes the queue if need be."""
    queue = cloud.messaging.queue(queue_name, auto_create=False)
    queue.post(_request(content))


def size(content: Mapping[str, Any]) -> int:
    """Bytes of the request that posts a message, as Zaqar counts them."""
    return len(json.dumps({"messages": _request(content)}))


def limit(cloud: clients.Cloud, queue_name: str) -> int:
    """Bytes of a request that a queue takes.

    Zaqar tells this for a queue that does not exist yet, too.
    """
    queue = cloud.messaging.queue(queue_name, auto_create=False)
    try:
        told = queue.metadata().get("_max_messages_post_size")
    except errors.TripleOError:
        return DEFAULT_LIMIT
    return int(told or DEFAULT_LIMIT)


def await_reader(cloud: clients.Cloud, queue_name: str) -> None:
    """Wait a moment until somebody listens on a caller's own queue.

    The clients of Newton and Ocata make a queue with a UUID for a name, start
    the workflow, and only then subscribe; Zaqar does not tell subscribers
    what is on a queue already. Who reads the queue without a subscription
    loses :data:`PATIENCE` seconds.
    """
    if not is_callers_own(queue_name):
        return
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not _has_reader(cloud, queue_name):
        time.sleep(_POLL)


def is_callers_own(queue_name: str) -> bool:
    """Whether a client made the queue for one execution: it is a UUID."""
    try:
        uuid.UUID(queue_name)
    except ValueError:
        return False
    return True


def _has_reader(cloud: clients.Cloud, queue_name: str) -> bool:
    try:
        return any(True for _ in cloud.messaging.subscriptions(queue_name))
    except errors.TripleOError:
        # To post will tell what is wrong, or work all the same.
        return True


def _request(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"ttl": TTL, "body": dict(content)}]
