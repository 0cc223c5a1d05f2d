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
    deadline = time.monotonic() + timeout
    waiting = set(uuids)
    done: dict[str, str] = {}
    rounds = lost = 0
    while True:
        try:
            nodes = look(cloud, waiting) if waiting else {}
            lost = 0
        except errors.ServiceUnreachable:
            lost += 1
            if lost >= _LOST_ROUNDS or time.monotonic() > deadline:
                raise
        else:
            done |= _judged(nodes, waiting, verdict)
            waiting -= done.keys()
            if not waiting:
                return done
            if time.monotonic() > deadline:
                return done | _late(nodes, waiting, timeout)
        pause(_PAUSES[rounds] if rounds < len(_PAUSES) else _LONG_PAUSE)
        rounds += 1


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
