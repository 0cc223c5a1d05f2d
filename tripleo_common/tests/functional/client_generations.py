"""How each generation of clients waits for a workflow's end.

Small doubles of python-tripleoclient and tripleo-ui, from Newton to Train:
when they subscribe, which message they take for the last one, and where they
read the result. They are as strict as the originals: a key that one of those
reads without a default is read without one here.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import jsonschema
import websocket

from tripleo_common import constants
from tripleo_common.messages import envelope
from tripleo_common.undercloud.client import Client

#: Seconds that a double waits for the next frame.
PATIENCE = 60
SHARED = constants.DEFAULT_QUEUE_NAME


@dataclass(frozen=True)
class Outcome:
    """What a client makes of a workflow's end."""

    status: str
    message: Any


class Socket:
    """A conversation with Zaqar's websocket, strictly in turns."""

    def __init__(self, undercloud: Client, queue: str) -> None:
        self.queue = queue
        self._headers = {
            "Client-ID": str(uuid.uuid4()),
            "X-Project-ID": undercloud.session.get_project_id(),
        }
        self._connection = websocket.create_connection(
            undercloud.url["zaqar-websocket"], timeout=PATIENCE
        )
        token = {"X-Auth-Token": undercloud.session.get_token()}
        self._ask("authenticate", {**self._headers, **token})

    def subscribe(self) -> None:
        self._ask("queue_create", self._headers, queue_name=self.queue)
        self._ask(
            "subscription_create",
            self._headers,
            queue_name=self.queue,
            ttl=10000,
        )

    def payloads(self) -> Iterator[tuple[str, Any]]:
        """The type and the payload of each message that arrives."""
        while True:
            body = json.loads(self._connection.recv())["body"]
            jsonschema.validate(body, envelope.schema())
            yield body["type"], body["payload"]

    def close(self, delete: bool) -> None:
        if delete:
            self._ask("queue_delete", self._headers, queue_name=self.queue)
        self._connection.close()

    def _ask(self, action: str, headers: dict[str, str], **body: str) -> None:
        frame = {"action": action, "headers": headers, "body": body}
        self._connection.send(json.dumps(frame))
        reply = json.loads(self._connection.recv())
        assert reply["headers"]["status"] in (200, 201, 204), reply


def _is_executions(payload: Any, execution: str) -> bool:
    return bool(payload["execution"]["id"] == execution)


def _is_executions_or_roots(payload: Any, execution: str) -> bool:
    own = payload.get("execution_id", payload.get("execution", {}).get("id"))
    root = payload.get(
        "root_execution_id",
        payload.get("execution", {}).get("root_execution_id"),
    )
    return execution in (own, root)


@dataclass(frozen=True)
class Generation:
    """A release of the command line client.

    :ivar own_queue: it makes a queue of its own for each command.
    :ivar subscribes_first: before it starts the workflow, or right after.
    :ivar first_is_last: it takes the first message for the final one.
    :ivar matches: whether a message is about the execution.
    :ivar reads_output: where the execution has ended, it reads that.
    :ivar deletes_queue: on its way out.
    """

    name: str
    own_queue: bool
    subscribes_first: bool
    first_is_last: bool
    matches: Callable[[Any, str], bool]
    reads_output: bool
    deletes_queue: bool

    @contextmanager
    def listening(self, undercloud: Client) -> Iterator[Socket]:
        """A socket, subscribed to if that comes first."""
        queue = str(uuid.uuid4()) if self.own_queue else SHARED
        socket = Socket(undercloud, queue)
        if self.subscribes_first:
            socket.subscribe()
        yield socket
        socket.close(self.deletes_queue)

    def started(self, socket: Socket) -> None:
        """What it does once the workflow runs."""
        if not self.subscribes_first:
            socket.subscribe()

    def inputs(self, socket: Socket) -> dict[str, str]:
        return {"queue_name": socket.queue} if self.own_queue else {}

    def outcome(
        self, undercloud: Client, socket: Socket, execution: str
    ) -> Outcome:
        """Wait for the end, as this release does."""
        for _, payload in socket.payloads():
            if not self.matches(payload, execution):
                continue
            if self.first_is_last or payload["status"] != "RUNNING":
                return self._read(undercloud, execution, payload)
        raise AssertionError("the socket was closed")

    def _read(
        self, undercloud: Client, execution: str, payload: Any
    ) -> Outcome:
        if self.reads_output:
            found = undercloud.mistral.executions.get(execution)
            if found.state != "RUNNING":
                payload = json.loads(found.output)
        return Outcome(payload["status"], payload["message"])


#: Ocata does the same.
NEWTON = Generation("Newton", True, False, True, _is_executions, False, True)
PIKE = Generation("Pike", True, True, False, _is_executions, False, True)
ROCKY = Generation(
    "Rocky", False, True, False, _is_executions_or_roots, False, False
)
STEIN = Generation(
    "Stein", False, True, False, _is_executions_or_roots, True, False
)
TRAIN = Generation(
    "Train", False, True, False, _is_executions_or_roots, True, False
)
#: It deletes the shared queue, and with it everybody's subscriptions.
QUEENS = Generation(
    "Queens", False, True, False, _is_executions_or_roots, False, True
)

WITH_OWN_QUEUE = (NEWTON, PIKE)
ON_SHARED_QUEUE = (ROCKY, STEIN, TRAIN, QUEENS)


@dataclass(frozen=True)
class Seen:
    """What a browser shows: the plan, and how its workflow went."""

    plan: str
    outcome: Outcome


def newton_to_queens_ui(undercloud: Client, payload: Any) -> Seen:
    """All of it from the message."""
    return Seen(
        payload["execution"]["input"]["container"],
        Outcome(payload["status"], payload["message"]),
    )


def rocky_ui(undercloud: Client, payload: Any) -> Seen:
    """The execution's id from the message, the rest from Mistral."""
    return _of_execution(undercloud, payload["execution"]["id"])


def stein_ui(undercloud: Client, payload: Any) -> Seen:
    """As before, by another key."""
    return _of_execution(undercloud, payload["execution_id"])


UIS = (newton_to_queens_ui, rocky_ui, stein_ui)


def _of_execution(undercloud: Client, execution: str) -> Seen:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = undercloud.mistral.executions.get(execution)
        if found.state != "RUNNING":
            break
        # The message is a task, and the workflow ends with its tasks.
        time.sleep(0.1)
    output = json.loads(found.output)
    states = {"SUCCESS": "SUCCESS", "ERROR": "FAILED"}
    return Seen(
        json.loads(found.input)["container"],
        Outcome(states[found.state], output["message"]),
    )
