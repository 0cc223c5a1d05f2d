"""Ask Ironic for many nodes at once, each of which may fail on its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent import futures
from typing import Any, TypeVar

from tripleo_common import conf, errors

Item = TypeVar("Item")


def each(
    items: Iterable[Item], work: Callable[[Item], Any]
) -> list[tuple[Item, Any, str]]:
    """Do some work for each item, at most ``ironic_connections`` at once.

    When Ironic cannot be reached any more, what has not begun is not tried.

    :returns: in the order of the items: the item, the work's result, and a
        text: why it failed; empty: it did not.
    """
    lost = threading.Event()

    def attempt(item: Item) -> tuple[Item, Any, str]:
        if lost.is_set():
            return item, None, "Not tried, as Ironic cannot be reached."
        try:
            return item, work(item), ""
        except errors.ServiceUnreachable as error:
            lost.set()
            return item, None, str(error)
        except errors.TripleOError as error:
            return item, None, str(error)

    workers = conf.options().ironic_connections
    with futures.ThreadPoolExecutor(workers) as pool:
        return list(pool.map(attempt, items))
