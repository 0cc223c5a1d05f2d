"""Ironic in memory, as far as nodes are registered and moved on it."""

from __future__ import annotations

import copy
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from tripleo_common import errors
from tripleo_common.nodes import fingerprints

#: Where an action leads; before that, the state in between.
TARGETS = {
    "manage": ("verifying", "manageable"),
    "provide": ("cleaning", "available"),
    "clean": ("cleaning", "manageable"),
    "inspect": ("inspecting", "manageable"),
}
NODE: dict[str, Any] = {
    "name": None,
    "driver": "fake-hardware",
    "driver_info": {},
    "properties": {},
    "extra": {},
    "resource_class": "baremetal",
    "provision_state": "enroll",
    "target_provision_state": None,
    "power_state": None,
    "target_power_state": None,
    "last_error": None,
    "reservation": None,
    "instance_uuid": None,
    "maintenance": False,
    "maintenance_reason": None,
    "protected": False,
    "links": [],
}


class _Record(SimpleNamespace):
    def to_dict(self) -> dict[str, Any]:
        return copy.deepcopy(vars(self))


def gone(what: str) -> errors.ResourceNotFound:
    return errors.ResourceNotFound(
        "Ironic", what, "HTTP 404: it is gone", "Look.", 404
    )


class Ironic:
    """Its API; counts the requests.

    :ivar fails: an error for the requests about a node, by its UUID or by
        the name that it is created with.
    :ivar ends_in: the state and last_error that a move of a node leads to,
        in the place of its target.
    :ivar stands_still: nodes that never reach where they are sent.
    :ivar inventories: what was found in nodes, by UUID.
    :ivar history: the events of any node.
    """

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.nodes: dict[str, dict[str, Any]] = {}
        self.ports: dict[str, dict[str, Any]] = {}
        self.enabled = ["fake-hardware", "ipmi", "redfish", "idrac"]
        self.fails: dict[str, Exception] = {}
        self.ends_in: dict[str, tuple[str, str | None]] = {}
        self.stands_still: set[str] = set()
        self.inventories: dict[str, dict[str, Any]] = {}
        self.history: list[dict[str, Any]] = []
        self.on_list: Callable[[], None] = lambda: None
        self.patches: list[Any] = []
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        self.deleted_in_maintenance: list[str] = []
        self.driver = SimpleNamespace(list=self._drivers)
        self.node = SimpleNamespace(
            list=self._list_nodes,
            create=self._create_node,
            update=self._update_node,
            delete=self._delete_node,
            get=self._get_node,
            set_maintenance=self._set_maintenance,
            set_provision_state=self._set_provision_state,
            set_power_state=self._set_power_state,
            set_target_raid_config=self._set_target_raid_config,
            get_inventory=self._get_inventory,
            get_history_list=self._get_history,
        )
        self.port = SimpleNamespace(
            list=self._list_ports,
            create=self._create_port,
            update=self._update_port,
        )

    def add(self, uuid: str, *macs: str, **more: Any) -> None:
        """A node that is there, made without a request."""
        self.nodes[uuid] = {**copy.deepcopy(NODE), "uuid": uuid, **more}
        for mac in macs:
            self.ports[f"port-{mac}"] = self._port(uuid, mac)

    def _port(self, node: str, mac: str, **more: Any) -> dict[str, Any]:
        return {
            "uuid": f"port-{mac}",
            "node_uuid": node,
            "address": mac,
            "physical_network": None,
            **more,
        }

    def _asked(self, what: str, node: str | None) -> None:
        # Many are sent at once.
        with self._lock:
            self.requests[what] += 1
        error = self.fails.get(str(node))
        if error:
            raise error

    def _drivers(self) -> list[Any]:
        self._asked("GET drivers", None)
        return [SimpleNamespace(name=name) for name in self.enabled]

    def _told(self, node: dict[str, Any]) -> _Record:
        told = copy.deepcopy(node)
        for key in told["driver_info"]:
            if fingerprints.is_secret(key):
                told["driver_info"][key] = "******"
        return _Record(**told)

    def _list_nodes(self, limit: int | None = None, **more: Any) -> Any:
        assert limit == 0, "or only the first thousand are told"
        self._asked("GET nodes", None)
        self.on_list()
        found = [self._told(node) for node in self.nodes.values()]
        for node in self.nodes.values():
            self._step(node)
        wanted = more.get("provision_state")
        return [
            n for n in found if wanted is None or n.provision_state == wanted
        ]

    def _step(self, node: dict[str, Any]) -> None:
        if node["uuid"] in self.stands_still:
            return
        if node["target_provision_state"] and not node[
            "provision_state"
        ].endswith("failed"):
            state = node["target_provision_state"]
            end = self.ends_in.get(node["uuid"], (state, None))
            node["provision_state"], node["last_error"] = end
            node["target_provision_state"] = None
        if node["target_power_state"]:
            end = (node["target_power_state"], None)
            end = self.ends_in.get(f"power {node['uuid']}", end)
            node["power_state"], node["last_error"] = end
            node["target_power_state"] = None

    def _get_node(self, node: str, fields: Any = None) -> Any:
        self._asked("GET node", node)
        told = self._told(self._of(node))
        self._step(self.nodes[node])
        return told

    def _of(self, node: str) -> dict[str, Any]:
        if node not in self.nodes:
            raise gone(node)
        return self.nodes[node]

    def _create_node(self, **told: Any) -> Any:
        self._asked("POST node", told.get("name"))
        told.setdefault("uuid", str(uuid.uuid4()))
        self.add(told.pop("uuid"), **told)
        return self._told(list(self.nodes.values())[-1])

    def _update_node(
        self, node: str, patch: Any, reset_interfaces: Any = None
    ) -> Any:
        self._asked("PATCH node", node)
        self.patches.append((node, patch))
        _apply(self._of(node), patch)
        return self._told(self.nodes[node])

    def _delete_node(self, node: str) -> None:
        self._asked("DELETE node", node)
        if self._of(node)["maintenance"]:
            self.deleted_in_maintenance.append(node)
        del self.nodes[node]

    def _set_maintenance(
        self, node: str, state: bool, maint_reason: str
    ) -> None:
        self._asked("PUT maintenance", node)
        self._of(node)["maintenance"] = state

    def _set_provision_state(self, node: str, state: str, **more: Any) -> None:
        self._asked("PUT provision", node)
        self.sent.append((node, state, more))
        if state == "abort":
            self._of(node).update(
                provision_state="inspect failed",
                target_provision_state=None,
                last_error="Inspection was aborted by request.",
            )
            return
        between, target = TARGETS[state]
        self._of(node).update(
            provision_state=between,
            target_provision_state=target,
            last_error=None,
        )

    def _set_target_raid_config(self, node: str, config: Any) -> None:
        self._asked("PUT raid", node)
        self._of(node)["target_raid_config"] = config

    def _set_power_state(self, node: str, state: str, **more: Any) -> None:
        self._asked("PUT power", node)
        target = {"off": "power off", "on": "power on"}[state]
        self._of(node).update(target_power_state=target, last_error=None)

    def _get_history(self, node: str, detail: bool) -> Any:
        self._asked("GET history", node)
        return [dict(event) for event in self.history]

    def _get_inventory(self, node: str) -> Any:
        self._asked("GET inventory", node)
        self._of(node)
        if node not in self.inventories:
            raise gone(f"the inventory of {node}")
        return {"inventory": self.inventories[node], "plugin_data": {}}

    def _list_ports(self, limit: int | None = None, **more: Any) -> Any:
        assert limit == 0, "or only the first thousand are told"
        self._asked("GET ports", None)
        return [_Record(**copy.deepcopy(p)) for p in self.ports.values()]

    def _create_port(self, node_uuid: str, address: str, **more: Any) -> None:
        self._asked("POST port", address)
        port = self._port(node_uuid, address, **more)
        self.ports[port["uuid"]] = port

    def _update_port(self, port: str, patch: Any) -> None:
        self._asked("PATCH port", port)
        _apply(self.ports[port], patch)


def _apply(target: dict[str, Any], patch: list[dict[str, Any]]) -> None:
    for each in patch:
        *path, name = each["path"].strip("/").split("/")
        place = target
        for part in path:
            place = place[part]
        place[name] = each["value"]
