from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import deletion
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.plans.test_store import FILES


@pytest.fixture
def swift(cloud):
    return cloud.object_store


def delete(cloud, name="my_cloud", keep_state=False):
    deletion.delete(cloud, Plan(cloud, name), keep_state)


def test_nothing_of_a_plan_is_left(cloud, swift):
    cloud.add_plan("my_cloud", FILES)
    delete(cloud)
    assert not swift.containers
    assert not cloud.workflow.environments.variables


def test_either_half_goes(cloud, swift):
    swift.add("files", FILES)
    cloud.workflow.environments.variables["state"] = {"template": "a.yaml"}
    delete(cloud, "files")
    delete(cloud, "state")
    assert not swift.containers
    assert not cloud.workflow.environments.variables


def test_the_state_can_be_kept(cloud, swift):
    cloud.add_plan("my_cloud", FILES)
    swift.add("my_cloud-messages", {"a": "A"}, plan=False)
    delete(cloud, keep_state=True)
    assert list(swift.containers) == ["my_cloud-messages"]
    assert list(cloud.workflow.environments.plans) == ["my_cloud"]


def test_a_plan_whose_stack_stands_stays(cloud, swift):
    cloud.add_plan("my_cloud", FILES)
    cloud.orchestration.stacks.add("my_cloud", "CREATE_COMPLETE")
    with pytest.raises(errors.StackInUse, match=r"CREATE_COMPLETE"):
        delete(cloud)
    assert set(swift.containers["my_cloud"]) == set(FILES)


def test_another_ones_container_stays(cloud, swift):
    swift.add("photos", {"a": "A"}, plan=False)
    with pytest.raises(errors.NotAPlan, match="container photos is not"):
        delete(cloud, "photos")
    assert swift.containers["photos"]


def test_an_environment_that_is_no_plans_state_stays(cloud):
    keys = {"public_key": "x", "private_key": "y"}
    cloud.workflow.environments.variables["ssh_keys"] = keys
    with pytest.raises(
        errors.NotAPlan, match="Mistral environment ssh_keys is not a plan"
    ):
        delete(cloud, "ssh_keys")
    assert cloud.workflow.environments.plans == {"ssh_keys": keys}


def test_what_is_not_there_is_told(cloud):
    with pytest.raises(errors.PlanNotFound):
        delete(cloud, "absent")


def test_many_files_go_in_few_requests(cloud, swift):
    cloud.add_plan("my_cloud", {f"f/ö {n}\n?.yaml": "" for n in range(2500)})
    delete(cloud)
    assert swift.requests == {
        "HEAD container": 1,
        "GET account": 1,
        "GET container": 1,
        "POST bulk-delete": 3,
        "DELETE container": 1,
    }


def test_files_go_without_bulk_deletion_too(cloud, swift):
    swift.deletes_in_bulk = False
    cloud.add_plan("my_cloud", FILES)
    delete(cloud)
    assert not swift.containers


@pytest.mark.parametrize(
    "answer",
    [
        b'{"Number Deleted": 1, "Number Not Found": 0, "Errors": []}',
        b'{"Number Deleted": 3, "Number Not Found": 0, "Errors": [["a", 1]]}',
        b"[]",
        b"<html>",
    ],
)
def test_what_bulk_deletion_leaves_goes_too(cloud, swift, answer):
    swift.post_account = lambda **_: ({}, answer)
    cloud.add_plan("my_cloud", FILES)
    delete(cloud)
    assert not swift.containers


def test_a_refused_bulk_deletion_is_done_file_by_file(cloud, swift):
    def refuse(**_):
        raise errors.ServiceError("Swift", "it", "HTTP 413", "", 413)

    swift.post_account = refuse
    cloud.add_plan("my_cloud", FILES)
    delete(cloud)
    assert not swift.containers


def test_a_file_that_the_listing_did_not_tell_goes_too(cloud, swift):
    cloud.add_plan("my_cloud", FILES)
    post_account = swift.post_account

    def add_late(**arguments):
        answer = post_account(**arguments)
        swift.containers["my_cloud"]["late"] = (b"", "")
        return answer

    swift.post_account = add_late
    delete(cloud)
    assert not swift.containers


def test_a_container_that_never_empties_is_told(cloud, swift, monkeypatch):
    cloud.add_plan("my_cloud", FILES)

    def refuse(name):
        raise errors.ResourceConflict("Swift", name, "HTTP 409", "", 409)

    swift.delete_container = refuse
    monkeypatch.setattr("tripleo_common.plans.container.LISTING_TIMEOUT", 0)
    with pytest.raises(errors.ResourceConflict):
        delete(cloud)
    # So it can be deleted again.
    assert "my_cloud" in cloud.workflow.environments.plans


class TestCompanions:
    def test_they_go_with_the_plan(self, cloud, swift):
        cloud.add_plan("my_cloud", FILES)
        for suffix in ("swift-rings", "messages", "config"):
            swift.add(f"my_cloud-{suffix}", {"a": "A"}, plan=False)
        delete(cloud)
        assert not swift.containers

    def test_they_go_with_the_half_of_one(self, cloud, swift):
        swift.add("my_cloud", FILES)
        swift.add("my_cloud-config", {"a": "A"}, plan=False)
        delete(cloud)
        assert not swift.containers

    def test_containers_of_such_names_stay_where_there_is_no_plan(
        self, cloud, swift
    ):
        swift.add("x-messages", {"a": "A"}, plan=False)
        with pytest.raises(errors.PlanNotFound):
            delete(cloud, "x")
        assert swift.containers["x-messages"]

    def test_others_of_names_that_begin_alike_stay(self, cloud, swift):
        cloud.add_plan("my", FILES)
        others = {"my-photos", "my-config2", "my-history", "mymessages"}
        for name in others:
            swift.add(name, {"a": "A"}, plan=False)
        delete(cloud, "my")
        assert set(swift.containers) == others

    def test_a_plan_of_such_a_name_stays(self, cloud, swift):
        cloud.add_plan("my", FILES)
        cloud.add_plan("my-config", FILES)
        swift.add("my-swift-rings", FILES)
        delete(cloud, "my")
        assert set(swift.containers) == {"my-config", "my-swift-rings"}

    def test_rings_that_an_earlier_release_marked_as_a_plan_go(
        self, cloud, swift
    ):
        cloud.add_plan("my_cloud", FILES)
        swift.add(
            "my_cloud-swift-rings",
            {"swift-rings.tar.gz": "", "swift-rings.tar.gz-1470000000": ""},
        )
        delete(cloud)
        assert not swift.containers


@pytest.mark.parametrize("call", ["delete_container", "post_account"])
def test_who_was_killed_in_the_middle_is_taken_over_from(cloud, swift, call):
    class Killed(BaseException):
        pass

    def kill(*_, **__):
        raise Killed

    cloud.add_plan("my_cloud", FILES)
    swift.add("my_cloud-config", {"a": "A"}, plan=False)
    working = getattr(swift, call)
    setattr(swift, call, kill)
    with pytest.raises(Killed):
        delete(cloud)
    setattr(swift, call, working)
    delete(cloud)
    assert not swift.containers
    assert not cloud.workflow.environments.variables
