"""Check a list of machines before anything is done with it.

Its form is the schema ``instackenv.json`` beside this module; which fields a
machine has further depends on its hardware type.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jsonschema

from tripleo_common import errors
from tripleo_common.nodes import drivers

_SCHEMA = "instackenv.json"
#: Characters of a value that an error shows.
_SHOWN = 60


def check(nodes: list[Any]) -> None:
    """Make sure that a list of machines can be registered.

    :raises InvalidNodes: tells all that is wrong, each with the node's place
        in the list and the field; never a password.
    """
    problems = find_problems(nodes)
    if problems:
        raise errors.InvalidNodes(problems)


def find_problems(nodes: list[Any]) -> list[str]:
    """All that is wrong with a list of machines; empty: nothing is."""
    if not nodes:
        return ["nodes_json is empty; list a node at least"]
    of_nodes = [
        f"{place(number, node)}: {told}"
        for number, node in enumerate(nodes)
        for told in _of_node(node)
    ]
    return of_nodes + list(_of_all(nodes))


def place(number: int, node: Any) -> str:
    """How a node of the list is called in texts."""
    name = node.get("name") if isinstance(node, Mapping) else None
    if isinstance(name, str) and name:
        return f"node {number} ({name[:_SHOWN]})"
    return f"node {number}"


def macs(node: Mapping[str, Any]) -> list[str]:
    """The MAC addresses of a machine, as Ironic writes them."""
    return list(dict.fromkeys(each["address"] for each in ports(node)))


def ports(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ports of a machine, of both forms that releases had."""
    told = [{"address": address} for address in node.get("mac") or []]
    told += node.get("ports") or []
    merged: dict[str, dict[str, Any]] = {}
    for each in told:
        address = each["address"].lower()
        merged[address] = {
            **merged.get(address, {}),
            **each,
            "address": address,
        }
    return list(merged.values())


def _of_node(node: Any) -> Iterator[str]:
    for error in _validator().iter_errors(node):
        yield from _told(error)
    if not isinstance(node, Mapping):
        return
    pm_type = node.get("pm_type")
    if not isinstance(pm_type, str) or not pm_type:
        return
    driver = drivers.of_type(pm_type)
    if isinstance(driver, str):
        yield f"pm_type: {driver}"
        return
    yield from _of_driver(node, driver)


def _of_driver(
    node: Mapping[str, Any], driver: drivers.Driver
) -> Iterator[str]:
    for name in driver.required:
        target = driver.fields[name]
        if not node.get(name) and not node.get(target):
            yield f"{name}: missing, and pm_type {node['pm_type']} needs it"
    pm_type = str(node["pm_type"])[:_SHOWN]
    schema = _validator().schema
    (patterns,) = schema["patternProperties"]
    known = _compiled(patterns)
    for name in node:
        if driver.takes(name) or known(name):
            continue
        if name not in schema["properties"]:
            yield (
                f"{name[:_SHOWN]}: unknown; it is no field of a node of "
                f"pm_type {pm_type}"
            )
        elif name.startswith("pm_") and name != "pm_type":
            yield f"{name}: pm_type {pm_type} has no use of it"


def _told(error: jsonschema.ValidationError) -> Iterator[str]:
    """A finding in words; a value that may be secret is not shown."""
    where = _path(error)
    prefix = f"{where}: " if where else ""
    told = _LACKS_AND_MORE.get(error.validator)
    if told is None:
        wanted = error.schema["description"]
        yield f"{prefix}must be {wanted}{_shown(error)}"
        return
    for each in told(error.instance, error.validator_value, error.schema):
        yield prefix + each


def _missing(node: Any, names: Any, schema: Any) -> list[str]:
    return [f"{name}: missing" for name in names if name not in node]


def _missing_too(node: Any, needed: Any, schema: Any) -> list[str]:
    return [
        f"{name}: missing, and {given} needs it"
        for given, names in needed.items()
        if given in node
        for name in names
        if name not in node
    ]


def _too_many(node: Any, value: Any, schema: Any) -> list[str]:
    known = schema.get("properties", {})
    return [
        f"{name[:_SHOWN]}: unknown"
        for name in sorted(node)
        if name not in known
    ]


#: What is wrong with a mapping's fields, by the schema's word for it.
_LACKS_AND_MORE: dict[str, Callable[[Any, Any, Any], list[str]]] = {
    "required": _missing,
    "dependentRequired": _missing_too,
    "additionalProperties": _too_many,
}


def _path(error: jsonschema.ValidationError) -> str:
    text = ""
    for part in error.absolute_path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def _shown(error: jsonschema.ValidationError) -> str:
    """The value, where it is one that people may see."""
    field = str(error.absolute_path[0]) if error.absolute_path else ""
    public = {"mac", "ports", "uuid", "name", "cpu", "memory", "disk"}
    if field not in public or not isinstance(error.instance, str | int):
        return ""
    return f", not {error.instance!r:.{_SHOWN}}"


def _of_all(nodes: list[Any]) -> Iterator[str]:
    """What two nodes of the list have, and only one may."""
    seen: dict[str, int] = {}
    for number, node in enumerate(nodes):
        for what in _unique(node):
            first = seen.setdefault(what, number)
            if first != number:
                yield (
                    f"{place(number, node)}: {what} is that of "
                    f"{place(first, nodes[first])}, too"
                )


def _unique(node: Any) -> list[str]:
    """What no other node may have, as far as the node can be read."""
    if not isinstance(node, Mapping):
        return []
    found = [
        f"{name} {node[name][:_SHOWN]}"
        for name in ("uuid", "name")
        if isinstance(node.get(name), str) and node[name]
    ]
    try:
        found += [f"MAC address {mac}" for mac in macs(node)]
    except (AttributeError, KeyError, TypeError):
        # Told by the schema.
        return found
    pm_type = node.get("pm_type")
    driver = drivers.of_type(pm_type) if isinstance(pm_type, str) else ""
    if isinstance(driver, drivers.Driver):
        identity = driver.identity_of(driver.driver_info(node))
        if identity:
            _, _, shown = identity.partition(" ")
            found.append(f"the BMC {shown.strip()[:_SHOWN]}")
    return found


@functools.cache
def _compiled(pattern: str) -> Any:
    return re.compile(pattern).search


@functools.cache
def _validator() -> Any:
    data = importlib.resources.files(__package__).joinpath(_SCHEMA)
    return jsonschema.Draft202012Validator(json.loads(data.read_bytes()))
