from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.nodes import states, waiting

DOWN = errors.ServiceUnreachable("Ironic", "it", "refused", "Wait.")
LOCKED = errors.ResourceConflict("Ironic", "it", "locked", "Wait.", 409)


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    made: list[float] = []
    monkeypatch.setattr(waiting, "pause", made.append)
    return made


def manage(cloud, uuids, timeout=60):
    return states.provision(cloud, uuids, "manage", "manageable", timeout)


def test_many_nodes_take_a_request_each_and_one_a_round(cloud, ironic):
    uuids = [f"node-{number}" for number in range(30)]
    for uuid in uuids:
        ironic.add(uuid)
    assert manage(cloud, uuids) == {"moved": uuids, "failed": []}
    assert ironic.requests["PUT provision"] == 30
    # What they are before; on their way; there.
    assert ironic.requests["GET nodes"] == 3
    assert ironic.requests["GET node"] == 0


def test_what_is_there_is_not_sent(cloud, ironic):
    ironic.add("a", provision_state="manageable")
    assert manage(cloud, ["a", "a"]) == {"moved": ["a"], "failed": []}
    assert not ironic.requests["PUT provision"]


@pytest.mark.parametrize("end", ["enroll", "clean failed", "error"])
def test_a_node_that_ironic_gives_up_fails_at_once(cloud, ironic, end):
    for uuid in "abc":
        ironic.add(uuid)
    ironic.ends_in = {"b": (end, "the BMC\n is silent")}
    told = manage(cloud, ["a", "b", "c"])
    assert told["moved"] == ["a", "c"]
    assert told["failed"] == [
        {
            "uuid": "b",
            "result": f"Node b did not become manageable. It is {end}. "
            "the BMC is silent.",
        }
    ]


def test_a_state_that_the_caller_calls_a_failure(cloud, ironic):
    for uuid in "ab":
        ironic.add(uuid)
    ironic.ends_in = {"a": ("odd", None)}
    told = states.provision(
        cloud, ["a", "b"], "manage", "manageable", 60, ["odd"]
    )
    assert told["moved"] == ["b"]


def test_nodes_that_are_unknown_locked_or_deleted(cloud, ironic):
    for uuid in "abc":
        ironic.add(uuid)
    ironic.fails = {"a": LOCKED}

    def delete():
        if ironic.requests["PUT provision"]:
            ironic.nodes.pop("b", None)

    ironic.on_list = delete
    told = manage(cloud, ["a", "b", "c", "d"])
    assert told["moved"] == ["c"]
    texts = {each["uuid"]: each["result"] for each in told["failed"]}
    assert str(LOCKED) in texts["a"]
    assert "It was deleted in the meantime." in texts["b"]
    assert "Ironic has no such node." in texts["d"]


def test_nothing_is_waited_for_longer_than_the_timeout(cloud, ironic):
    for uuid in "ab":
        ironic.add(uuid)
    ironic._step = lambda node: None
    told = manage(cloud, ["a", "b"], timeout=-1)
    assert told["failed"][0]["result"] == (
        "Node a did not become manageable. It is still verifying (power: "
        "None) after -1 seconds."
    )


def test_a_moment_without_ironic_does_no_harm(cloud, ironic):
    ironic.add("a")
    ironic.add("b")
    looks = []

    def stumble():
        looks.append(1)
        if len(looks) == 2:
            raise DOWN

    ironic.on_list = stumble
    assert manage(cloud, ["a", "b"])["failed"] == []


def test_without_ironic_it_is_given_up(cloud, ironic, pauses):
    ironic.add("a")
    ironic.add("b")

    def fail():
        if ironic.requests["PUT provision"]:
            raise DOWN

    ironic.on_list = fail
    with pytest.raises(errors.ServiceUnreachable):
        manage(cloud, ["a", "b"])
    assert len(pauses) == 4


def test_power_is_switched_where_it_is_not_yet(cloud, ironic):
    ironic.add("a", power_state="power off")
    ironic.add("b", power_state="power on")
    ironic.add("c", power_state="power on")
    ironic.ends_in = {"power c": ("power on", "no answer")}
    told = states.power(cloud, ["a", "b", "c"], "off", "power off", 60)
    assert told["moved"] == ["a", "b"]
    (failed,) = told["failed"]
    assert failed["result"] == (
        "Node c did not become power off. Its power is power on. no answer."
    )
    assert ironic.requests["PUT power"] == 2


def test_a_node_alone_is_asked_for_alone(cloud, ironic):
    ironic.add("a", power_state="power off")
    states.power(cloud, ["a"], "off", "power off", 60)
    assert ironic.requests == {"GET node": 1}


def test_of_many_failures_the_first_are_told(cloud, ironic):
    uuids = [f"{number}" for number in range(600)]
    told = manage(cloud, uuids)
    assert len(told["failed"]) == 501
    assert told["failed"][-1]["result"].startswith("100 more nodes")


def test_no_node_is_an_error(cloud, ironic):
    with pytest.raises(errors.InvalidInput, match="nodes_uuids"):
        manage(cloud, [])
