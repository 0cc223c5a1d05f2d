"""What Ironic is to be told about a machine of the list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tripleo_common.nodes import drivers, instackenv
from tripleo_common.nodes.deploy_images import DeployImages

_PROPERTIES = {
    "cpu": "cpus",
    "memory": "memory_mb",
    "disk": "local_gb",
    "arch": "cpu_arch",
    "root_device": "root_device",
}
_INTERFACE = re.compile(r"^[a-z]+_interface$")
#: What of a new node's MAC addresses stays with it until it has its ports.
MACS = "tripleo_macs"


@dataclass(frozen=True)
class Wanted:
    """A machine of the list, in Ironic's words.

    :ivar index: its place in the list.
    :ivar label: how texts call it.
    :ivar uuid: which node it is; empty: not said.
    :ivar driver: its hardware type.
    :ivar identity: its BMC; empty: none that could be told from others.
    :ivar mappings: driver_info, properties and extra, as far as given.
    :ivar values: other fields of the node: name, interfaces and so on.
    :ivar capabilities: those given.
    :ivar ports: each with its address.
    """

    index: int
    label: str
    uuid: str
    driver: drivers.Driver
    identity: str
    mappings: dict[str, dict[str, Any]]
    values: dict[str, Any]
    capabilities: dict[str, str]
    ports: list[dict[str, Any]]

    @property
    def macs(self) -> list[str]:
        """The addresses of its ports."""
        return [port["address"] for port in self.ports]


def of_node(
    index: int,
    node: Mapping[str, Any],
    images: DeployImages,
    boot_option: str | None,
) -> Wanted:
    """A machine that :func:`instackenv.check` has found well."""
    driver = drivers.of_type(node["pm_type"])
    assert isinstance(driver, drivers.Driver)
    driver_info = driver.driver_info(node)
    identity = driver.identity_of(driver_info)
    driver_info |= images.driver_info(
        node.get("kernel_id"), node.get("ramdisk_id")
    )
    capabilities = parsed_capabilities(node.get("capabilities"))
    if node.get("profile"):
        capabilities["profile"] = node["profile"]
    if boot_option:
        capabilities.setdefault("boot_option", boot_option)
    values = {
        name: value for name, value in node.items() if _INTERFACE.match(name)
    }
    for name in ("name", "resource_class", "conductor_group"):
        if node.get(name):
            values[name] = node[name]
    extra = {}
    if node.get("platform"):
        extra["tripleo_platform"] = node["platform"]
    properties = {
        target: node[name]
        for name, target in _PROPERTIES.items()
        if node.get(name) not in (None, "")
    }
    return Wanted(
        index,
        instackenv.place(index, node),
        str(node.get("uuid") or "").lower(),
        driver,
        identity,
        {
            "driver_info": driver_info,
            "properties": properties,
            "extra": extra,
        },
        values,
        capabilities,
        instackenv.ports(node),
    )


def parsed_capabilities(told: Any) -> dict[str, str]:
    """Capabilities of either form, as a mapping."""
    if isinstance(told, Mapping):
        return {str(name): str(value) for name, value in told.items()}
    found = {}
    for part in str(told or "").split(","):
        name, colon, value = part.strip().partition(":")
        if colon:
            found[name.strip()] = value.strip()
    return found


def written_capabilities(capabilities: Mapping[str, str]) -> str:
    """Capabilities as Ironic keeps them."""
    return ",".join(f"{k}:{v}" for k, v in sorted(capabilities.items()))
