"""What became of validations: an index in Mistral, the outputs in Swift.

Each run has an environment ``validation:<plan>:<id>``, which only the run
itself writes; the colon keeps it apart from plans. Its output is the object
``<id>/output.txt`` of the container ``<plan>-validations``. Both go when there
are more results than are kept, or when they are old.

A run that is going on says so every half minute. One that does not, or whose
process is gone, is told as lost: nobody knows what it found.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import logging
import socket
import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any

from tripleo_common import clients, conf, errors
from tripleo_common.plans import names, operation, processes

LOG = logging.getLogger(__name__)

WAITING = "WAITING"
RUNNING = "RUNNING"
SUCCESS = "SUCCESS"
FAILED = "FAILED"
SKIPPED = "SKIPPED"
STOPPED = "STOPPED"
LOST = "LOST"
GOING_ON = (WAITING, RUNNING)
#: Seconds after which a run says again that it goes on, and after which one
#: that did not is lost.
BEAT = 30.0
SILENCE = 120.0
_PREFIX = "validation:"
_DESCRIPTION = "Result of a TripleO validation"
_LONGEST_PLAN = 100
_IN_FULL = ("failures", "output")
_DAY = 86400
_LOST = (
    "The executor of Mistral that ran it has ended, so nobody knows what it "
    "would have found. Run it again."
)


class Record:
    """The result of one run, kept from its beginning on.

    :ivar variables: what stands in the index, see :func:`listed`.
    """

    def __init__(
        self, cloud: clients.Cloud, plan: str, validation: str, root: str
    ) -> None:
        own = operation.current().execution
        self._cloud = cloud
        moment = now()
        self.variables: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "plan": plan,
            "validation": validation,
            "status": WAITING,
            "message": "It waits until fewer validations run.",
            "start": moment,
            "end": None,
            "hosts": {},
            "failures": {},
            "output": None,
            "execution_id": own or None,
            "root_execution_id": root or own or None,
            "host": socket.gethostname(),
            "process": processes.own(),
            "seen": moment,
        }
        cloud.workflow.environments.create(
            name=self._name,
            description=_DESCRIPTION,
            variables=self.variables,
        )

    @property
    def id(self) -> str:
        """The run's own id."""
        return str(self.variables["id"])

    @property
    def _name(self) -> str:
        return _environment(self.variables["plan"], self.id)

    def update(self, **changed: Any) -> None:
        """Write what became known."""
        self.variables |= {**changed, "seen": now()}
        self._cloud.workflow.environments.update(
            name=self._name, variables=self.variables
        )

    def end(self, **changed: Any) -> None:
        """Write what became of it, and that it has ended."""
        self.update(**changed, end=now())


def listed(cloud: clients.Cloud, plan: str) -> list[dict[str, Any]]:
    """The results that are kept of a plan's validations, the newest first.

    :returns: for each ``id``, ``plan``, ``validation``, ``status``,
        ``message``, ``start`` and ``end`` (UTC), ``hosts`` (ok, failed or
        unreachable), ``failures`` (``task`` and ``text`` by host), ``output``
        (``container``, ``object``, ``bytes``), ``execution_id`` and
        ``root_execution_id``.
    :raises InvalidPlanName: no plan may be called that.
    """
    prefix = _environment(names.check(plan), "")
    found = cloud.workflow.environments.list(
        fields=["name", "variables"], name=f"has:{prefix}"
    )
    told = [
        _truth(dict(each.variables))
        for each in found
        if each.name.startswith(prefix)
    ]
    return sorted(told, key=lambda each: str(each["start"]), reverse=True)


def chosen(
    cloud: clients.Cloud,
    plan: str,
    ids: Iterable[str] | None,
    validations: Iterable[str] | None,
) -> list[dict[str, Any]]:
    """Those of some ids and of some validations; none given: all.

    :param ids: the runs' own, or those of their workflows' executions.
    :raises ValidationNotFound: there is none of one of the ids.
    """
    found = listed(cloud, plan)
    wanted, named = set(ids or ()), set(validations or ())
    known = {id_ for each in found for id_ in ids_of(each)}
    missing = sorted(wanted - known)
    if missing:
        raise errors.ValidationNotFound(
            f"Plan {plan} has no run of a validation with the id "
            f"{', '.join(missing)[:200]}"
        )
    return [
        each
        for each in found
        if (not wanted or wanted & ids_of(each))
        and (not named or each["validation"] in named)
    ]


def short(result: dict[str, Any]) -> dict[str, Any]:
    """A result in a list: of its hosts only the numbers."""
    told = {k: v for k, v in result.items() if k not in _IN_FULL}
    return {**told, "hosts": dict(Counter(result["hosts"].values()))}


def ids_of(result: dict[str, Any]) -> set[str]:
    """The ids that a run may be named by."""
    keys = ("id", "execution_id", "root_execution_id")
    return {str(result[key]) for key in keys if result.get(key)}


def container(plan: str) -> str:
    """Where the outputs of a plan's validations are."""
    return f"{plan}-validations"


def prune(cloud: clients.Cloud, plan: str) -> None:
    """Remove what is old, and what is more than is kept.

    What cannot be removed now is removed the next time.
    """
    options = conf.options()
    oldest = _text(
        datetime.datetime.now(datetime.UTC)
        - datetime.timedelta(days=options.validations_kept_days)
    )
    ended = [
        each for each in listed(cloud, plan) if each["status"] not in GOING_ON
    ]
    for number, each in enumerate(ended):
        if number >= options.validations_kept or each["start"] < oldest:
            try:
                _remove(cloud, plan, each["id"], each["output"])
            except errors.ServiceError as error:
                LOG.warning("An old result stays: %s", error)


def seconds_kept() -> int:
    """After so many seconds Swift removes an output."""
    return max(1, int(conf.options().validations_kept_days * _DAY))


def _remove(
    cloud: clients.Cloud, plan: str, run: str, output: dict[str, Any] | None
) -> None:
    if output and output.get("object"):
        with contextlib.suppress(errors.ResourceNotFound):
            cloud.object_store.delete_object(
                output["container"], output["object"]
            )
    with contextlib.suppress(errors.ResourceNotFound):
        cloud.workflow.environments.delete(_environment(plan, run))


def _truth(variables: dict[str, Any]) -> dict[str, Any]:
    """A result as it is now: one that nobody works on has ended."""
    process = str(variables.pop("process", ""))
    seen = str(variables.pop("seen", ""))
    if variables.get("status") in GOING_ON:
        silent = datetime.timedelta(seconds=SILENCE)
        limit = _text(datetime.datetime.now(datetime.UTC) - silent)
        if processes.is_gone(process) or seen < limit:
            variables |= {"status": LOST, "message": _LOST, "end": seen}
    return variables


def _environment(plan: str, run: str) -> str:
    if len(plan) > _LONGEST_PLAN:
        digest = hashlib.sha256(plan.encode()).hexdigest()[:32]
        plan = f"{plan[:50]}-{digest}"
    return f"{_PREFIX}{plan}:{run}"


def now() -> str:
    return _text(datetime.datetime.now(datetime.UTC))


def _text(moment: datetime.datetime) -> str:
    return moment.isoformat(sep=" ", timespec="milliseconds")
