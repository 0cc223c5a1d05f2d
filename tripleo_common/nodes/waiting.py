"""Wait for many nodes at once, with one request a round.

Nothing is asked of Ironic for each node: a list of all tells their states.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from tripleo_common import clients, errors

_FIELDS = [
    "uuid",
    "name",
    "provision_state",
    "target_provision_state",
    "power_state",
    "target_power_state",
    "last_error",
    "reservation",
]
#: Seconds between two rounds: the first ones, and then.
_PAUSES = (0.5, 1, 2)
_LONG_PAUSE = 5
#: Rounds in a row in which Ironic may be out of reach.
_LOST_ROUNDS = 5
#: Characters of Ironic's own words.
_LONGEST = 500

#: What a look at a node says: None: wait; empty: done; else why it failed.
Verdict = Callable[[Any], str | None]


def pause(seconds: float) -> None:
    """Wait; a function of its own, so that tests need not."""
    time.sleep(seconds)


def look(cloud: clients.Cloud, uuids: Collection[str]) -> dict[str, Any]:
    """Nodes by UUID; those that Ironic does not have are missing."""
    if len(uuids) == 1:
        (uuid,) = uuids
        try:
            node = cloud.baremetal.node.get(uuid, fields=_FIELDS)
        except errors.ResourceNotFound:
            return {}
        return {uuid: node}
    listed = cloud.baremetal.node.list(limit=0, fields=_FIELDS)
    return {node.uuid: node for node in listed if node.uuid in set(uuids)}


def until(
    cloud: clients.Cloud,
    uuids: Collection[str],
    verdict: Verdict,
    timeout: float,
) -> dict[str, str]:
    """Wait until there is a verdict on each node.

    :param timeout: seconds; then the nodes that are left have failed.
    :returns: by UUID why a node failed; empty: it did not.
    :raises ServiceUnreachable: Ironic stays out of reach.
    """
    watch = Watch(cloud, verdict, timeout)
    watch.add(uuids)
    while watch.moving:
        watch.look()
        if watch.moving:
            watch.pause()
    return watch.done


class Watch:
    """Looks at nodes that are on their way, a request a round.

    :param timeout: seconds that each has.
    :ivar moving: when their time is over, by UUID.
    :ivar done: by UUID why a node failed; empty: it did not.
    """

    def __init__(
        self, cloud: clients.Cloud, verdict: Verdict, timeout: float
    ) -> None:
        self.moving: dict[str, float] = {}
        self.done: dict[str, str] = {}
        self._cloud = cloud
        self._verdict = verdict
        self._timeout = timeout
        self._rounds = self._lost = 0

    def add(self, uuids: Collection[str]) -> None:
        """Look at further nodes, which were sent just now."""
        self.moving |= dict.fromkeys(uuids, time.monotonic() + self._timeout)

    def look(self) -> bool:
        """Look once; whether any is done.

        :raises ServiceUnreachable: Ironic stays out of reach.
        """
        if not self.moving:
            return False
        now = time.monotonic()
        late = [uuid for uuid, end in self.moving.items() if now > end]
        try:
            nodes = look(self._cloud, self.moving)
        except errors.ServiceUnreachable:
            self._lost += 1
            if self._lost >= _LOST_ROUNDS or late:
                raise
            return False
        self._lost = 0
        told = _judged(nodes, self.moving, self._verdict)
        left = [uuid for uuid in late if uuid not in told]
        told |= _late(nodes, left, self._timeout)
        self.done |= told
        for uuid in told:
            del self.moving[uuid]
        return bool(told)

    def pause(self, again: bool = False) -> None:
        """Wait until the next round; the longer, the more there were.

        :param again: begin with short pauses again.
        """
        if again:
            self._rounds = 0
        short = self._rounds < len(_PAUSES)
        pause(_PAUSES[self._rounds] if short else _LONG_PAUSE)
        self._rounds += 1


def said(node: Any) -> str:
    """Ironic's own words about what went wrong, as a sentence."""
    text = " ".join(str(node.last_error or "").split())
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]} ..."
    return text if text.endswith(".") or not text else f"{text}."


def _judged(
    nodes: Mapping[str, Any], waiting: Collection[str], verdict: Verdict
) -> dict[str, str]:
    found = {}
    for uuid in waiting:
        if uuid not in nodes:
            found[uuid] = "It was deleted in the meantime."
            continue
        told = verdict(nodes[uuid])
        if told is not None:
            found[uuid] = told
    return found


def _late(
    nodes: Mapping[str, Any], waiting: Collection[str], timeout: float
) -> dict[str, str]:
    return {
        uuid: (
            f"It is still {nodes[uuid].provision_state} (power: "
            f"{nodes[uuid].power_state}) after {timeout:g} seconds. "
            f"{said(nodes[uuid])}"
        ).strip()
        for uuid in waiting
    }
