"""Nodes for tests, that go when the test ends."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator
from typing import Any

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud.client import Client

WF = "tripleo.baremetal.v1."
PASSWORD = "bmcPasswordOfTheTests"
_numbers = itertools.count(1)


def machine(**more: Any) -> dict[str, Any]:
    """A machine of no hardware, as a list of machines has it."""
    number = next(_numbers)
    name = f"test-{os.getpid()}-{number}"
    mac = f"52:54:00:0f:{number // 256:02x}:{number % 256:02x}"
    return {
        "pm_type": "fake-hardware",
        "name": name,
        "ports": [{"address": mac}],
        **more,
    }


@contextlib.contextmanager
def removed(client: Client) -> Iterator[None]:
    """Removes the nodes that are made inside."""
    before = {node.uuid for node in client.ironic.node.list(limit=0)}
    try:
        yield
    finally:
        for node in client.ironic.node.list(limit=0):
            if node.uuid not in before:
                client.ironic.node.set_maintenance(node.uuid, True)
                client.ironic.node.delete(node.uuid)


@contextlib.contextmanager
def registered(
    client: Client, number: int, **more: Any
) -> Iterator[list[str]]:
    """The UUIDs of so many manageable nodes."""
    with removed(client):
        told = client.run_workflow(
            WF + "register_or_update",
            nodes_json=[machine(**more) for _ in range(number)],
            queue_name=plans.new_name(),
        )
        yield [node["uuid"] for node in told["registered_nodes"]]


def capabilities(client: Client, uuid: str) -> str:
    """A node's capabilities, as Ironic keeps them."""
    return str(client.ironic.node.get(uuid).properties["capabilities"])
