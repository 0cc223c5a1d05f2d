from __future__ import annotations

from types import SimpleNamespace

import pytest

from tripleo_common import errors
from tripleo_common.plans import operation
from tripleo_common.validations import results, stopping
from tripleo_common.validations.results import Record
from tripleo_common.validations.stopping import Watch


@pytest.fixture(autouse=True)
def _hasty(monkeypatch):
    """All is due whenever it is looked at."""
    for name in ("_NOTE", "_EXECUTION"):
        monkeypatch.setattr(stopping, name, 0)
    monkeypatch.setattr(stopping.time, "sleep", lambda _: None)


def ends_when_it_is_told_to(cloud, record, monkeypatch):
    """Have a run end the next time that its result is looked at."""
    watch = Watch(cloud, record)
    listed = results.listed

    def look(*asked):
        if not watch.may_go_on():
            record.end(status=results.STOPPED)
        return listed(*asked)

    monkeypatch.setattr(results, "listed", look)
    return watch


def test_a_run_goes_on_until_it_is_told_to_stop(cloud, monkeypatch):
    record = Record(cloud, "mine", "one", "root")
    watch = ends_when_it_is_told_to(cloud, record, monkeypatch)
    assert watch.may_go_on()
    (stopped,) = stopping.stop(cloud, "mine", None, None, "somebody")
    assert stopped["status"] == "STOPPED"
    assert watch.reason.startswith("by somebody, at 20")


def test_others_go_on(cloud, monkeypatch):
    one = Record(cloud, "mine", "one", "")
    two = Record(cloud, "mine", "two", "")
    ends_when_it_is_told_to(cloud, one, monkeypatch)
    (stopped,) = stopping.stop(cloud, "mine", None, ["one"], "somebody")
    assert stopped["id"] == one.id
    assert Watch(cloud, two).may_go_on()


def test_what_an_execution_begins_later_does_not_begin(cloud, monkeypatch):
    record = Record(cloud, "mine", "one", "root")
    ends_when_it_is_told_to(cloud, record, monkeypatch)
    stopping.stop(cloud, "mine", ["root"], None, "somebody")
    later = Record(cloud, "mine", "two", "root")
    assert not Watch(cloud, later).may_go_on()


def test_what_does_not_end_is_told(cloud, options, monkeypatch):
    options("validations_grace", 0)
    monkeypatch.setattr(stopping, "_PATIENCE", 0)
    Record(cloud, "mine", "one", "")
    with pytest.raises(errors.Conflict, match="and still go on"):
        stopping.stop(cloud, "mine", None, None, "somebody")


@pytest.mark.parametrize("state", ["CANCELLED", "ERROR", None])
def test_with_its_execution_it_ends(cloud, state):
    record = Record(cloud, "mine", "one", "")
    known = cloud.workflow.executions.known
    known["own"] = SimpleNamespace(state="RUNNING")
    watch = Watch(cloud, record)
    with operation.running("workflow", "own"):
        assert watch.may_go_on()
        if state is None:
            del known["own"]
        else:
            known["own"].state = state
        assert not watch.may_go_on()
    assert f"execution own that wanted it is {state or 'deleted'}" in (
        watch.reason
    )


def test_a_service_that_is_down_stops_nothing(cloud, monkeypatch):
    record = Record(cloud, "mine", "one", "")

    def refuse(*_):
        raise errors.ServiceUnreachable("Swift", "head", "refused", "Wait.")

    monkeypatch.setattr(cloud.object_store, "head_object", refuse)
    assert Watch(cloud, record).may_go_on()


def test_a_run_says_that_it_goes_on(cloud, monkeypatch):
    monkeypatch.setattr(results, "BEAT", 0)
    record = Record(cloud, "mine", "one", "")
    before = cloud.workflow.environments.requests["PUT"]
    Watch(cloud, record).may_go_on()
    assert cloud.workflow.environments.requests["PUT"] == before + 1
