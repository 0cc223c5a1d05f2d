"""What is being done at the moment, for whoever has to wait for it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Operation:
    """Something that changes plans.

    :ivar name: the workflow's name, or the action's.
    :ivar execution: the id of its execution in Mistral; empty: unknown.
    :ivar user: the name of the user who asked for it; empty: unknown, as of
        a cron trigger.
    :ivar project: the name of that user's project.
    """

    name: str = "another caller"
    execution: str = ""
    user: str = ""
    project: str = ""

    def __str__(self) -> str:
        known = [
            f"{kind} {value}"
            for kind, value in (
                ("execution", self.execution),
                ("user", self.user),
            )
            if value
        ]
        return f"{self.name} ({', '.join(known)})" if known else self.name


# Executors run several actions at once, each in a context of its own.
_CURRENT: ContextVar[Operation] = ContextVar("tripleo_operation")
_UNKNOWN = Operation()


@contextlib.contextmanager
def running(
    name: str, execution: str, user: str = "", project: str = ""
) -> Iterator[None]:
    """Say what this block does, and for whom.

    :param name: the workflow's name, or the action's.
    :param execution: the id of its execution; empty: unknown.
    :param user: the name of the user; empty: unknown.
    :param project: the name of the user's project; empty: unknown.
    """
    token = _CURRENT.set(Operation(name, execution, user, project))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current() -> Operation:
    """What is being done."""
    return _CURRENT.get(_UNKNOWN)
