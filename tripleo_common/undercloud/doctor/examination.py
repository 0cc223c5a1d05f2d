"""All checks, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tripleo_common.undercloud.doctor import (
    actions,
    catalog,
    executions,
    installed_workbooks,
    messaging,
    object_store,
    orchestration,
    plans,
    room,
)
from tripleo_common.undercloud.doctor.finding import (
    Finding,
    Level,
    error,
    ok,
    unknown,
)
from tripleo_common.undercloud.doctor.subject import FAILURES, Subject


@dataclass(frozen=True)
class Check:
    """A check.

    :ivar name: of its findings where it cannot be done.
    :ivar needs: the services without which it cannot.
    """

    name: str
    run: Callable[[Subject], Iterator[Finding]]
    needs: tuple[str, ...]


CHECKS = (
    Check("swift", object_store.check, ("object-store",)),
    Check("zaqar", messaging.check, ("messaging",)),
    Check("heat", orchestration.check, ("orchestration",)),
    Check("mistral.executions", executions.check, ("workflowv2",)),
    Check("mistral.actions", actions.check, ("workflowv2",)),
    Check("workbooks", installed_workbooks.check, ("workflowv2",)),
    Check("plans", plans.check, ("workflowv2", "object-store")),
)


def examine(subject: Subject) -> Iterator[Finding]:
    """Do all checks that can be done.

    What a service that does not answer would be asked is left out: that it
    does not is told once.
    """
    yield from room.check(subject)
    try:
        user = subject.access.username
        project = subject.access.project_name
    except FAILURES as failure:
        yield error(
            "keystone.token",
            f"Keystone gives no token: {failure!s:.300}",
            "See that Keystone runs, and that auth_url and the password are "
            "right: openstack token issue",
        )
        return
    yield ok("keystone.token", f"Keystone gave {user} a token for {project}.")
    dead = set()
    for finding in catalog.check(subject):
        if finding.level is Level.ERROR:
            dead.add(finding.check.partition(".")[2])
        yield finding
    for check in CHECKS:
        if dead.isdisjoint(check.needs):
            yield from _do(check, subject)


def _do(check: Check, subject: Subject) -> Iterator[Finding]:
    try:
        yield from check.run(subject)
    except FAILURES as failure:
        yield unknown(
            check.name, f"It could not be looked at ({failure!s:.300})."
        )
