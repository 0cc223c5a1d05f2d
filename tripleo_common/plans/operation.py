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
    """

    name: str = "another caller"
    execution: str = ""

    def __str__(self) -> str:
        if not self.execution:
            return self.name
        return f"{self.name} (execution {self.execution})"


# Executors run several actions at once, each in a context of its own.
_CURRENT: ContextVar[Operation] = ContextVar("tripleo_operation")
_UNKNOWN = Operation()


@contextlib.contextmanager
def running(name: str, execution: str) -> Iterator[None]:
    """Say what this block does.

    :param name: the workflow's name, or the action's.
    :param execution: the id of its execution; empty: unknown.
    """
    token = _CURRENT.set(Operation(name, execution))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current() -> Operation:
    """What is being done."""
    return _CURRENT.get(_UNKNOWN)
