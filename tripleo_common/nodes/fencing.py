"""The parameters that have Pacemaker fence a cloud's controllers.

Which agent fences which nodes stands in ``fencing.yaml`` beside this module.
"""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml

from tripleo_common import clients, errors
from tripleo_common.nodes import drivers

_DATA = "fencing.yaml"
_NEEDED = ("pm_type", "pm_addr", "pm_user", "pm_password")


@dataclass(frozen=True)
class Options:
    """What is the same for all nodes; what is None is left to the agents.

    :ivar delay: seconds before a node is fenced.
    :ivar action: what fencing does to a node, such as ``reboot``.
    :ivar ipmi_level: privilege level of IPMI.
    :ivar ipmi_cipher: cipher suite of IPMI.
    :ivar ipmi_lanplus: whether IPMI 2.0 is spoken.
    """

    delay: Any = None
    action: str | None = None
    ipmi_level: Any = None
    ipmi_cipher: Any = None
    ipmi_lanplus: Any = None


def generate(
    cloud: clients.Cloud, nodes: list[Any], options: Options
) -> dict[str, Any]:
    """Make the parameters from nodes as they are registered.

    :returns: ``{"parameter_defaults": {"EnableFencing": True,
        "FencingConfig": {"devices": [{agent, host_mac, params}]}}}``, with
        the passwords of the nodes' BMCs.
    :raises InvalidInput: tells all that is wrong with the nodes.
    """
    if not nodes:
        raise errors.InvalidInput(
            "nodes_json must be a list of nodes as they are registered, and "
            "is empty. Pass the nodes of the file that they were registered "
            "with."
        )
    wrong = [
        f"node {number} {told}"
        for number, node in enumerate(nodes)
        for told in _wrong(node)
    ]
    if wrong:
        raise errors.InvalidInput(
            f"Fencing cannot be set up: {'; '.join(wrong)}. Correct this and "
            "try again."
        )
    hosts = _host_names(cloud)
    devices = [_device(node, options, hosts) for node in nodes]
    return {
        "parameter_defaults": {
            "EnableFencing": True,
            "FencingConfig": {"devices": devices},
        }
    }


def _wrong(node: Any) -> list[str]:
    """What is wrong with a node; its values are not told."""
    if not isinstance(node, Mapping):
        return ["is no mapping"]
    told = [f"has no {key}" for key in _NEEDED if not _value(node, key)]
    if not _mac(node):
        told.append("has no MAC address (ports or mac)")
    kind = node.get("pm_type")
    if kind and not _agent(kind):
        told.append(
            f"is of pm_type {kind!r:.50}, which no fence agent is known for "
            f"(known are {', '.join(sorted(_agents()))})"
        )
    return told


def _mac(node: Mapping[str, Any]) -> str:
    """The first MAC address of a node; empty: it has none."""
    for key in ("ports", "mac"):
        for each in node.get(key) or []:
            address = each.get("address") if isinstance(each, dict) else each
            if address:
                return str(address).lower()
    return ""


def _device(
    node: Mapping[str, Any], options: Options, hosts: Mapping[str, str]
) -> dict[str, Any]:
    agent = _agent(node["pm_type"])
    mac = _mac(node)
    params = {
        name: _value(node, key)
        for name, key in agent["params"].items()
        if _value(node, key)
    }
    place = _place(params)
    if agent.get("ipmi"):
        # The URL's port is that of HTTP.
        place = {k: v for k, v in place.items() if k == "ipaddr"}
    params |= {**place, **agent.get("fixed", {})}
    wanted = {
        "pcmk_host_list": hosts.get(mac),
        "delay": options.delay,
        "action": options.action,
    }
    if agent.get("ipmi"):
        wanted |= {
            "cipher": options.ipmi_cipher,
            "lanplus": options.ipmi_lanplus,
            "privlvl": options.ipmi_level,
        }
    params |= {name: value for name, value in wanted.items() if value}
    return {"agent": agent["agent"], "host_mac": mac, "params": params}


def _place(params: Mapping[str, Any]) -> dict[str, Any]:
    """Host and port of a BMC that is named by a URL, as Ironic wants it.

    The agents want the host alone.
    """
    scheme, separator, _ = str(params["ipaddr"]).partition("://")
    if not separator:
        return {}
    parts = urlsplit(params["ipaddr"])
    told: dict[str, Any] = {"ipaddr": parts.hostname}
    if parts.port and not params.get("ipport"):
        told["ipport"] = parts.port
    if scheme == "http":
        told["ssl"] = "false"
    return told


def _value(node: Mapping[str, Any], key: str) -> Any:
    """What a node says, in either of the ways that it may be registered."""
    if node.get(key):
        return node[key]
    driver = drivers.of_type(str(node.get("pm_type")))
    if isinstance(driver, str):
        return None
    return node.get(driver.fields.get(key, key))


def _agent(kind: Any) -> dict[str, Any]:
    """How to fence nodes of a pm_type; empty: nobody knows.

    Whatever is registered as a hardware type is fenced as that.
    """
    if not isinstance(kind, str):
        return {}
    driver = drivers.of_type(kind)
    name = driver if isinstance(driver, str) else driver.name
    return _agents().get(kind) or _agents().get(name, {})


def _host_names(cloud: clients.Cloud) -> dict[str, str]:
    """The names of the hosts that nodes are, by the nodes' MAC addresses.

    Nova knows them; where nodes are deployed without it, Ironic.
    """
    nodes = {
        node.uuid: node
        for node in cloud.baremetal.node.list(
            limit=0, fields=["uuid", "instance_uuid", "instance_info"]
        )
        if node.instance_uuid
    }
    if not nodes:
        return {}
    servers: dict[str, str] = {}
    if cloud.offers("compute"):
        servers = {
            server.id: server.name for server in cloud.compute.servers.list()
        }
    names = {
        uuid: servers.get(node.instance_uuid)
        or (node.instance_info or {}).get("display_name")
        for uuid, node in nodes.items()
    }
    ports = cloud.baremetal.port.list(limit=0, fields=["address", "node_uuid"])
    return {
        port.address.lower(): str(names[port.node_uuid])
        for port in ports
        if names.get(port.node_uuid)
    }


@functools.cache
def _agents() -> dict[str, dict[str, Any]]:
    """How to fence, by pm_type."""
    data = importlib.resources.files(__package__).joinpath(_DATA)
    table = yaml.safe_load(data.read_bytes())
    return {kind: agent for agent in table for kind in agent["pm_types"]}
