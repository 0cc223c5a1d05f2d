from __future__ import annotations

import datetime

import pytest

from tripleo_common import errors
from tripleo_common.plans import processes
from tripleo_common.validations import results
from tripleo_common.validations.results import Record


def ended(cloud, plan="mine", validation="one", **more):
    record = Record(cloud, plan, validation, "root")
    record.end(status=results.SUCCESS, **more)
    return record


def ago(**time):
    moment = datetime.datetime.now(datetime.UTC) - datetime.timedelta(**time)
    return moment.isoformat(sep=" ", timespec="milliseconds")


def listed(cloud, plan="mine"):
    return [each["id"] for each in results.listed(cloud, plan)]


def test_the_newest_comes_first(cloud):
    first = ended(cloud, start=ago(days=2))
    second = ended(cloud, start=ago(days=1))
    assert listed(cloud) == [second.id, first.id]
    (_, told) = results.listed(cloud, "mine")
    assert told["status"] == "SUCCESS"
    assert told["end"]
    assert not {"process", "seen"} & set(told)


@pytest.mark.parametrize("other", ["mine2", "min", "ine"])
def test_plans_have_their_own(cloud, other):
    record = ended(cloud)
    Record(cloud, other, "one", "")
    assert listed(cloud) == [record.id]


def test_long_names_have_their_own(cloud):
    names = ["a" * 199 + end for end in "bc"]
    records = [ended(cloud, plan) for plan in names]
    for plan, record in zip(names, records, strict=True):
        assert listed(cloud, plan) == [record.id]
    assert max(map(len, cloud.workflow.environments.variables)) < 200


def test_what_goes_on_is_told_as_it_is(cloud):
    record = Record(cloud, "mine", "one", "")
    (told,) = results.listed(cloud, "mine")
    assert told["status"] == "WAITING"
    record.update(status=results.RUNNING)
    (told,) = results.listed(cloud, "mine")
    assert (told["status"], told["end"]) == ("RUNNING", None)


def test_what_says_nothing_any_more_is_lost(cloud):
    record = Record(cloud, "mine", "one", "")
    stored = cloud.workflow.environments.variables[record._name]
    stored["seen"] = ago(seconds=results.SILENCE + 1)
    (told,) = results.listed(cloud, "mine")
    assert told["status"] == "LOST"
    assert told["end"] == stored["seen"]
    assert "nobody knows" in told["message"]


def test_what_was_killed_is_lost_at_once(cloud, monkeypatch):
    Record(cloud, "mine", "one", "")
    monkeypatch.setattr(processes, "is_gone", lambda process: bool(process))
    (told,) = results.listed(cloud, "mine")
    assert told["status"] == "LOST"


def test_what_has_ended_is_never_lost(cloud, monkeypatch):
    ended(cloud)
    monkeypatch.setattr(processes, "is_gone", lambda process: True)
    (told,) = results.listed(cloud, "mine")
    assert told["status"] == "SUCCESS"


def test_runs_are_named_by_any_of_their_ids(cloud):
    one, two = ended(cloud), ended(cloud, validation="two")

    def chosen(ids=None, validations=None):
        found = results.chosen(cloud, "mine", ids, validations)
        return {each["id"] for each in found}

    assert chosen() == chosen(["root"]) == {one.id, two.id}
    assert chosen([one.id]) == {one.id}
    assert chosen(None, ["two"]) == chosen(["root"], ["two"]) == {two.id}
    assert chosen(None, ["three"]) == set()
    with pytest.raises(errors.ValidationNotFound, match="the id none"):
        chosen([one.id, "none"])


def test_in_a_list_hosts_are_counted(cloud):
    hosts = {"a": "ok", "b": "failed", "c": "ok"}
    ended(cloud, hosts=hosts, failures={"b": {}}, output={"object": "a"})
    (told,) = results.listed(cloud, "mine")
    short = results.short(told)
    assert short["hosts"] == {"ok": 2, "failed": 1}
    assert not {"failures", "output"} & set(short)


def output(cloud, record, **more):
    where = {"container": "mine-validations", "object": record.id}
    cloud.object_store.put_container("mine-validations", headers={})
    cloud.object_store.put_object("mine-validations", record.id, b"x")
    record.end(output=where, **more)


def test_as_many_are_kept_as_are_wanted(cloud, options):
    options("validations_kept", 2)
    goes_on = Record(cloud, "mine", "one", "")
    records = [ended(cloud, start=ago(minutes=n)) for n in (3, 2, 1)]
    for record in records:
        output(cloud, record)
    results.prune(cloud, "mine")
    kept = [records[2].id, records[1].id]
    assert listed(cloud) == [goes_on.id, *kept]
    stored = cloud.object_store.containers["mine-validations"]
    assert set(stored) == set(kept)


def test_the_old_are_not_kept(cloud, options):
    options("validations_kept_days", 2)
    old = ended(cloud, start=ago(days=3))
    young = ended(cloud, start=ago(days=1))
    output(cloud, old)
    results.prune(cloud, "mine")
    assert listed(cloud) == [young.id]
    assert results.seconds_kept() == 2 * 86400


def test_what_cannot_be_removed_stays(cloud, options, monkeypatch):
    options("validations_kept", 1)
    for minutes in (2, 1):
        output(cloud, ended(cloud, start=ago(minutes=minutes)))

    def refuse(*_):
        raise errors.ServiceError("Swift", "delete", "HTTP 503", "Wait.", 503)

    monkeypatch.setattr(cloud.object_store, "delete_object", refuse)
    results.prune(cloud, "mine")
    assert len(listed(cloud)) == 2
