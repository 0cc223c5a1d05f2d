"""The hosts that validations run on: the undercloud and a plan's servers.

Servers are what the outputs of the plan's stack tell, deployed by Nova or not:
``RoleNetHostnameMap`` and ``RoleNetIpMap``. The groups are called as those of
``tripleo-ansible-inventory``: a role's name, ``allovercloud``, the services of
``EnabledServices``, the plan's name, and ``Undercloud``, with the one host
``undercloud``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tripleo_common import clients, conf, errors

UNDERCLOUD = "undercloud"
_GROUP = "Undercloud"
OVERCLOUD = "allovercloud"
#: The network that the undercloud reaches servers on.
_NETWORK = "ctlplane"
_PYTHON = "{{ ansible_playbook_python }}"


def make(cloud: clients.Cloud, plan: str) -> dict[str, Any]:
    """An inventory, as Ansible reads it from a file of YAML."""
    outputs = _outputs(cloud, plan)
    roles = dict(_roles(outputs))
    groups: dict[str, Any] = {
        role: {"hosts": hosts} for role, hosts in roles.items()
    }
    if roles:
        children: dict[str, Any] = {role: {} for role in roles}
        groups[OVERCLOUD] = {
            "children": children,
            "vars": {"ansible_user": conf.options().validations_ssh_user},
        }
        groups.setdefault(plan, {"children": {OVERCLOUD: {}}})
        for service, members in _services(outputs, roles).items():
            groups.setdefault(service, {"children": members})
    groups[_GROUP] = {
        "hosts": {UNDERCLOUD: _told(outputs, plan)},
        "vars": {
            "ansible_connection": "local",
            "ansible_python_interpreter": _PYTHON,
        },
    }
    return {"all": {"children": groups}}


def _outputs(cloud: clients.Cloud, plan: str) -> dict[str, Any]:
    """The values of the stack's outputs; without a stack there are none."""
    try:
        stack = cloud.orchestration.stacks.get(plan)
    except errors.ResourceNotFound:
        return {}
    return {
        output["output_key"]: output.get("output_value")
        for output in getattr(stack, "outputs", None) or []
    }


def _roles(outputs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each role that has servers, and these with their addresses."""
    names = _mapping(outputs.get("RoleNetHostnameMap"))
    left_out = _mapping(outputs.get("BlacklistedHostnames"))
    for role, networks in _mapping(outputs.get("RoleNetIpMap")).items():
        addresses = _mapping(networks).get(_NETWORK) or []
        known = _mapping(names.get(role))
        hosts = known.get("canonical") or known.get(_NETWORK) or addresses
        paired = zip(map(str, hosts), map(str, addresses), strict=False)
        found = {
            _short(host, address): {"ansible_host": address}
            for host, address in paired
            if not left_out.get(_short(host, address))
        }
        if found:
            yield role, found


def _short(host: str, address: str) -> str:
    return host if host == address else host.partition(".")[0]


def _services(
    outputs: Mapping[str, Any], roles: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """The roles of each service."""
    found: dict[str, dict[str, Any]] = {}
    for role, services in _mapping(outputs.get("EnabledServices")).items():
        if role in roles and isinstance(services, list):
            for service in services:
                found.setdefault(str(service), {})[role] = {}
    return found


def _told(outputs: Mapping[str, Any], plan: str) -> dict[str, Any]:
    """What playbooks want to know of the plan and its stack."""
    endpoints = _mapping(outputs.get("EndpointMap"))
    horizon = _mapping(endpoints.get("HorizonPublic")).get("uri")
    told = {
        "plan": plan,
        "plans": [plan],
        "overcloud_keystone_url": outputs.get("KeystoneURL"),
        "overcloud_horizon_url": horizon,
    }
    return {name: value for name, value in told.items() if value}


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
