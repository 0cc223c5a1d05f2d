from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.nodes import states, waiting

LIMIT = errors.ServiceUnreachable(
    "Ironic",
    "it",
    "HTTP 503: The concurrent action limit for cleaning has been reached",
    "Look.",
    503,
)


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    made: list[float] = []
    monkeypatch.setattr(waiting, "pause", made.append)
    return made


def clean(cloud, uuids, at_once, timeout=60):
    return states.provision(
        cloud, uuids, "clean", "manageable", timeout, at_once=at_once
    )


def manageable(ironic, number):
    uuids = [f"node-{each}" for each in range(number)]
    for uuid in uuids:
        ironic.add(uuid, provision_state="manageable")
    return uuids


def test_only_so_many_are_on_their_way(cloud, ironic):
    uuids = manageable(ironic, 7)
    most = []

    def count():
        states = [n["provision_state"] for n in ironic.nodes.values()]
        most.append(states.count("cleaning"))

    ironic.on_list = count
    told = clean(cloud, uuids, 3)
    assert told == {"moved": uuids, "failed": []}
    assert max(most) == 3
    assert ironic.requests["PUT provision"] == 7


def test_a_node_that_fails_makes_room(cloud, ironic):
    uuids = manageable(ironic, 3)
    ironic.ends_in = {"node-0": ("clean failed", "No disk.")}
    ironic.fails = {
        "node-1": errors.ResourceConflict("Ironic", "it", "locked", "Wait.")
    }
    told = clean(cloud, uuids, 1)
    assert told["moved"] == ["node-2"]
    texts = [each["result"] for each in told["failed"]]
    assert "It is clean failed. No disk." in texts[0]
    assert "locked" in texts[1]


def test_what_ironic_has_no_room_for_is_sent_later(cloud, ironic, monkeypatch):
    uuids = manageable(ironic, 4)
    ironic.fails = {"node-2": LIMIT, "node-3": LIMIT}

    def room(seconds):
        if not any(n["target_provision_state"] for n in ironic.nodes.values()):
            ironic.fails.clear()

    monkeypatch.setattr(waiting, "pause", room)
    assert clean(cloud, uuids, 4)["moved"] == uuids


def test_what_ironic_never_has_room_for_is_told(cloud, ironic):
    (uuid,) = manageable(ironic, 1)
    ironic.fails = {uuid: LIMIT}
    found = {uuid: cloud.baremetal._told(ironic.nodes[uuid])}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting, "look", lambda *_: found)
        told = clean(cloud, [uuid], 4, timeout=0)
    assert "max_concurrent_clean" in told["failed"][0]["result"]


def test_none_at_a_time_is_refused(cloud, ironic):
    with pytest.raises(errors.InvalidInput, match="concurrency must be 1"):
        clean(cloud, manageable(ironic, 1), 0)
