"""Actions on stacks."""

from __future__ import annotations

from typing import Any

from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.deployments import stacks, watching


class BeginWatchAction(base.TripleOAction):
    """Begin to wait for a stack.

    :param stack: name or id of a stack.
    :param timeout: seconds that may be waited for it in all.
    :param minutes: whether the timeout is in minutes.
    :returns: what tripleo.stack.watch takes as watch.
    :repeated: harmless; the time begins anew.
    :raises InvalidInput: one of these cannot be.
    """

    def __init__(
        self, stack: str, timeout: int, minutes: bool = False
    ) -> None:
        self.stack = stack
        self.timeout = timeout
        self.minutes = minutes

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return watching.begin(self.stack, self.timeout, self.minutes)


class MarkStackAction(base.TripleOAction):
    """Note what a stack is like, before Heat is asked to change it.

    :param stack: name or id of a stack.
    :returns: what tripleo.stack.watch takes as since.
    :repeated: harmless; it only reads.
    """

    def __init__(self, stack: str) -> None:
        self.stack = stack

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return watching.mark(watching.find(cloud, self.stack))


class WatchAction(base.TripleOAction):
    """Wait for a stack, for 20 seconds at most; to be called again.

    While Heat does not answer, nothing is decided.

    :param watch: what tripleo.stack.begin_watch returned.
    :param until: in_progress (Heat has begun with it), ended (Heat is done
        with it), gone (it does not exist any more) or quiet (Heat does
        nothing in it or its nested stacks).
    :param since: what tripleo.stack.mark returned before Heat was asked to
        change the stack; what it was like then does not count.
    :returns: settled (whether there is nothing more to wait for), succeeded
        (whether it is what was waited for), stack_status and message. Of a
        stack that failed the message names the first cause.
    :repeated: harmless; it only reads.
    :raises WaitedTooLong: the time is up.
    """

    def __init__(
        self,
        watch: dict[str, Any],
        until: str = "ended",
        since: dict[str, Any] | None = None,
    ) -> None:
        self.watch = watch
        self.until = until
        self.since = since

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return watching.look(cloud, self.watch, self.until, self.since)


class DeleteStackAction(base.TripleOAction):
    """Have Heat begin to delete a stack.

    :param stack: name or id of a stack.
    :returns: id (null: there is no such stack), name, and message.
    :repeated: harmless; what is being deleted already is left to it.
    """

    def __init__(self, stack: str) -> None:
        self.stack = stack

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return stacks.delete(cloud, self.stack)


class ListStacksAction(base.TripleOAction):
    """List the project's stacks, without nested ones.

    :returns: of each its id, stack_name, stack_status,
        stack_status_reason, creation_time and updated_time.
    :repeated: harmless; it only reads.
    """

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        return stacks.listing(cloud)
