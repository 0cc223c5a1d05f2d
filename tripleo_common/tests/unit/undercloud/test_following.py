from __future__ import annotations

from types import SimpleNamespace

import pytest
from heatclient import exc as heat_exc

from tripleo_common.undercloud import errors, following


def link(stack):
    return [
        {"rel": "self", "href": "http://heat/v1/p/resource"},
        {"rel": "stack", "href": f"http://heat/v1/p/stacks/name/{stack}"},
    ]


def event(number, stack, name, status):
    return SimpleNamespace(
        id=str(number),
        resource_name=name,
        resource_status=status,
        links=link(stack),
    )


def resource(stack, name, physical, status="CREATE_COMPLETE", reason=""):
    return SimpleNamespace(
        resource_name=name,
        physical_resource_id=physical,
        resource_status=status,
        resource_status_reason=reason,
        links=link(stack),
    )


class Heat:
    """Heat that works on one stack: each look finds it further on."""

    def __init__(self, *events):
        self._events = iter(events)
        self.events = SimpleNamespace(list=self._list)
        self.markers = []

    def _list(self, name, nested_depth, sort_dir, marker=None):
        assert sort_dir == "asc"
        self.markers.append(marker)
        found = next(self._events)
        if found is None:
            raise heat_exc.HTTPNotFound()
        return found


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    monkeypatch.setattr(following, "POLL", 0)


def test_a_new_stack_is_followed_to_its_end():
    heat = Heat(
        None,
        None,
        [
            event(1, "s", "overcloud", "CREATE_IN_PROGRESS"),
            event(2, "s", "a", "CREATE_IN_PROGRESS"),
        ],
        [
            event(3, "n", "overcloud-a-x", "CREATE_COMPLETE"),
            event(4, "s", "a", "CREATE_COMPLETE"),
        ],
        [event(5, "s", "overcloud", "CREATE_COMPLETE")],
    )
    told = []
    follower = following.Follower(heat, "overcloud")
    status = follower.follow(
        60, lambda seen: told.append((len(seen.complete), len(seen.known)))
    )
    assert status == "CREATE_COMPLETE"
    assert told == [(0, 0), (0, 2), (2, 3), (3, 3)]
    assert heat.markers == [None, None, None, "2", "4"]


def test_what_happened_before_is_not_counted():
    heat = Heat(
        [event(1, "s", "overcloud", "CREATE_COMPLETE")],
        [],
        [event(2, "s", "overcloud", "UPDATE_COMPLETE")],
    )
    follower = following.Follower(heat, "overcloud")
    assert follower.follow(60) == "UPDATE_COMPLETE"
    assert heat.markers == [None, "1", "1"]


def test_a_stack_is_followed_until_it_is_gone():
    heat = Heat(
        [event(1, "s", "overcloud", "CREATE_COMPLETE")],
        [event(2, "s", "overcloud", "DELETE_IN_PROGRESS")],
        None,
    )
    follower = following.Follower(heat, "overcloud")
    assert follower.follow(60) == "DELETE_COMPLETE"


def test_patience_ends():
    with pytest.raises(errors.WaitedTooLong, match="stack overcloud"):
        following.Follower(Heat(None), "overcloud").follow(0)


def test_the_innermost_failure_is_told_with_its_path():
    found = [
        resource("root", "Controller", "one", "CREATE_FAILED", "inside"),
        resource("one", "0", "two", "CREATE_FAILED", "inside"),
        resource("two", "Deploy", "three", "CREATE_FAILED", "exit code 2"),
        resource("root", "Compute", "four"),
        resource("root", "Networks", "", "CREATE_FAILED", "no such network"),
    ]
    assert following.failures(found) == [
        "Controller.0.Deploy: exit code 2",
        "Networks: no such network",
    ]
