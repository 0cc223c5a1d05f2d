"""Send many nodes on their way, only so many at a time.

Ironic cleans at most ``[conductor] max_concurrent_clean`` nodes at once, and
refuses further ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.nodes import concurrency, waiting

#: Of the refusal of Ironic's that means: not yet.
_LIMIT = "concurrent action limit"


class Turns:
    """Nodes that wait for their turn.

    :param send: has Ironic move a node.
    :param at_once: nodes that are on their way at a time.
    """

    def __init__(
        self, uuids: list[str], send: Callable[[str], Any], at_once: int
    ) -> None:
        if at_once < 1:
            raise errors.InvalidInput(
                f"The input concurrency must be 1 or more, not {at_once}. "
                "Correct it and try again; nothing was done."
            )
        self.left = list(uuids)
        self._send = send
        self._at_once = at_once

    def take(self, moving: int) -> tuple[list[str], dict[str, str]]:
        """Send as many as there is room for.

        :param moving: how many are on their way.
        :returns: those that were sent, and by UUID why others were not.
        """
        room = max(0, self._at_once - moving)
        batch, rest = self.left[:room], self.left[room:]
        sent, refused, later = [], {}, []
        for uuid, in_time, error in concurrency.each(batch, self._sent):
            if error:
                refused[uuid] = error
            elif in_time:
                sent.append(uuid)
            else:
                later.append(uuid)
        self.left = later + rest
        return sent, refused

    def _sent(self, uuid: str) -> bool:
        """Whether Ironic took it; it may do too much already."""
        try:
            self._send(uuid)
        except errors.ServiceError as error:
            if _LIMIT in str(error):
                return False
            raise
        return True


def moved(
    cloud: clients.Cloud,
    turns: Turns,
    verdict: waiting.Verdict,
    timeout: float,
) -> dict[str, str]:
    """Send all nodes, and wait until there is a verdict on each.

    :param timeout: seconds for each node, from when it is sent.
    :returns: as :func:`waiting.until`.
    :raises ServiceUnreachable: Ironic stays out of reach.
    """
    watch = waiting.Watch(cloud, verdict, timeout)
    idle = time.monotonic()
    while True:
        sent, refused = turns.take(len(watch.moving))
        watch.add(sent)
        watch.done |= refused
        if watch.moving:
            idle = time.monotonic()
        elif not turns.left:
            return watch.done
        elif time.monotonic() > idle + timeout:
            return watch.done | _never(turns.left, timeout)
        progress = watch.look()
        if watch.moving or turns.left:
            watch.pause(again=progress and bool(turns.left))


def _never(uuids: Collection[str], timeout: float) -> dict[str, str]:
    return dict.fromkeys(
        uuids,
        f"Ironic did not begin within {timeout:g} seconds: it does as much at "
        "once as [conductor] max_concurrent_clean in its configuration "
        "allows. Try again when the others are done.",
    )
