"""Nodes that are introspected: those that wait, those that are on their way.

Each has a time of its own, and is begun again where it failed.
"""

from __future__ import annotations

import datetime
import time
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tripleo_common import errors
from tripleo_common.nodes import concurrency, waiting

#: States from which a node is introspected; others are in use, or on a way.
STATES = ("manageable", "inspect failed")

#: Seconds between rounds: the first ones, and then.
_PAUSES = (0.5, 1)
_LONG_PAUSE = 1
#: A slow service is left alone for so many times what it took to answer.
_REST = 2
#: Rounds in a row without an answer.
_LOST_ROUNDS = 5
#: Seconds that a node has to come to rest once it was told to stop.
_GRACE = 60


class Service(Protocol):
    """Who introspects."""

    def look(self, uuids: Collection[str]) -> Mapping[str, str | None]:
        """What is known of nodes, by few requests whatever their number.

        :returns: of each None: it goes on; empty: it is done; else why it
            failed. Those that are not there any more are missing.
        """

    def begin(self, uuid: str) -> None:
        """Have a node introspected."""

    def stop(self, uuid: str) -> None:
        """Give up a node that takes too long."""

    def leave(self, uuid: str) -> None:
        """Bring a node that failed back to the state that it came from."""


@dataclass
class Outcome:
    """What became of a node.

    :ivar error: why it failed; None: it did not.
    :ivar attempts: how many times it was begun.
    """

    uuid: str
    error: str | None = None
    attempts: int = 0
    started_at: str | None = None
    finished_at: str | None = None

    def told(self) -> dict[str, Any]:
        """In the words of ironic-inspector's status."""
        return {
            "uuid": self.uuid,
            "error": self.error,
            "finished": self.attempts > 0,
            "state": "error" if self.error else "finished",
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "attempts": self.attempts,
        }


@dataclass
class _Attempt:
    """A node on its way."""

    began: float
    stopped: float | None = None


@dataclass
class Run:
    """Nodes that wait, that are on their way, and what became of them."""

    service: Service
    uuids: list[str]
    retries: int
    node_timeout: float
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    queue: deque[str] = field(default_factory=deque)
    running: dict[str, _Attempt] = field(default_factory=dict)
    look_took: float = 0

    def __post_init__(self) -> None:
        self.outcomes = {uuid: Outcome(uuid) for uuid in self.uuids}
        self.queue = deque(self.uuids)

    def refuse(self, nodes: Mapping[str, Any]) -> None:
        """Leave alone what is not there, or is used for something else."""
        for uuid in self.uuids:
            node = nodes.get(uuid)
            if node is None:
                self.outcomes[uuid].error = "Ironic has no such node."
            elif node.provision_state not in STATES:
                self.outcomes[uuid].error = (
                    f"It is {node.provision_state}, and was left alone: only "
                    "manageable nodes are introspected. Move it with "
                    "tripleo.baremetal.v1.manage first, if nobody uses it."
                )
            else:
                continue
            self.queue.remove(uuid)

    def to_the_end(self, at_once: int) -> None:
        """Until there is an outcome of each node."""
        rounds = lost = 0
        while self.queue or self.running:
            try:
                self._round(at_once)
                lost = 0
            except errors.TripleOError as error:
                lost += 1
                if lost >= _LOST_ROUNDS:
                    self._lose(str(error))
                    return
            least = _PAUSES[rounds] if rounds < len(_PAUSES) else _LONG_PAUSE
            if self.queue or self.running:
                waiting.pause(max(least, _REST * self.look_took))
            rounds += 1

    def _round(self, at_once: int) -> None:
        if self.running:
            began = time.monotonic()
            verdicts = self.service.look(self.running)
            self.look_took = time.monotonic() - began
            for uuid in list(self.running):
                self._judge(uuid, verdicts)
            self._stop_the_late()
        self._begin(at_once - len(self.running))

    def _begin(self, free: int) -> None:
        batch = [self.queue.popleft() for _ in range(len(self.queue))[:free]]
        unreached = None
        for uuid, lost, error in concurrency.each(batch, self._sent):
            if lost:
                # That is no fault of the node's.
                self.queue.append(uuid)
                unreached = lost
                continue
            outcome = self.outcomes[uuid]
            outcome.attempts += 1
            outcome.started_at = outcome.started_at or _now()
            self.running[uuid] = _Attempt(time.monotonic())
            if error:
                self._failed(uuid, error)
        if unreached:
            raise unreached

    def _sent(self, uuid: str) -> errors.ServiceUnreachable | None:
        try:
            self.service.begin(uuid)
        except errors.ServiceUnreachable as error:
            return error
        return None

    def _judge(self, uuid: str, verdicts: Mapping[str, str | None]) -> None:
        if uuid not in verdicts:
            self._failed(uuid, "It was deleted in the meantime.", again=False)
            return
        verdict = verdicts[uuid]
        late = self.running[uuid].stopped
        if verdict == "":
            self._ended(uuid)
        elif verdict is not None:
            self._failed(uuid, self._late() if late else verdict)
        elif late and time.monotonic() - late > _GRACE:
            text = f"It could not be stopped, and goes on. {self._late()}"
            self._failed(uuid, text, again=False)

    def _stop_the_late(self) -> None:
        now = time.monotonic()
        late = [
            uuid
            for uuid, attempt in self.running.items()
            if attempt.stopped is None
            and now - attempt.began > self.node_timeout
        ]
        for uuid in late:
            self.running[uuid].stopped = now
        # What refuses has come to its end by itself, or tells so later.
        concurrency.each(late, self.service.stop)

    def _late(self) -> str:
        return (
            f"It was not done after {self.node_timeout:g} seconds. See on its "
            "console whether it boots the ramdisk."
        )

    def _failed(self, uuid: str, text: str, again: bool = True) -> None:
        if again and self.outcomes[uuid].attempts <= self.retries:
            del self.running[uuid]
            self.queue.append(uuid)
            return
        self.outcomes[uuid].error = text
        concurrency.each([uuid], self.service.leave)
        self._ended(uuid)

    def _ended(self, uuid: str) -> None:
        del self.running[uuid]
        self.outcomes[uuid].finished_at = _now()

    def _lose(self, why: str) -> None:
        for uuid in [*self.running, *self.queue]:
            self.outcomes[
                uuid
            ].error = f"Nobody knows what became of it. {why}"
        self.running.clear()
        self.queue.clear()


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
