"""Put the bulk of a message into Swift, and a link in its place."""

from __future__ import annotations

import json
from typing import Any

from tripleo_common import clients
from tripleo_common.messages import envelope, queues
from tripleo_common.plans import large_results

#: The container of messages that are about no plan.
CONTAINER = "tripleo-messages"
#: Bytes of a value that stays in the message.
_SMALL_VALUE = 1024
_LONGEST_NAME = 200


def fitted(
    cloud: clients.Cloud, queue_name: str, content: dict[str, Any]
) -> dict[str, Any]:
    """The message as its queue takes it.

    One over half of the queue's limit goes to Swift as a whole; what is
    posted then has the status, the text and the ids, null in the place of
    each value that is large, and the link in ``spilled``. Where Swift does
    not take it, ``spilled`` says why.
    """
    length = queues.size(content)
    if length <= queues.SMALL:
        return content
    room = queues.limit(cloud, queue_name) // 2
    if length <= room:
        return content
    short, left_out = _shortened(content, _SMALL_VALUE)
    if queues.size(short) > room:
        short, left_out = _shortened(content, 0)
    short["payload"]["spilled"] = {
        **_stored(cloud, content),
        "bytes": length,
        "left_out": left_out,
    }
    return short


def _stored(cloud: clients.Cloud, content: dict[str, Any]) -> dict[str, Any]:
    """Where Swift has the whole message, or why it has not."""
    payload = content["payload"]
    container = _container(payload["plan_name"])
    name = f"{payload['execution_id']}-{payload['status'].lower()}.json"
    return large_results.stored(
        cloud, container, name, json.dumps(content).encode()
    )


def _container(plan: str | None) -> str:
    if plan is None or "/" in plan or len(plan) > _LONGEST_NAME:
        return CONTAINER
    return f"{plan}-messages"


def _shortened(
    content: dict[str, Any], largest: int
) -> tuple[dict[str, Any], list[str]]:
    """The message without its large values, and the names of these."""
    left_out: list[str] = []

    def kept(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
        result = {}
        for key, value in values.items():
            fits = len(json.dumps(value)) <= largest
            result[key] = value if fits else None
            if not fits:
                left_out.append(prefix + key)
        return result

    payload = content["payload"]
    own = {k: v for k, v in payload.items() if k in envelope.KEYS}
    results = {k: v for k, v in payload.items() if k not in own}
    execution = own["execution"]
    asked = kept(execution["input"], "execution.input.")
    shortened = {
        **kept(results),
        **own,
        "message": _first(payload["message"], left_out),
        "execution": {**execution, "input": asked},
    }
    return {**content, "payload": shortened}, left_out


def _first(message: Any, left_out: list[str]) -> Any:
    """The text, or of a list of failures the first ones."""
    if isinstance(message, str):
        return message
    left_out.append("message")
    if not isinstance(message, list):
        return "Too large for its queue: see spilled."
    first: list[Any] = []
    room = envelope.LONGEST_TEXT
    for item in message:
        room -= len(json.dumps(item))
        if room < 0:
            break
        first.append(item)
    return first
