"""Which hardware type of Ironic manages a machine, and how it is told.

The table is ``drivers.yaml`` beside this module.
"""

from __future__ import annotations

import fnmatch
import functools
import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from tripleo_common import conf

_DATA = "drivers.yaml"


@dataclass(frozen=True)
class Driver:
    """A hardware type.

    :ivar name: as Ironic calls it.
    :ivar prefix: fields of a node that begin so are driver_info.
    :ivar fields: fields of a node, and the driver_info they become.
    :ivar required: fields that a node must have.
    :ivar ignored: fields that are taken, and go nowhere.
    :ivar identity: the driver_info that tells a machine from all others.
    :ivar defaults: what Ironic takes where driver_info does not tell.
    :ivar family: hardware types of one family share identities.
    :ivar drops: whether all other fields of a BMC are ignored as well.
    :ivar instead: a hardware type to use where this is gone; may be empty.
    """

    name: str
    pm_types: tuple[str, ...] = ()
    prefix: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    family: str = ""
    drops: bool = False
    instead: str = ""

    def takes(self, name: str) -> bool:
        """Whether a field of a node means something to it."""
        if name in self.fields or name in self.ignored:
            return True
        if self.prefix and name.startswith(self.prefix):
            return True
        return self.drops and (name.startswith("pm_") or _is_a_bmcs(name))

    def driver_info(self, node: Mapping[str, Any]) -> dict[str, Any]:
        """What Ironic is told about a node's BMC."""
        told = {
            target: node[name]
            for name, target in self.fields.items()
            if name in node
        }
        if self.prefix:
            told |= {
                name: value
                for name, value in node.items()
                if name.startswith(self.prefix)
            }
        return told

    def identity_of(self, driver_info: Mapping[str, Any]) -> str:
        """The BMC that manages a machine; empty: there is none to tell."""
        if not self.identity or not driver_info.get(self.identity[0]):
            return ""
        parts = [
            str(driver_info.get(key) or self.defaults.get(key, ""))
            for key in self.identity
        ]
        parts[0] = parts[0].lower().partition("://")[2] or parts[0].lower()
        return " ".join([self.family, *(part.rstrip("/") for part in parts)])


def of_type(pm_type: str) -> Driver | str:
    """The hardware type of a pm_type, or a text: why there is none.

    What a site maps in ``[tripleo_common] pm_types`` goes first.
    """
    mapped = conf.options().pm_types.get(pm_type, pm_type)
    for driver in _table().values():
        if _matches(mapped, (driver.name, *driver.pm_types)):
            return driver
    if mapped != pm_type:
        return (
            f"{pm_type!r:.60} is mapped to {mapped!r:.60} by [tripleo_common] "
            "pm_types in Mistral's configuration, and that is none of "
            f"{', '.join(sorted(_table()))}"
        )
    for patterns, instead in _retired():
        if _matches(pm_type, patterns):
            return (
                f"{pm_type!r:.60} is gone from Ironic: {instead}; or map it "
                "in [tripleo_common] pm_types of Mistral's configuration"
            )
    return (
        f"{pm_type!r:.60} is unknown; known are {', '.join(sorted(_table()))}"
    )


def of_node(name: str) -> Driver:
    """What is known of a hardware type of Ironic's; nothing, perhaps."""
    return _table().get(name) or Driver(name)


def identity_fields() -> frozenset[str]:
    """All driver_info that any type's identity is made of."""
    return frozenset(
        key for driver in _table().values() for key in driver.identity
    )


def _is_a_bmcs(name: str) -> bool:
    """Whether a field is the driver_info of some hardware type."""
    return any(
        driver.prefix and name.startswith(driver.prefix)
        for driver in _table().values()
    )


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


@functools.cache
def _table() -> dict[str, Driver]:
    made = {}
    for name, told in _data()["types"].items():
        lists: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in told.items()
        }
        made[name] = Driver(name, **lists)
    return made


@functools.cache
def _retired() -> list[tuple[tuple[str, ...], str]]:
    return [
        (tuple(each["pm_types"]), each["instead"])
        for each in _data()["retired"]
    ]


def _data() -> Any:
    data = importlib.resources.files(__package__).joinpath(_DATA)
    return yaml.safe_load(data.read_bytes())
