from __future__ import annotations

import pytest

from tripleo_common.plans import listing
from tripleo_common.plans.store import Plan


@pytest.fixture
def swift(cloud):
    return cloud.object_store


def environments(cloud):
    return cloud.workflow.environments


def test_only_what_has_both_halves_is_listed(cloud, swift):
    cloud.add_plan("whole", {})
    cloud.add_plan("another", {})
    swift.add("container_only", {})
    environments(cloud).variables["environment_only"] = {}
    swift.add("ssh_keys", {}, plan=False)
    environments(cloud).variables["ssh_keys"] = {}
    assert listing.whole(cloud) == ["another", "whole"]


def test_without_plans_the_lists_are_empty(cloud):
    assert listing.whole(cloud) == []
    assert listing.halves(cloud) == []


def test_containers_that_are_no_plans_cost_nothing(cloud, swift):
    cloud.add_plan("whole", {})
    for number in range(1000):
        swift.add(f"photos{number}", {}, plan=False)
    assert listing.whole(cloud) == ["whole"]
    assert swift.requests == {"HEAD container": 1}
    assert environments(cloud).requests == {"LIST": 1}


def test_of_many_environments_those_without_a_container_cost_nothing(
    cloud, swift
):
    cloud.add_plan("whole", {})
    for number in range(1000):
        environments(cloud).variables[f"else{number}"] = {}
    assert listing.whole(cloud) == ["whole"]
    assert swift.requests == {"GET account": 1, "HEAD container": 1}


def test_environments_that_no_plan_may_be_called_are_not_asked_for(
    cloud, swift
):
    environments(cloud).variables.update({"a/b": {}, "": {}, "å": {}})
    assert listing.whole(cloud) == []
    assert not swift.requests


class TestHalves:
    def test_a_container_without_a_state(self, cloud):
        Plan(cloud, "new").create_container()
        assert listing.halves(cloud) == [
            {"name": "new", "missing": "environment"}
        ]

    def test_a_state_without_a_container(self, cloud, swift):
        cloud.add_plan("lost", {"overcloud.yaml": ""})
        with Plan(cloud, "lost").exclusively():
            pass
        del swift.containers["lost"]
        assert listing.halves(cloud) == [
            {"name": "lost", "missing": "container"}
        ]

    def test_a_state_that_this_library_made_is_known_without_a_lease(
        self, cloud
    ):
        environments(cloud).create("lost", "State of a TripleO plan", {})
        assert listing.halves(cloud) == [
            {"name": "lost", "missing": "container"}
        ]

    def test_they_are_sorted(self, cloud):
        for name in ("zz", "aa" * 90, "mm"):
            Plan(cloud, name).create_container()
        assert [each["name"] for each in listing.halves(cloud)] == [
            "aa" * 90,
            "mm",
            "zz",
        ]

    def test_whole_plans_and_what_is_none_are_not_told(self, cloud, swift):
        cloud.add_plan("whole", {})
        with Plan(cloud, "whole").exclusively():
            pass
        swift.add("photos", {}, plan=False)
        swift.add("whole-swift-rings", {})
        environments(cloud).variables["ssh_keys"] = {"public_key": "x"}
        # Somebody asked for a plan that never was.
        with Plan(cloud, "photos").exclusively():
            pass
        with Plan(cloud, "nothing").exclusively():
            pass
        assert listing.halves(cloud) == []
