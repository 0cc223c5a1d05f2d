"""What a plan needs to be deployed without Nova and Neutron.

The servers are there already, so to say: Heat only takes their names and
addresses from parameters. tripleo-heat-templates calls this deployed servers
(``environments/deployed-networks.yaml``, parameter ``NodePortMap``).
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tripleo_common.plans.networks import Network, enabled
from tripleo_common.plans.roles import Role
from tripleo_common.undercloud.errors import UndercloudError

#: What makes templates do without Neutron.
ENVIRONMENT = "environments/deployed-networks.yaml"

#: The control plane: its network, and who has the first addresses.
CONTROL_PLANE = ipaddress.ip_network("192.168.24.0/21")
_GATEWAY = CONTROL_PLANE[1]
_VIRTUAL_IP = CONTROL_PLANE[3]
_FIRST_NODE = 10

#: Services that make up a cloud that deploys fast; a role has those of them
#: that it would have anyway.
SMALL_SERVICES = frozenset(
    f"OS::TripleO::Services::{name}"
    for name in (
        "CACerts",
        "HAproxy",
        "Kernel",
        "Keystone",
        "Memcached",
        "MySQL",
        "NovaCompute",
        "OsloMessagingNotify",
        "OsloMessagingRpc",
        "Sshd",
        "Timezone",
    )
)

_IMAGE_PARAMETER = re.compile(r"Container\w*Image|\w+ContainerImage")
_IMAGE_REGISTRY = "registry.undercloud.localdomain:5000/tripleo"


def counts(
    roles: Iterable[Role],
    controllers: int,
    computes: int,
    others: Mapping[str, int],
) -> dict[str, int]:
    """How many nodes of each role there shall be.

    :param controllers: of the role that is tagged ``primary``, or the first.
    :param computes: of the first role that is tagged ``compute``, or is
        called Compute.
    :param others: of further roles, by name; it wins over the two above.
    :raises UndercloudError: there is no such role.
    """
    roles = list(roles)
    names = [role["name"] for role in roles]
    unknown = sorted(set(others) - set(names))
    if unknown:
        raise UndercloudError(
            f"The plan has no role {unknown[0]}; its roles are "
            f"{', '.join(names)}."
        )
    chosen = dict.fromkeys(names, 0)
    compute = next((role["name"] for role in roles if _is_compute(role)), None)
    if compute is not None:
        chosen[compute] = computes
    elif computes:
        raise UndercloudError(
            "The plan has no role for computes: none is tagged 'compute'. "
            "Use --computes 0, and --count ROLE=NUMBER for its roles."
        )
    chosen[_primary(roles)] = controllers
    return {**chosen, **others}


def _is_compute(role: Role) -> bool:
    return "compute" in role.get("tags", []) or role["name"] == "Compute"


def _primary(roles: list[Role]) -> str:
    tagged = [r for r in roles if {"primary"} <= set(r.get("tags", []))]
    return str((tagged or roles)[0]["name"])


def parameters(
    stack: str,
    roles: Iterable[Role],
    networks: Iterable[Network],
    nodes: Mapping[str, int],
    images: Iterable[str],
    small: bool,
) -> dict[str, Any]:
    """The parameters that the plan *stack* needs.

    :param nodes: the number of nodes of each role.
    :param images: names of parameters that want a container image.
    :param small: deploy :data:`SMALL_SERVICES` only.
    """
    roles = list(roles)
    return {
        "RootStackName": stack,
        **{f"{name}Count": number for name, number in nodes.items()},
        **{
            f"{role['name']}Services": _services(role, nodes, small)
            for role in roles
        },
        **_control_plane(),
        "DeployedNetworkEnvironment": _networks(list(networks)),
        "NodePortMap": _node_ports(stack, roles, nodes),
        **{name: f"{_IMAGE_REGISTRY}/{name.lower()}" for name in images},
    }


def image_parameters(files: Mapping[str, str]) -> list[str]:
    """The parameters that want a container image and have no default.

    :param files: the plan's files as Heat gets them; templates are JSON.
    """
    found = set()
    for path, text in files.items():
        if not path.endswith((".yaml", ".template")):
            continue
        if not text.startswith("{"):
            continue
        declared = json.loads(text).get("parameters") or {}
        found |= {
            name
            for name, declaration in declared.items()
            if "default" not in declaration
            and _IMAGE_PARAMETER.fullmatch(name)
        }
    return sorted(found)


def _services(role: Role, nodes: Mapping[str, int], small: bool) -> list[str]:
    services: list[str] = role.get("ServicesDefault", [])
    if not small:
        return services
    if not nodes[role["name"]]:
        return []
    return [service for service in services if service in SMALL_SERVICES]


def _control_plane() -> dict[str, Any]:
    cidr = str(CONTROL_PLANE)
    subnet = {
        "name": "ctlplane-subnet",
        "cidr": cidr,
        "ip_version": 4,
        "gateway_ip": str(_GATEWAY),
        "dns_nameservers": [],
        "host_routes": [],
    }
    return {
        "CtlplaneNetworkAttributes": {
            "network": {
                "name": "ctlplane",
                "admin_state_up": True,
                "dns_domain": "ctlplane.localdomain.",
                "mtu": 1500,
                "tags": [cidr],
            },
            "subnets": {"ctlplane-subnet": subnet},
        },
        "ControlPlaneVipData": {
            "name": "control_virtual_ip",
            "fixed_ips": [{"ip_address": str(_VIRTUAL_IP)}],
            "network": {"tags": [cidr]},
            "subnets": [{"ip_version": 4}],
        },
    }


def _networks(networks: list[Network]) -> dict[str, Any]:
    """The plan's own networks, as Neutron would tell them."""
    attributes, cidrs, versions = {}, {}, {}
    for network in enabled(networks):
        name = network["name_lower"]
        version = 6 if network.get("ipv6") else 4
        subnets = {
            subnet: _subnet(subnet, data, version)
            for subnet, data in (network.get("subnets") or {}).items()
        }
        attributes[name] = {
            "network": {
                "name": name,
                "dns_domain": f"{name}.localdomain.",
                "mtu": network.get("mtu", 1500),
                "tags": [
                    f"tripleo_network_name={network['name']}",
                    f"tripleo_net_idx={network['idx']}",
                    f"tripleo_vip={bool(network.get('vip'))}",
                ],
            },
            "subnets": subnets,
        }
        cidrs[name] = [subnet["cidr"] for subnet in subnets.values()]
        versions[name] = str(version)
    return {
        "net_attributes_map": attributes,
        "net_cidr_map": cidrs,
        "net_ip_version_map": versions,
    }


def _subnet(
    name: str, data: Mapping[str, Any], version: int
) -> dict[str, Any]:
    cidr = "ipv6_subnet" if version == 6 else "ip_subnet"
    gateway = "gateway_ipv6" if version == 6 else "gateway_ip"
    vlan = data.get("vlan")
    return {
        "name": name,
        "cidr": data.get(cidr),
        "ip_version": version,
        "gateway_ip": data.get(gateway),
        "dns_nameservers": [],
        "host_routes": data.get("routes", []),
        "tags": [f"tripleo_vlan_id={vlan}"] if vlan else [],
    }


def _node_ports(
    stack: str, roles: Iterable[Role], nodes: Mapping[str, int]
) -> dict[str, Any]:
    hosts = [
        _hostname(stack, role, index)
        for role in roles
        for index in range(nodes[role["name"]])
    ]
    room = CONTROL_PLANE.num_addresses - _FIRST_NODE - 1
    if len(hosts) > room:
        raise UndercloudError(
            f"The control plane {CONTROL_PLANE} has addresses for {room} "
            f"nodes, not for {len(hosts)}."
        )
    return {
        host: {"ctlplane": _address(CONTROL_PLANE[_FIRST_NODE + number])}
        for number, host in enumerate(hosts)
    }


def _hostname(stack: str, role: Role, index: int) -> str:
    pattern = role.get("HostnameFormatDefault") or (
        f"%stackname%-{role['name'].lower()}-%index%"
    )
    return (
        str(pattern)
        .replace("%stackname%", stack)
        .replace("%index%", str(index))
    )


def _address(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> dict[str, str]:
    return {
        "ip_address": str(address),
        "ip_address_uri": str(address),
        "ip_subnet": f"{address}/{CONTROL_PLANE.prefixlen}",
    }
