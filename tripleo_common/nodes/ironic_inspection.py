"""Introspection by Ironic itself: the node's inspect interface does it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tripleo_common import clients
from tripleo_common.nodes import history, waiting

_FAILED = "inspect failed"
_GOES_ON = ("inspecting", "inspect wait")


class IronicInspection:
    """Ironic's inspection, whatever its interface: agent, redfish, ..."""

    def __init__(self, cloud: clients.Cloud) -> None:
        self._cloud = cloud
        self._failed: set[str] = set()
        self._silent: set[str] = set()

    def look(self, uuids: Collection[str]) -> dict[str, str | None]:
        """By one list of all nodes."""
        nodes = waiting.look(self._cloud, uuids)
        self._failed = {
            uuid
            for uuid, node in nodes.items()
            if node.provision_state == _FAILED
        }
        return {uuid: self._verdict(node) for uuid, node in nodes.items()}

    def begin(self, uuid: str) -> None:
        self._cloud.baremetal.node.set_provision_state(uuid, "inspect")

    def stop(self, uuid: str) -> None:
        self._cloud.baremetal.node.set_provision_state(uuid, "abort")

    def leave(self, uuid: str) -> None:
        """It is manageable again, as after ironic-inspector's failures."""
        if uuid in self._failed:
            self._cloud.baremetal.node.set_provision_state(uuid, "manage")

    def _verdict(self, node: Any) -> str | None:
        state = node.provision_state
        if state in _GOES_ON or node.reservation:
            return None
        if state == "manageable":
            return ""
        if not node.last_error and node.uuid not in self._silent:
            # Ironic tells why a moment later.
            self._silent.add(node.uuid)
            return None
        self._silent.discard(node.uuid)
        if not node.last_error:
            node.last_error = history.last_error(self._cloud, node.uuid)
        return f"It is {state}. {waiting.said(node)}".strip()
