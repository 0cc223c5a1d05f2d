"""Follow a stack while Heat works on it, and tell what failed in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from heatclient import exc as heat_exc

from tripleo_common.undercloud import errors

POLL = 3.0
_DEPTH = 20
_BUSY = "_IN_PROGRESS"
_DELETED = "DELETE_COMPLETE"


@dataclass
class Seen:
    """What the events so far tell.

    :ivar known: the resources that Heat has begun with.
    :ivar complete: those that it is done with.
    """

    known: set[tuple[str, str]] = field(default_factory=set)
    complete: set[tuple[str, str]] = field(default_factory=set)

    def add(self, event: Any) -> None:
        """Take an event in."""
        resource = (_stack_of(event), event.resource_name)
        self.known.add(resource)
        if event.resource_status.endswith("_COMPLETE"):
            self.complete.add(resource)
        else:
            self.complete.discard(resource)


class Follower:
    """Follows what happens to a stack from now on.

    Heat's events tell it all; a stack's own status lags behind the request
    that changes it.

    :param heat: heatclient.
    :param stack: the stack's name; it need not exist yet.
    """

    def __init__(self, heat: Any, stack: str) -> None:
        self._heat = heat
        self._stack = stack
        self._marker: str | None = None
        self.seen = Seen()
        before = self._events()
        self._existed = before is not None
        for event in before or ():
            self._marker = event.id

    def follow(
        self, timeout: float, tell: Callable[[Seen], None] = lambda seen: None
    ) -> str:
        """Wait until Heat is done with the stack; return its status.

        :param timeout: seconds.
        :param tell: called after each look.
        :raises WaitedTooLong: Heat is not done in time.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            status = self._look()
            tell(self.seen)
            if status is not None and not status.endswith(_BUSY):
                return status
            time.sleep(POLL)
        raise errors.WaitedTooLong(f"the end of stack {self._stack}", timeout)

    def _look(self) -> str | None:
        """Take new events in; what the last of the stack's own says."""
        events = self._events()
        if events is None:
            return _DELETED if self._existed else None
        status = None
        for event in events:
            self._marker = event.id
            self.seen.add(event)
            if event.resource_name == self._stack:
                status = str(event.resource_status)
        return status

    def _events(self) -> list[Any] | None:
        """The events after the marker; None: there is no such stack."""
        # Heat's own order is newest first, and so would "after the marker" be.
        arguments: dict[str, Any] = {
            "nested_depth": _DEPTH,
            "sort_dir": "asc",
        }
        if self._marker is not None:
            arguments["marker"] = self._marker
        try:
            events: list[Any] = self._heat.events.list(
                self._stack, **arguments
            )
        except heat_exc.HTTPNotFound:
            return None
        return events


def resources(heat: Any, stack: str) -> list[Any]:
    """Every resource of a stack, those of nested stacks too."""
    found: list[Any] = heat.resources.list(stack, nested_depth=_DEPTH)
    return found


def failures(found: list[Any]) -> list[str]:
    """What failed first: ``path: reason`` of each innermost resource.

    A resource that failed because one inside of it did, is left out.
    """
    owner = {each.physical_resource_id: each for each in found}
    failed = [
        each for each in found if each.resource_status.endswith("_FAILED")
    ]
    guilty = {_stack_of(each) for each in failed}
    return [
        f"{_path(each, owner)}: {each.resource_status_reason}"
        for each in failed
        if each.physical_resource_id not in guilty
    ]


def _path(resource: Any, owner: dict[str, Any]) -> str:
    names = [resource.resource_name]
    while (outer := owner.get(_stack_of(resource))) is not None:
        names.insert(0, outer.resource_name)
        resource = outer
    return ".".join(names)


def _stack_of(resource: Any) -> str:
    """The id of the stack that a resource, or an event's, is in."""
    href = next(
        link["href"] for link in resource.links if link["rel"] == "stack"
    )
    return str(href.rstrip("/").rpartition("/")[2])
