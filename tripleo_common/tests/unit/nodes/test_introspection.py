from __future__ import annotations

from types import SimpleNamespace

import pytest

from tripleo_common import errors
from tripleo_common.nodes import attempts, introspection, waiting
from tripleo_common.tests.unit.fake_inspector import Inspector

DOWN = errors.ServiceUnreachable("Ironic", "it", "refused", "Wait.")
LOCKED = errors.ResourceConflict("Ironic", "it", "locked", "Wait.", 409)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A clock that goes on while there is a pause, and no other time."""
    clock = SimpleNamespace(now=1000.0, pauses=[])

    def pause(seconds):
        clock.pauses.append(seconds)
        clock.now += seconds

    monkeypatch.setattr(waiting, "pause", pause)
    monkeypatch.setattr(attempts.time, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def inspector(cloud):
    """The ironic-inspector of the cloud, which has one then."""
    cloud.catalog = {*cloud.catalog, "baremetal-introspection"}
    cloud.introspection = Inspector()
    return cloud.introspection


def nodes(ironic, number):
    uuids = [f"node-{each}" for each in range(number)]
    for uuid in uuids:
        ironic.add(uuid, provision_state="manageable")
    return uuids


def failed(outcomes):
    return {uuid: o.error for uuid, o in outcomes.items() if o.error}


def test_many_nodes_take_a_request_each_and_few_a_round(cloud, ironic):
    uuids = nodes(ironic, 30)
    told = introspection.introspect(cloud, uuids, at_once=30)
    assert list(told) == uuids
    assert not failed(told)
    assert ironic.requests == {"GET nodes": 3, "PUT provision": 30}
    one = told["node-3"].told()
    assert (one["error"], one["state"], one["attempts"]) == (
        None,
        "finished",
        1,
    )
    assert one["started_at"] <= one["finished_at"]


def test_no_more_than_the_given_number_are_on_their_way(cloud, ironic):
    uuids = nodes(ironic, 10)
    most = []

    def count():
        states = [n["provision_state"] for n in ironic.nodes.values()]
        most.append(states.count("inspecting"))

    ironic.on_list = count
    introspection.introspect(cloud, uuids, at_once=3)
    assert max(most) == 3
    assert ironic.requests["PUT provision"] == 10


def test_only_what_failed_is_begun_again(cloud, ironic):
    uuids = nodes(ironic, 4)
    ironic.ends_in = {
        "node-1": ("inspect failed", "no disks"),
        "node-2": ("inspect failed", "no disks"),
    }

    def recover():
        if ironic.requests["PUT provision"] >= 6:
            ironic.ends_in.pop("node-1", None)

    ironic.on_list = recover
    told = introspection.introspect(cloud, uuids, retries=1)
    assert failed(told) == {"node-2": "It is inspect failed. no disks."}
    assert [o.attempts for o in told.values()] == [1, 2, 2, 1]


def test_a_node_that_failed_is_manageable_again(cloud, ironic):
    (uuid,) = nodes(ironic, 1)
    ironic.ends_in = {uuid: ("inspect failed", "no disks")}
    real = ironic.node.set_provision_state

    def sent(node, state, **more):
        if state == "manage":
            assert ironic.nodes[node]["provision_state"] == "inspect failed"
            ironic.ends_in.clear()
        real(node, state, **more)

    ironic.node.set_provision_state = sent
    assert failed(introspection.introspect(cloud, [uuid], retries=0))
    assert ironic.nodes[uuid]["target_provision_state"] == "manageable"


def test_three_of_ten_are_late_and_seven_are_done(cloud, ironic, clock):
    uuids = nodes(ironic, 10)
    ironic.stands_still = set(uuids[:3])
    told = introspection.introspect(
        cloud, uuids, at_once=4, retries=1, node_timeout=60
    )
    assert set(failed(told)) == set(uuids[:3])
    for uuid in uuids[:3]:
        assert told[uuid].error.startswith("It was not done after 60 seconds.")
        assert told[uuid].attempts == 2
    # The late ones are late together, not one after the other.
    assert 120 < sum(clock.pauses) < 200


def test_a_node_that_cannot_be_stopped_is_told(cloud, ironic):
    (uuid,) = nodes(ironic, 1)
    ironic.stands_still = {uuid}
    real = ironic.node.set_provision_state

    def sent(node, state, **more):
        if state == "abort":
            raise LOCKED
        real(node, state, **more)

    ironic.node.set_provision_state = sent
    told = introspection.introspect(cloud, [uuid], node_timeout=60)
    assert told[uuid].error.startswith("It could not be stopped")
    assert told[uuid].attempts == 1


@pytest.mark.parametrize("state", ["active", "available", "cleaning"])
def test_nodes_in_use_are_left_alone(cloud, ironic, state):
    ironic.add("a", provision_state=state)
    ironic.add("b", provision_state="inspect failed")
    told = introspection.introspect(cloud, ["a", "b", "c", "a"])
    assert failed(told) == {
        "a": f"It is {state}, and was left alone: only manageable nodes are "
        "introspected. Move it with tripleo.baremetal.v1.manage first, if "
        "nobody uses it.",
        "c": "Ironic has no such node.",
    }
    assert ironic.requests["PUT provision"] == 1
    assert told["a"].told()["finished"] is False


def test_a_node_that_is_locked_is_tried_again(cloud, ironic):
    uuids = nodes(ironic, 2)
    real = ironic.node.set_provision_state
    refused = []

    def sent(node, state, **more):
        if node == "node-0" and len(refused) < 2:
            refused.append(node)
            raise LOCKED
        real(node, state, **more)

    ironic.node.set_provision_state = sent
    told = introspection.introspect(cloud, uuids)
    assert not failed(told)
    assert told["node-0"].attempts == 3
    refused.clear()
    told = introspection.introspect(cloud, uuids, retries=1)
    assert failed(told) == {"node-0": str(LOCKED)}


def test_a_node_that_is_deleted_is_not_waited_for(cloud, ironic):
    uuids = nodes(ironic, 2)

    def delete():
        if ironic.requests["PUT provision"]:
            ironic.nodes.pop("node-1", None)

    ironic.on_list = delete
    told = introspection.introspect(cloud, uuids)
    assert failed(told) == {"node-1": "It was deleted in the meantime."}


def test_ironic_tells_why_a_moment_later(cloud, ironic):
    (uuid,) = nodes(ironic, 1)
    ironic.ends_in = {uuid: ("inspect failed", None)}
    looks = []

    def get(node, fields=None, real=ironic.node.get):
        looks.append(ironic.nodes[node]["provision_state"])
        if looks[-2:] == ["inspect failed", "inspect failed"]:
            ironic.nodes[node]["last_error"] = "no disks"
        return real(node, fields)

    ironic.node.get = get
    told = introspection.introspect(cloud, [uuid], retries=0)
    assert failed(told) == {uuid: "It is inspect failed. no disks."}


def test_what_ironic_forgot_is_in_the_history(cloud, ironic):
    """It forgets when it finds the node's power as it should be."""
    (uuid,) = nodes(ironic, 1)
    ironic.ends_in = {uuid: ("inspect failed", None)}
    told = introspection.introspect(cloud, [uuid], retries=0)
    assert failed(told) == {uuid: "It is inspect failed."}
    ironic.nodes[uuid]["provision_state"] = "manageable"
    ironic.history = [
        {"severity": severity, "created_at": f"2026-11-0{day}", "event": event}
        for severity, day, event in (
            ("ERROR", 1, "long ago"),
            ("ERROR", 3, "no disks"),
            ("INFO", 4, "fine"),
        )
    ]
    told = introspection.introspect(cloud, [uuid], retries=0)
    assert failed(told) == {uuid: "It is inspect failed. no disks."}
    ironic.fails = {}
    ironic.nodes[uuid]["provision_state"] = "manageable"

    def refused(node, detail):
        raise LOCKED

    ironic.node.get_history_list = refused
    told = introspection.introspect(cloud, [uuid], retries=0)
    assert failed(told) == {uuid: "It is inspect failed."}


def test_a_moment_without_ironic_costs_no_attempt(cloud, ironic):
    uuids = nodes(ironic, 3)
    real = ironic.node.set_provision_state
    refused = []

    def sent(node, state, **more):
        if len(refused) < 3:
            refused.append(node)
            raise DOWN
        real(node, state, **more)

    ironic.node.set_provision_state = sent
    told = introspection.introspect(cloud, uuids, retries=0)
    assert not failed(told)
    assert {o.attempts for o in told.values()} == {1}


def test_what_was_done_is_told_when_ironic_stays_away(cloud, ironic):
    uuids = nodes(ironic, 3)
    ironic.stands_still = {"node-1", "node-2"}

    def fail():
        if ironic.requests["GET nodes"] > 4:
            raise DOWN

    ironic.on_list = fail
    told = introspection.introspect(cloud, uuids)
    text = f"Nobody knows what became of it. {DOWN}"
    assert failed(told) == {"node-1": text, "node-2": text}


def test_a_slow_ironic_is_asked_less(cloud, ironic, clock):
    uuids = nodes(ironic, 2)
    ironic.stands_still = set(uuids)

    def slow():
        clock.now += 3

    ironic.on_list = slow
    introspection.introspect(cloud, uuids, retries=0, node_timeout=60)
    assert clock.pauses[3] == 6


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"uuids": []}, "nodes_uuids"),
        ({"at_once": 0}, "concurrency must be 1 or more, not 0"),
        ({"retries": -1}, "max_retry_attempts must be 0 or more"),
        ({"node_timeout": 0.5}, "node_timeout must be 1 or more, not 0.5"),
    ],
)
def test_senseless_inputs_are_told(cloud, ironic, arguments, text):
    with pytest.raises(errors.InvalidInput, match=text):
        introspection.introspect(cloud, **{"uuids": ["a"], **arguments})
    assert not ironic.requests


class TestInspector:
    def test_it_is_asked_where_there_is_one(self, cloud, ironic, inspector):
        uuids = nodes(ironic, 5)
        told = introspection.introspect(cloud, uuids)
        assert not failed(told)
        assert inspector.requests == {"POST": 5, "LIST": 2}
        assert ironic.requests == {"GET nodes": 1}

    def test_what_it_says_is_told(self, cloud, ironic, inspector):
        uuids = nodes(ironic, 3)
        inspector.fails = {"node-1": "no\n disks"}
        told = introspection.introspect(cloud, uuids, retries=1)
        assert failed(told) == {"node-1": "no disks."}
        assert inspector.requests["POST"] == 4

    def test_what_is_late_is_stopped(self, cloud, ironic, inspector):
        uuids = nodes(ironic, 2)
        inspector.stands_still = {"node-0"}
        told = introspection.introspect(
            cloud, uuids, retries=0, node_timeout=30
        )
        assert told["node-0"].error.startswith("It was not done after 30 ")
        assert inspector.requests["ABORT"] == 1

    def test_its_list_comes_in_pages(self, cloud, ironic, inspector):
        inspector.page = 2
        uuids = nodes(ironic, 5)
        assert not failed(introspection.introspect(cloud, uuids))
        # Three of the first look; then those on the first page are left.
        assert inspector.requests["LIST"] == 4

    def test_a_node_that_it_forgot_is_told(self, cloud, ironic, inspector):
        (uuid,) = nodes(ironic, 1)
        inspector.list_statuses = lambda marker=None: []
        told = introspection.introspect(cloud, [uuid])
        assert failed(told) == {uuid: "It was deleted in the meantime."}
