"""Wait until Heat has begun with a stack, is done with it, or it is gone.

Heat may work for hours, longer than an action should last. So who waits asks
again and again: each look lasts :data:`PATIENCE` seconds at most, and the end
of it all is a moment, which stays the same when Mistral is started anew.
"""

from __future__ import annotations

import datetime
import time
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.deployments import failures

#: What can be waited for, and how it is told.
UNTIL = {
    "in_progress": "Heat has begun with it",
    "ended": "Heat is done with it",
    "gone": "it does not exist any more",
    "quiet": "Heat does nothing in it or its nested stacks",
}
#: Seconds that one look may take.
PATIENCE = 20.0
_POLL = 1.0
#: Seconds: a year.
_LONGEST = 365 * 24 * 3600
_BUSY = "_IN_PROGRESS"
#: A rollback that is complete is the end of an update that failed.
_BAD_ENDS = ("_FAILED", "ROLLBACK_COMPLETE")
GONE = "DELETE_COMPLETE"


def begin(stack: str, timeout: int, minutes: bool = False) -> dict[str, Any]:
    """Begin to wait.

    :param stack: name or id of a stack.
    :param timeout: seconds that it may take.
    :param minutes: they are minutes.
    :returns: what :func:`look` takes: ``stack``, ``timeout`` and ``deadline``
        (ISO 8601, UTC).
    :raises InvalidInput: one of these cannot be.
    """
    if not stack:
        raise errors.InvalidInput(
            "The input stack is empty. Give a stack's name or id."
        )
    unit = "minutes" if minutes else "seconds"
    if timeout < 1:
        raise errors.InvalidInput(
            f"timeout must be a whole number of {unit} above 0, not "
            f"{timeout}. Correct it and try again."
        )
    timeout = min(timeout * 60 if minutes else timeout, _LONGEST)
    deadline = _now() + datetime.timedelta(seconds=timeout)
    return {
        "stack": stack,
        "timeout": timeout,
        "deadline": deadline.isoformat(timespec="seconds"),
    }


def look(
    cloud: clients.Cloud,
    watch: dict[str, Any],
    until: str,
    since: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Wait for a stack, :data:`PATIENCE` seconds at most.

    While Heat does not answer, nothing is decided.

    :param watch: what :func:`begin` returned.
    :param until: one of :data:`UNTIL`.
    :param since: what :func:`mark` told before Heat was asked to change the
        stack; a status that it had then already does not count.
    :returns: ``settled`` (whether there is nothing more to wait for),
        ``succeeded`` (whether it is what was waited for), ``stack_status``
        (null: there is no such stack, or Heat does not answer), ``message``.
    :raises Conflict: the time is up.
    """
    stack, deadline = _understood(watch, until)
    give_up = time.monotonic() + PATIENCE
    while True:
        view = _view(cloud, stack, until, since)
        if view["settled"]:
            return view
        if _now() > deadline:
            raise errors.WaitedTooLong(
                f"stack {stack} until {UNTIL[until]}",
                watch["timeout"],
                view["message"],
            )
        if time.monotonic() > give_up:
            return view
        time.sleep(_POLL)


def mark(stack: Any | None) -> dict[str, Any]:
    """What a stack is like before Heat is asked to change it.

    :param stack: as Heat tells it; None: there is none.
    """
    if stack is None:
        return {"id": None, "updated": None}
    return {"id": stack.id, "updated": getattr(stack, "updated_time", None)}


def find(cloud: clients.Cloud, stack: str) -> Any | None:
    """A stack, by name or id; None: there is none, or none any more."""
    try:
        found = cloud.orchestration.stacks.get(stack, resolve_outputs=False)
    except errors.ResourceNotFound:
        return None
    # By its id, Heat tells of a stack that is gone, too.
    return None if found.stack_status == GONE else found


def _understood(
    watch: dict[str, Any], until: str
) -> tuple[str, datetime.datetime]:
    if until not in UNTIL:
        raise errors.InvalidInput(
            f"until must be one of {', '.join(UNTIL)}, not {until!r:.40}."
        )
    try:
        deadline = datetime.datetime.fromisoformat(watch["deadline"])
        stack, _ = str(watch["stack"]), int(watch["timeout"])
        if deadline.tzinfo is None:
            raise ValueError
    except (KeyError, TypeError, ValueError):
        raise errors.InvalidInput(
            "watch must be what tripleo.stack.begin_watch returned. Pass that."
        ) from None
    return stack, deadline


def _view(
    cloud: clients.Cloud,
    name: str,
    until: str,
    since: dict[str, Any] | None,
) -> dict[str, Any]:
    try:
        stack = find(cloud, name)
    except errors.ServiceUnreachable as error:
        return _told(None, f"Heat does not answer: {error}")
    if until == "gone":
        return _gone(cloud, name, stack)
    if stack is None:
        return _told(
            None,
            f"There is no stack {name}. List the stacks with openstack "
            "stack list.",
            settled=True,
        )
    status = str(stack.stack_status)
    text = f"The stack {name} is {status}."
    if until == "quiet":
        busy = status.endswith(_BUSY) or _is_busy_inside(cloud, stack)
        return _told(status, text, settled=not busy, succeeded=not busy)
    if until == "in_progress":
        begun = status.endswith(_BUSY)
        return _told(status, text, settled=begun, succeeded=begun)
    if status.endswith(_BUSY) or mark(stack) == since:
        return _told(status, text)
    if status.endswith(_BAD_ENDS):
        return _told(status, failures.told(cloud, stack), settled=True)
    return _told(status, text, settled=True, succeeded=True)


def _is_busy_inside(cloud: clients.Cloud, stack: Any) -> bool:
    """Whether Heat is at work in a nested stack.

    A stack that was stopped does not wait for those in it; and until they
    have come to rest, Heat refuses to go on with them.
    """
    listed = cloud.orchestration.resources.list(
        stack.id, nested_depth=failures.DEPTH
    )
    # A resource may be left behind in such a state; its stack tells.
    inside = {
        failures.stack_of(each)
        for each in listed
        if each.resource_status.endswith(_BUSY)
    }
    found = [find(cloud, each) for each in inside - {stack.id}]
    return any(
        each is not None and each.stack_status.endswith(_BUSY)
        for each in found
    )


def _gone(
    cloud: clients.Cloud, name: str, stack: Any | None
) -> dict[str, Any]:
    if stack is None:
        text = f"The stack {name} does not exist any more."
        return _told(None, text, settled=True, succeeded=True)
    status = str(stack.stack_status)
    if status == "DELETE_FAILED":
        return _told(status, failures.told(cloud, stack), settled=True)
    return _told(status, f"The stack {name} is {status}.")


def _told(
    status: str | None,
    message: str,
    settled: bool = False,
    succeeded: bool = False,
) -> dict[str, Any]:
    return {
        "stack_status": status,
        "message": message,
        "settled": settled,
        "succeeded": succeeded,
    }


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
