"""The nodes that Ironic has, and which of them a machine is."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tripleo_common import clients
from tripleo_common.nodes import drivers
from tripleo_common.nodes.wanted import MACS, Wanted

#: Links that Ironic adds to each node, and that nobody reads.
_NOISE = (
    "links",
    "ports",
    "portgroups",
    "states",
    "volume",
    "traits",
    "children",
)


def shown(node: Any) -> dict[str, Any]:
    """A node as results tell it: as Ironic does, without its links."""
    told = node if isinstance(node, dict) else node.to_dict()
    return {key: value for key, value in told.items() if key not in _NOISE}


class Existing:
    """All nodes and ports, as two lists tell them.

    :ivar nodes: by UUID, as mappings.
    :ivar ports: by address, as mappings.
    """

    def __init__(
        self, nodes: list[dict[str, Any]], ports: list[dict[str, Any]]
    ) -> None:
        self.nodes = {node["uuid"]: node for node in nodes}
        self.ports = {port["address"].lower(): port for port in ports}
        self._names = {
            node["name"]: node["uuid"] for node in nodes if node.get("name")
        }
        self._bmcs: dict[str, set[str]] = defaultdict(set)
        self._promised: dict[str, str] = {}
        with_ports = {port["node_uuid"] for port in ports}
        for node in nodes:
            driver = drivers.of_node(node["driver"])
            identity = driver.identity_of(node.get("driver_info") or {})
            if identity:
                self._bmcs[identity].add(node["uuid"])
            if node["uuid"] not in with_ports:
                # Its registration ended before it had any.
                for mac in (node.get("extra") or {}).get(MACS) or []:
                    self._promised[mac] = node["uuid"]

    @classmethod
    def load(cls, cloud: clients.Cloud) -> Existing:
        """What Ironic has: a request each, but for pages of a thousand."""
        return cls(
            [
                shown(node)
                for node in cloud.baremetal.node.list(limit=0, detail=True)
            ],
            [
                port.to_dict()
                for port in cloud.baremetal.port.list(limit=0, detail=True)
            ],
        )

    def match(self, wanted: Wanted) -> tuple[str, str]:
        """Which node a machine is.

        :returns: its UUID, empty if Ironic does not have it; and a text,
            empty unless it cannot be told.
        """
        reasons = self._reasons(wanted)
        if len(reasons) > 1:
            told = "; ".join(
                f"{' and '.join(why)}: {uuid}" for uuid, why in reasons.items()
            )
            return "", f"it is several nodes of Ironic, by {told}"
        uuid = next(iter(reasons), "")
        owner = self._names.get(wanted.values.get("name", ""), "")
        if owner and owner != uuid:
            if not uuid and not wanted.identity and not wanted.ports:
                return owner, ""
            return "", (
                f"name: {wanted.values['name']} is the name of the node "
                f"{owner} of Ironic, which is another machine by its "
                "MAC addresses and BMC"
            )
        return uuid, ""

    def _reasons(self, wanted: Wanted) -> dict[str, list[str]]:
        reasons: dict[str, list[str]] = defaultdict(list)
        if wanted.uuid in self.nodes:
            reasons[wanted.uuid].append("UUID")
        for mac in wanted.macs:
            if mac in self.ports:
                reasons[self.ports[mac]["node_uuid"]].append(f"MAC {mac}")
            elif mac in self._promised:
                reasons[self._promised[mac]].append(f"MAC {mac}")
        for uuid in sorted(self._bmcs.get(wanted.identity, ())):
            reasons[uuid].append("BMC")
        return reasons
