from __future__ import annotations

import threading

import pytest
import swiftclient.client

from tripleo_common import constants, errors
from tripleo_common.plans import cache, container
from tripleo_common.plans.container import Container, StoredFile
from tripleo_common.plans.files import Files


@pytest.fixture
def plan(cloud):
    cloud.object_store.add("my_cloud", {"a.yaml": "A", "dir/b": "B"})
    return Container(cloud, "my_cloud")


def test_a_container_made_by_us_is_a_plan(cloud):
    new = Container(cloud, "new")
    assert not new.exists()
    new.create()
    assert new.exists()
    assert new.is_plan()


def test_another_ones_container_is_no_plan(cloud):
    cloud.object_store.add("photos", {}, plan=False)
    assert Container(cloud, "photos").exists()
    assert not Container(cloud, "photos").is_plan()


def test_the_listing_tells_what_is_stored(plan):
    assert plan.files() == {
        "a.yaml": StoredFile(container.md5(b"A"), 1, "text/plain"),
        "dir/b": StoredFile(container.md5(b"B"), 1, "text/plain"),
    }


def test_files_are_written_with_a_type_of_their_own_or_a_given_one(
    cloud, plan
):
    plan.write({"x.json": b"{}", "y": b""})
    plan.write({"z": b"."}, content_type="application/x-z")
    stored = cloud.object_store.containers["my_cloud"]
    assert stored["x.json"] == (b"{}", "application/json")
    assert stored["y"] == (b"", "application/octet-stream")
    assert stored["z"] == (b".", "application/x-z")


def test_removing_what_is_gone_already_is_done(cloud, plan):
    plan.remove(["a.yaml", "never there"])
    assert set(cloud.object_store.containers["my_cloud"]) == {"dir/b"}


def test_deleting_a_container_takes_its_files_along(cloud, plan):
    plan.delete()
    assert "my_cloud" not in cloud.object_store.containers


def test_requests_are_sent_concurrently(cloud, plan):
    meeting = threading.Barrier(2, timeout=10)

    def get_object(name, path):
        meeting.wait()
        return {}, path.encode()

    cloud.object_store.get_object = get_object
    assert plan.read(["a.yaml", "dir/b"]) == {
        "a.yaml": b"a.yaml",
        "dir/b": b"dir/b",
    }


def test_the_first_error_ends_reading(plan):
    with pytest.raises(errors.ResourceNotFound):
        plan.read(["a.yaml", "gone"])


def test_nothing_is_read_twice(cloud, plan):
    files = Files(plan, plan.files())
    files.fetch(["a.yaml", "dir/b", "a.yaml", "absent"])
    files.fetch(["a.yaml"])
    assert files.text("a.yaml", "the test") == "A"
    assert cloud.object_store.requests["GET object"] == 2


def test_what_is_put_shadows_what_is_stored_and_is_not_written(cloud, plan):
    files = Files(plan, plan.files())
    files.put("a.yaml", "new")
    files.put("c.yaml", "more")
    assert "c.yaml" in files
    assert files.text("a.yaml", "the test") == "new"
    assert cloud.object_store.requests["PUT object"] == 0


def test_a_missing_file_is_told_with_who_needs_it(plan):
    files = Files(plan, plan.files())
    with pytest.raises(
        errors.FileMissing, match=r"my_cloud has no file x, which y needs"
    ):
        files.read("x", "y")


def test_text_that_is_not_utf_8_is_told(cloud, plan):
    cloud.object_store.containers["my_cloud"]["a.yaml"] = (b"\xff", "")
    with pytest.raises(errors.InvalidFile, match=r"a\.yaml: not UTF-8"):
        Files(plan, plan.files()).text("a.yaml", "the test")


def test_only_what_differs_is_changed(plan):
    files = {"a.yaml": b"A", "dir/b": b"changed", "new": b""}
    assert container.changed(files, plan.files()) == {
        "dir/b": b"changed",
        "new": b"",
    }


def test_the_plan_mark_is_the_header_that_clients_set():
    assert constants.USAGE_HEADER == "x-container-meta-usage-tripleo"


class LaggingListing:
    """A listing that tells changes only when it was asked for some times."""

    def __init__(self, store, late: int) -> None:
        self._get_container = store.get_container
        self._before = self._get_container("my_cloud")
        self._left = late
        store.get_container = self

    def __call__(self, name, full_listing=False):
        if self._left:
            self._left -= 1
            return self._before
        return self._get_container(name, full_listing)


@pytest.mark.parametrize("late", [0, 2])
def test_writing_ends_when_the_listing_tells_it(
    cloud, plan, monkeypatch, late
):
    monkeypatch.setattr(container, "_LISTING_INTERVAL", 0)
    LaggingListing(cloud.object_store, late)
    plan.write({"a.yaml": b"new"})
    assert plan.files()["a.yaml"].md5 == container.md5(b"new")
    assert cloud.object_store.requests["GET container"] == 3


def test_removing_ends_when_the_listing_tells_it(cloud, plan, monkeypatch):
    monkeypatch.setattr(container, "_LISTING_INTERVAL", 0)
    LaggingListing(cloud.object_store, 3)
    plan.remove(["a.yaml"])
    assert set(plan.files()) == {"dir/b"}


def test_a_listing_that_stays_behind_is_not_waited_for_for_ever(
    cloud, plan, monkeypatch, caplog
):
    monkeypatch.setattr(container, "LISTING_TIMEOUT", 0.01)
    monkeypatch.setattr(container, "_LISTING_INTERVAL", 0)
    LaggingListing(cloud.object_store, 10**9)
    plan.write({"a.yaml": b"new"})
    assert "listing of my_cloud still misses changes of 1 files" in caplog.text
    assert "a.yaml" in caplog.text


def test_nothing_to_write_asks_for_nothing(cloud, plan):
    plan.write({})
    plan.remove([])
    assert not cloud.object_store.requests


def test_the_secret_is_in_no_log():
    secret = cache.new_secret()
    logged = swiftclient.client.scrub_headers(
        {"X-Container-Meta-Tripleo-Cache-Secret": secret}
    )
    assert secret[16:] not in str(logged)


MANY = {
    **{f"dir/{number}.json": b"%d" % number for number in range(40)},
    "värde ?#" + "x" * 150: b"",
}


def test_many_files_go_as_one_archive(cloud, plan):
    plan.write(MANY)
    stored = cloud.object_store.containers["my_cloud"]
    assert stored["dir/39.json"] == (b"39", "application/json")
    assert {path: stored[path][0] for path in MANY} == MANY
    assert cloud.object_store.requests["PUT archive"] == 1
    assert cloud.object_store.requests["PUT object"] == 0


def test_what_an_archive_did_not_bring_is_sent(cloud, plan):
    store = cloud.object_store
    unpacked = store._unpacked

    def unpack_some(content):
        files = unpacked(content)
        del files["dir/1.json"]
        return {**files, "dir/2.json": (b"torn", "application/json")}

    store._unpacked = unpack_some
    plan.write(MANY, content_type="application/x-z")
    stored = store.containers["my_cloud"]
    assert stored["dir/1.json"] == (b"1", "application/x-z")
    assert stored["dir/2.json"] == (b"2", "application/x-z")
    assert store.requests["PUT object"] == 2


def test_a_swift_that_unpacks_nothing_gets_each_file(cloud, plan):
    cloud.object_store._unpacked = lambda content: {}
    plan.write(MANY)
    assert cloud.object_store.requests["PUT object"] == len(MANY)


def test_an_archive_that_does_not_arrive_is_no_failure(cloud, plan, caplog):
    def unpack(content):
        raise errors.ServiceUnreachable("Swift", "put", "timed out", "Wait.")

    cloud.object_store._unpacked = unpack
    plan.write(MANY)
    assert cloud.object_store.requests["PUT object"] == len(MANY)
    assert "The archive did not arrive" in caplog.text


def test_a_long_listing_has_several_pages(cloud, plan):
    cloud.object_store.page = 1
    assert set(plan.files()) == {"a.yaml", "dir/b"}
    assert cloud.object_store.requests["GET container"] == 2
    cloud.object_store.page = 2
    assert set(plan.files()) == {"a.yaml", "dir/b"}
    assert cloud.object_store.requests["GET container"] == 3
