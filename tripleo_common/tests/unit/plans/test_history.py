from __future__ import annotations

import io
import json
import tarfile

import pytest

from tripleo_common import constants, errors
from tripleo_common.plans import (
    container,
    deletion,
    file_lists,
    history_objects,
    operation,
    versions,
)
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.plans.test_versions import contents, put

PLAN = "my_cloud"
HISTORY = "my_cloud-history"
# Nothing of these is rendered, which takes a process.
FILES = {
    "overcloud.yaml": "heat_template_version: rocky\n",
    "overcloud-resource-registry-puppet.yaml": "parameter_defaults: {}\n",
    "notes.txt": "first",
}


@pytest.fixture
def plan(cloud):
    """A plan of one version."""
    cloud.object_store.add(PLAN, FILES)
    plan = Plan(cloud, PLAN)
    with operation.running("create", "id-1"):
        plan.create()
        plan.process()
    return plan


def variables(cloud):
    return cloud.workflow.environments.variables[PLAN]


def names(cloud, folder=""):
    there = cloud.object_store.containers[HISTORY]
    return sorted(name for name in there if name.startswith(folder))


def numbers(plan):
    return [each["version"] for each in versions.listed(plan, 100)]


def swift_requests(cloud, work):
    cloud.object_store.requests.clear()
    work()
    return dict(cloud.object_store.requests)


def test_the_state_notes_the_newest_version(cloud, plan):
    note = variables(cloud)["history"]
    assert (note["version"], note["execution"]) == (1, "id-1")
    assert len(bytes.fromhex(note["key"])) == 32
    assert "history" not in plan.state().shown()


def test_the_container_is_no_plan(cloud, plan):
    headers = cloud.object_store.headers[HISTORY]
    assert headers == {constants.USAGE_HEADER: constants.USAGE_HISTORY}


def test_nothing_in_it_can_be_read_without_the_key(cloud, plan):
    plan.merge_parameters({"Secret": "geheimnisvoll", "Public": "offenbar"})
    stored = b"".join(
        content
        for content, _ in cloud.object_store.containers[HISTORY].values()
    )
    for known in (b"geheimnisvoll", b"offenbar", b"overcloud", b"my_cloud"):
        assert known not in stored


def test_a_change_of_a_parameter_is_one_more_request(cloud, plan):
    def merge():
        plan.merge_parameters({"Count": 1})

    recorded = swift_requests(cloud, merge)
    assert recorded["PUT object"] == 2  # The other one is the mirror.
    assert set(recorded) == {"HEAD container", "HEAD object", "PUT object"}


def test_processing_what_did_not_change_is_no_request_more(
    cloud, plan, options
):
    recorded = swift_requests(cloud, plan.process)
    options("history_versions", 0)
    assert swift_requests(cloud, plan.process) == recorded


def test_contents_are_stored_once(cloud, plan):
    (first,) = names(cloud, "packs/")
    put(cloud, "notes.txt", "second")
    put(cloud, "copy.txt", "first")
    plan.process()
    (second,) = set(names(cloud, "packs/")) - {first}
    key = variables(cloud)["history"]["key"]
    packed = history_objects.Objects(cloud, PLAN).get(key, [second])[second]
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        assert tar.getnames() == [container.md5(b"second")]
    versions.roll_back(cloud, plan, 1)
    assert contents(cloud)["notes.txt"] == b"first"


def test_what_is_in_too_many_packs_is_packed_anew(cloud, plan, monkeypatch):
    monkeypatch.setattr(file_lists, "MAX_PACKS", 3)
    for number in range(6):
        put(cloud, f"{number}.txt", str(number))
        plan.process()
    newest = variables(cloud)["history"]["files"]
    kind = cloud.object_store.containers[HISTORY][f"lists/{newest}"][1]
    assert len(kind.partition("needs=")[2].split(".")) < 3
    before = contents(cloud)
    for number in (1, 3, 7):
        versions.roll_back(cloud, plan, number)
    assert contents(cloud) == before


def test_what_is_too_large_is_not_kept(cloud, plan, monkeypatch):
    monkeypatch.setattr(file_lists, "MAX_FILE", 10)
    put(cloud, "large.bin", "x" * 11)
    put(cloud, "small.bin", "x" * 10)
    plan.process()
    assert plan.history.version(plan.state(), 2).number == 2
    plan.upload({}, gone=["small.bin"])
    versions.roll_back(cloud, plan, 2)
    assert "small.bin" in contents(cloud)
    plan.upload({}, gone=["large.bin"])
    with pytest.raises(errors.VersionIncomplete, match=r"large\.bin"):
        versions.roll_back(cloud, plan, 2)


def test_the_oldest_versions_go(cloud, plan, options):
    options("history_versions", 10)
    for number in range(8):
        put(cloud, "notes.txt", str(number))
        plan.process()
        plan.merge_parameters({"Count": number})
    # A fifth more is kept until they go.
    assert numbers(plan) == list(range(17, 6, -1))
    plan.merge_parameters({"Count": "last"})
    assert numbers(plan) == list(range(18, 8, -1))
    assert versions.listed(plan, 100)[-1]["changes"] is None
    # Only packs and lists that somebody needs are left.
    needed = set()
    for name in names(cloud, "versions/") + names(cloud, "lists/"):
        kind = cloud.object_store.containers[HISTORY][name][1]
        needed |= set(kind.partition("needs=")[2].split("."))
    left = names(cloud, "lists/") + names(cloud, "packs/")
    assert {name.partition("/")[2] for name in left} == needed
    before = contents(cloud)
    for number in (9, 13, 18):
        versions.roll_back(cloud, plan, number)
    assert contents(cloud) == before
    with pytest.raises(errors.VersionNotFound, match=r"version 8\. It has 11"):
        versions.roll_back(cloud, plan, 8)


def test_old_versions_that_cannot_go_are_no_failure(cloud, plan, options):
    options("history_versions", 1)
    refusal = errors.ServiceError("Swift", "it", "HTTP 503", "Wait.")

    def refuse(name, path):
        raise refusal

    cloud.object_store.delete_object = refuse
    plan.merge_parameters({"Count": 1})
    plan.merge_parameters({"Count": 2})
    assert numbers(plan) == [3, 2, 1]


def test_no_history_is_kept_where_nobody_wants_one(cloud, options):
    options("history_versions", 0)
    cloud.object_store.add(PLAN, FILES)
    plan = Plan(cloud, PLAN)
    plan.create()
    plan.process()
    plan.merge_parameters({"Count": 1})
    assert "history" not in variables(cloud)
    assert HISTORY not in cloud.object_store.containers


def test_a_container_of_others_is_left_alone(cloud, caplog):
    cloud.object_store.add(HISTORY, {"a": "b"}, plan=False)
    cloud.object_store.add(PLAN, FILES)
    plan = Plan(cloud, PLAN)
    plan.create()
    plan.process()
    plan.merge_parameters({"Count": 1})
    assert names(cloud) == ["a"]
    assert numbers(plan) == []
    assert "my_cloud-history is there for something else" in caplog.text
    deletion.delete(cloud, plan)
    assert list(cloud.object_store.containers) == [HISTORY]


def test_a_history_that_was_removed_begins_anew(cloud, plan):
    plan.merge_parameters({"Count": 1})
    del cloud.object_store.containers[HISTORY]
    assert numbers(plan) == []
    plan.merge_parameters({"Count": 2})
    assert numbers(plan) == [3]
    put(cloud, "notes.txt", "second")
    plan.process()
    versions.roll_back(cloud, plan, 3)
    assert contents(cloud)["notes.txt"] == b"first"


@pytest.mark.parametrize("spoilt", [b"", b"x" * 100])
def test_what_others_wrote_into_it_is_told(cloud, plan, spoilt):
    there = cloud.object_store.containers[HISTORY]
    name = history_objects.version_name(1)
    there[name] = (spoilt, there[name][1])
    with pytest.raises(
        errors.HistoryDamaged, match=f"{HISTORY}/{name} was changed"
    ):
        versions.listed(plan)


def test_a_damaged_history_is_in_nobodys_way(cloud, plan):
    there = cloud.object_store.containers[HISTORY]
    for name in names(cloud):
        there[name] = (b"spoilt", there[name][1])
    put(cloud, "notes.txt", "second")
    plan.process()
    put(cloud, "notes.txt", "third")
    plan.process()
    versions.roll_back(cloud, plan, 2)
    assert contents(cloud)["notes.txt"] == b"second"


def test_a_version_is_none_in_the_place_of_another(cloud, plan):
    plan.merge_parameters({"Count": 1})
    there = cloud.object_store.containers[HISTORY]
    first, second = names(cloud, "versions/")
    there[second] = there[first]
    with pytest.raises(errors.HistoryDamaged):
        versions.listed(plan)


def test_a_change_that_cannot_be_recorded_is_not_made(cloud, plan):
    put_object = cloud.object_store.put_object
    refusal = errors.ServiceError("Swift", "it", "HTTP 413: quota", "Free.")

    def refuse(name, *args, **named):
        if name == HISTORY:
            raise refusal
        put_object(name, *args, **named)

    cloud.object_store.put_object = refuse
    with pytest.raises(errors.ServiceError, match="quota"):
        plan.merge_parameters({"Count": 1})
    assert variables(cloud)["parameter_defaults"] == {}
    # Files stand in the container by then.
    put(cloud, "notes.txt", "second")
    plan.process()
    assert numbers(plan) == [1]
    cloud.object_store.put_object = put_object
    plan.process()
    assert numbers(plan) == [2, 1]


def test_a_file_that_is_gone_before_it_is_read(cloud, plan):
    there = cloud.object_store.containers[PLAN]
    listing = cloud.object_store.get_container

    def late(name, full_listing=False):
        told = listing(name, full_listing)
        if name == PLAN:
            told[1].append({**told[1][0], "name": "gone", "hash": "0" * 32})
        return told

    cloud.object_store.get_container = late
    there["new.txt"] = (b"new", "text/plain")
    plan.process()
    cloud.object_store.get_container = listing
    newest = versions.listed(plan)[0]
    assert newest["changes"]["files"]["added"] == ["gone", "new.txt"]
    plan.upload({}, gone=["new.txt"])
    with pytest.raises(errors.VersionIncomplete, match="lacks gone"):
        versions.roll_back(cloud, plan, 2)


def test_with_the_plan_goes_its_history(cloud, plan):
    deletion.delete(cloud, plan)
    assert cloud.object_store.containers == {}
    assert cloud.workflow.environments.variables == {}


def test_with_the_state_goes_its_history(cloud, plan):
    deletion.delete_state(cloud, plan)
    assert set(contents(cloud)) == set(FILES)
    assert HISTORY not in cloud.object_store.containers


def test_a_plan_of_the_same_name_has_a_history_of_its_own(cloud, plan):
    # As if the deletion had been cut off before.
    kept = dict(cloud.object_store.containers[HISTORY])
    deletion.delete(cloud, plan)
    cloud.object_store.add(HISTORY, {}, plan=False)
    cloud.object_store.headers[HISTORY] = {
        constants.USAGE_HEADER: constants.USAGE_HISTORY
    }
    cloud.object_store.containers[HISTORY] = kept
    cloud.object_store.add(PLAN, FILES)
    again = Plan(cloud, PLAN)
    again.create()
    assert numbers(again) == [1]


def test_a_list_is_what_json_can_hold(cloud, plan):
    key = variables(cloud)["history"]["key"]
    objects = history_objects.Objects(cloud, PLAN)
    (name,) = names(cloud, "lists/")
    told = json.loads(objects.get(key, [name])[name])
    assert set(told) == set(FILES)
