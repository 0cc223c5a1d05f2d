"""Stop validations, on whichever machine they run.

Who wants a run to end leaves a note in Swift, which the run looks for: the
object ``<id>/stop`` beside its output. A note under the id of an execution of
Mistral also keeps those from beginning that this execution would start yet.
"""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from tripleo_common import clients, conf, errors
from tripleo_common.plans import names, operation
from tripleo_common.validations import results
from tripleo_common.validations.results import Record

LOG = logging.getLogger(__name__)

#: Seconds between two looks for a note, and at the workflow's execution.
_NOTE = 2.0
_EXECUTION = 10.0
#: Seconds that a run has for its end, besides those of its playbook.
_PATIENCE = 120.0
_ENDED = ("SUCCESS", "ERROR", "CANCELLED")
_KEPT = 3600


class Watch:
    """Tells whether a run is to go on, and says that it does.

    :ivar reason: why it is not, the end of a sentence.
    """

    def __init__(self, cloud: clients.Cloud, record: Record) -> None:
        self._cloud = cloud
        self._record = record
        now = time.monotonic()
        self._due = {
            "note": now,
            "execution": now + _EXECUTION,
            "beat": now + results.BEAT,
        }
        self.reason = ""

    def may_go_on(self) -> bool:
        """Look, as far as it is time to.

        Where a service does not answer, it is to go on.
        """
        try:
            self._look()
        except errors.ServiceError as error:
            LOG.warning("Nobody knows whether to stop a validation: %s", error)
        return not self.reason

    def _look(self) -> None:
        if self._is_due("note", _NOTE):
            self._find_note()
        if not self.reason and self._is_due("execution", _EXECUTION):
            self._ask_execution()
        if self._is_due("beat", results.BEAT):
            self._record.update()

    def _is_due(self, what: str, period: float) -> bool:
        now = time.monotonic()
        if now < self._due[what]:
            return False
        self._due[what] = now + period
        return True

    def _find_note(self) -> None:
        plan = self._record.variables["plan"]
        for id_ in sorted(results.ids_of(self._record.variables)):
            note = _read(self._cloud, plan, id_)
            if note is not None:
                self.reason = f"by {note['by']}, at {note['at']} (UTC)"
                return

    def _ask_execution(self) -> None:
        execution = operation.current().execution
        if not execution:
            return
        try:
            state = self._cloud.workflow.executions.get(execution).state
        except errors.ResourceNotFound:
            state = "deleted"
        if state in (*_ENDED, "deleted"):
            self.reason = (
                f"as the workflow execution {execution} that wanted it is "
                f"{state}"
            )


def stop(
    cloud: clients.Cloud,
    plan: str,
    ids: list[str] | None,
    validations: list[str] | None,
    by: str,
) -> list[dict[str, Any]]:
    """Stop runs of a plan's validations, and wait until they have ended.

    :param ids: of the runs, or of the executions that started them.
    :param validations: only runs of these; neither given: all that go on.
    :param by: who wants it.
    :returns: those that went on, as they are now.
    :raises ValidationNotFound: there is none of one of the ids.
    :raises Conflict: one of them goes on nevertheless.
    """
    names.check(plan)
    found = results.chosen(cloud, plan, ids, validations)
    going_on = [e for e in found if e["status"] in results.GOING_ON]
    if going_on or ids:
        cloud.object_store.put_container(results.container(plan), headers={})
    wanted = {each["id"] for each in going_on}
    if not validations:
        # Those that have not begun yet are not to begin.
        wanted |= set(ids or ())
    for id_ in sorted(wanted):
        _write(cloud, plan, id_, by)
    return _await(cloud, plan, {each["id"] for each in going_on})


def _await(
    cloud: clients.Cloud, plan: str, ids: set[str]
) -> list[dict[str, Any]]:
    """Wait until some runs have ended."""
    deadline = time.monotonic() + conf.options().validations_grace + _PATIENCE
    while ids:
        told = [e for e in results.listed(cloud, plan) if e["id"] in ids]
        left = [e["id"] for e in told if e["status"] in results.GOING_ON]
        if not left:
            return told
        if time.monotonic() > deadline:
            raise errors.Conflict(
                f"The validations {', '.join(left)} of plan {plan} were told "
                "to stop, and still go on. Look at the log of Mistral's "
                f"executor on {told[0]['host']}."
            )
        time.sleep(1)
    return []


def _read(cloud: clients.Cloud, plan: str, id_: str) -> Any:
    swift, where = cloud.object_store, results.container(plan)
    try:
        # Most times there is none, and a HEAD has no body to be logged.
        swift.head_object(where, f"{id_}/stop", {"X-Newest": "true"})
        return json.loads(swift.get_object(where, f"{id_}/stop")[1])
    except errors.ResourceNotFound:
        return None


def _write(cloud: clients.Cloud, plan: str, id_: str, by: str) -> None:
    note = {"by": by, "at": results.now()}
    cloud.object_store.put_object(
        results.container(plan),
        f"{id_}/stop",
        contents=json.dumps(note).encode(),
        content_type="application/json",
        headers={"X-Delete-After": str(_KEPT)},
    )
