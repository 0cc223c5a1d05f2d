"""Leases: one changes a plan at a time.

A lease is a Mistral environment ``lease.<plan>.<generation>``. Mistral has
no compare-and-swap, but it creates an environment of a name only once. So:

* Who wants the lease looks for the newest generation, and creates the next
  one if the newest was released or has expired, or if its holder was killed
  on the same machine.
* Whose generation is the newest after that, holds it. (A slow caller could
  create a generation that came and went since it looked.)
* The holder removes the older ones. The newest is never removed, so that
  generations only grow, until the plan is deleted. Who finds a live one below
  his own then has slept through that, and steps back.

The variables of such an environment: ``plan``, ``owner`` (host, process and
a random part), ``process`` (see ``processes``), ``operation``,
``execution``, ``user``, ``project``, ``since`` and ``expiry`` (ISO 8601, UTC),
and ``released``.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
import os
import random
import socket
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tripleo_common import clients, conf, errors
from tripleo_common.plans import names, operation, processes, waiting

LOG = logging.getLogger(__name__)

#: Seconds that the clocks of two executors may differ.
SKEW = 10.0
#: Seconds that one waits for somebody else's change to end.
PATIENCE = 20.0
#: Seconds after which the execution says that it waits.
_TOLD_AFTER = 2.0
_PAUSE = (0.05, 0.5)
_DESCRIPTION = "Who changes a TripleO plan"


@dataclass(frozen=True)
class Record:
    """A lease, as its environment tells."""

    generation: int
    owner: str
    process: str
    operation: operation.Operation
    since: str
    expiry: datetime.datetime
    released: bool

    @classmethod
    def parse(cls, generation: int, variables: dict[str, Any]) -> Record:
        """What the variables say; a lease that says nothing has expired."""
        told = {name: str(value) for name, value in variables.items()}
        return cls(
            generation,
            told.get("owner", ""),
            told.get("process", ""),
            operation.Operation(
                told.get("operation", "?"),
                told.get("execution", ""),
                told.get("user", ""),
                told.get("project", ""),
            ),
            told.get("since", "?"),
            _time(told.get("expiry", "")),
            bool(variables.get("released")),
        )

    @property
    def free_from(self) -> datetime.datetime:
        """When others may take the plan, if the holder is dead."""
        return self.expiry + datetime.timedelta(seconds=SKEW)

    @property
    def seconds(self) -> float:
        """How long the plan has been held."""
        return (_now() - _time(self.since)).total_seconds()

    def is_live(self) -> bool:
        """Whether others have to keep off."""
        return (
            not self.released
            and _now() < self.free_from
            and not processes.is_gone(self.process)
        )

    def refusal(self, plan: str) -> errors.PlanBusy:
        """What somebody is told who has waited for long enough."""
        return errors.PlanBusy(
            plan,
            str(self.operation),
            self.since,
            self.seconds,
            _text(self.free_from),
            self.operation.execution,
        )

    def is_of_this_execution(self) -> bool:
        """Whether it is a lease of the execution that asks now.

        Of an action that Mistral runs again, the holder is most likely dead.
        """
        execution = operation.current().execution
        return bool(execution) and self.operation.execution == execution


class Lease:
    """The right to change a plan, of one caller.

    It may be taken again while it is held: an operation that is part of
    another one does not wait for itself. Not for use by several threads.

    :param cloud: whose Mistral.
    :param plan: the plan's name.
    """

    def __init__(self, cloud: clients.Cloud, plan: str) -> None:
        self._cloud = cloud
        self._plan = plan
        self._depth = 0
        self._generation = 0
        self._deadline = 0.0
        self._dissolved = False
        self._variables: dict[str, Any] = {}
        #: Whether nobody has held it between the caller's look and his turn.
        self.undisturbed = False

    def look(self) -> list[Record]:
        """Who holds it and who held it, for :meth:`held`."""
        return self._records()

    @contextlib.contextmanager
    def held(self, seen: list[Record] | None = None) -> Iterator[None]:
        """Hold the lease in this block.

        A lease of the caller's own execution is waited for until it ends:
        another task's is released, a dead action's expires.

        :param seen: what the caller saw when he last looked; ``undisturbed``
            tells then whether nobody else has held it since.
        :raises PlanBusy: somebody else holds it, and still does after
            :data:`PATIENCE` seconds.
        """
        if self._depth == 0:
            self._acquire(seen)
        self._depth += 1
        try:
            yield
        except (errors.PlanNotFound, errors.NotAPlan):
            self.dissolve()
            raise
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._release()

    @property
    def is_held(self) -> bool:
        """Whether this caller holds it."""
        return self._depth > 0

    def dissolve(self) -> None:
        """Leave no trace when the lease is released: the plan is gone."""
        self._dissolved = True

    def check(self, needed: float = 0) -> None:
        """Make sure that the lease is held, before a write.

        No request, unless a third of the lifetime has passed: until then
        nobody can have taken it over.

        :param needed: seconds that the write may take, if that is more than
            the services' usual timeout.
        :raises LeaseLost: it is not held any more.
        """
        lifetime = _lifetime()
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise errors.LeaseLost(self._plan, lifetime)
        if left < lifetime * 2 / 3 or left < needed:
            self._renew(max(lifetime, needed))

    def _acquire(self, seen: list[Record] | None = None) -> None:
        began = time.monotonic()
        with waiting.Notice(self._cloud, self._plan) as notice:
            while (other := self._attempt(seen)) is not None:
                seen = None
                waited = time.monotonic() - began
                if waited > PATIENCE and not other.is_of_this_execution():
                    raise other.refusal(self._plan)
                if waited > _TOLD_AFTER:
                    notice.tell(str(other.operation), other.since)
                time.sleep(random.uniform(*_PAUSE))

    def _attempt(self, seen: list[Record] | None = None) -> Record | None:
        """Try to take the lease; None, or who was faster."""
        found = self._records() if seen is None else seen
        if found and found[-1].is_live():
            return found[-1]
        started = time.monotonic()
        generation = found[-1].generation + 1 if found else 1
        lifetime = _lifetime()
        self._variables = self._new_variables(lifetime)
        with contextlib.suppress(errors.ResourceConflict):
            self._cloud.workflow.environments.create(
                name=names.lease(self._plan, generation),
                description=_DESCRIPTION,
                variables=self._variables,
            )
        *older, newest = self._records()
        # One below that is live: the plan was deleted and made again since
        # the look at the newest, so that the numbers began anew.
        rivals = [r for r in older if r.is_live() and r.owner != self._owner]
        if newest.owner != self._owner or rivals:
            own = [r for r in [*older, newest] if r.owner == self._owner]
            self._remove(record.generation for record in own)
            return rivals[-1] if rivals else newest
        self._remove(record.generation for record in older)
        self.undisturbed = seen is not None and (
            [r.owner for r in older] == [r.owner for r in seen]
        )
        self._generation = generation
        self._deadline = started + lifetime
        return None

    @property
    def _owner(self) -> str:
        return str(self._variables["owner"])

    def _new_variables(self, lifetime: float) -> dict[str, Any]:
        current = operation.current()
        now = _now()
        unique = uuid.uuid4().hex
        return {
            "plan": self._plan,
            "owner": f"{socket.gethostname()}:{os.getpid()}:{unique}",
            "process": processes.own(),
            "operation": current.name,
            "execution": current.execution,
            "user": current.user,
            "project": current.project,
            "since": _text(now),
            "expiry": _text(now + datetime.timedelta(seconds=lifetime)),
            "released": False,
        }

    def _records(self) -> list[Record]:
        """All generations, oldest first."""
        listing = self._cloud.workflow.environments.list(
            fields=["name", "variables"],
            name=f"has:{names.lease_prefix(self._plan)}",
        )
        records = []
        for environment in listing:
            generation = names.generation(self._plan, environment.name)
            if generation is not None:
                records.append(Record.parse(generation, environment.variables))
        return sorted(records, key=lambda record: record.generation)

    def _remove(self, generations: Iterable[int]) -> None:
        for generation in generations:
            with contextlib.suppress(errors.ResourceNotFound):
                self._cloud.workflow.environments.delete(
                    names.lease(self._plan, generation)
                )

    def _renew(self, lifetime: float) -> None:
        deadline = self._deadline
        started = time.monotonic()
        expiry = _now() + datetime.timedelta(seconds=lifetime)
        try:
            self._store(expiry=_text(expiry))
        except errors.ResourceNotFound:
            raise errors.LeaseLost(self._plan, lifetime) from None
        if time.monotonic() > deadline:
            # Stored too late: somebody may have seen it expired.
            raise errors.LeaseLost(self._plan, lifetime)
        self._deadline = started + lifetime

    def _release(self) -> None:
        try:
            if self._dissolved:
                self._dissolved = False
                self._remove([self._generation])
            else:
                self._store(released=True)
        except errors.ServiceError as error:
            # What was to be done is done; the lease ends by itself.
            LOG.warning("The lease of %s stays: %s", self._plan, error)

    def _store(self, **changed: Any) -> None:
        self._variables |= changed
        self._cloud.workflow.environments.update(
            name=names.lease(self._plan, self._generation),
            variables=self._variables,
        )


def _lifetime() -> float:
    return float(conf.options().lease_seconds)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _text(moment: datetime.datetime) -> str:
    return moment.isoformat(sep=" ", timespec="milliseconds")


def _time(text: str) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
