"""What has to be sent so that a node is as the list says, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tripleo_common import masking
from tripleo_common.nodes import fingerprints
from tripleo_common.nodes.wanted import (
    Wanted,
    parsed_capabilities,
    written_capabilities,
)

Patch = list[dict[str, Any]]
#: States in which Ironic's node is not about to do, or doing, something.
_AT_REST = {
    "enroll",
    "manageable",
    "available",
    "clean failed",
    "inspect failed",
}


def of_node(
    node: Mapping[str, Any], wanted: Wanted, key: fingerprints.Key
) -> Patch:
    """The JSON patch of a node; empty: nothing differs.

    What the list does not mention stays, capabilities among them:
    introspection and tags put them there.
    """
    patch = _of_values(node, wanted)
    secrets_changed = fingerprints.differs(node, wanted, key)
    for field, values in wanted.mappings.items():
        current = node.get(field) or {}
        for name, value in values.items():
            if field == "driver_info" and fingerprints.is_secret(name):
                differs = secrets_changed or name not in current
            else:
                differs = not _same(current.get(name), value)
            if differs:
                patch.append(_add(f"/{field}/{_escaped(name)}", value))
    patch += _of_capabilities(node, wanted)
    if secrets_changed:
        made = fingerprints.made(node["uuid"], wanted, key)
        patch.append(_add(f"/extra/{fingerprints.NAME}", made))
    return patch


def of_port(port: Mapping[str, Any], wanted: Mapping[str, Any]) -> Patch:
    """The JSON patch of a port; empty: nothing differs."""
    return [
        _add(f"/{name}", value)
        for name, value in wanted.items()
        if name != "address" and not _same(port.get(name), value)
    ]


def refusal(node: Mapping[str, Any], wanted: Wanted) -> str:
    """Why a node cannot become what the list says; empty: it can."""
    if node["driver"] == wanted.driver.name:
        return ""
    if node["provision_state"] in _AT_REST and not node.get("instance_uuid"):
        return ""
    return (
        f"the node {node['uuid']} is {node['provision_state']}, so its "
        f"driver cannot change from {node['driver']} to "
        f"{wanted.driver.name}"
    )


def changes_driver(patch: Patch) -> bool:
    """Whether the interfaces have to become those of another driver."""
    return any(each["path"] == "/driver" for each in patch)


def shown(
    patch: Patch, before: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """A patch for people: path, old and new value, secrets masked."""
    told = []
    for each in patch:
        names = each["path"].strip("/").split("/")
        old: Any = before
        for name in names:
            old = (
                old.get(_unescaped(name)) if isinstance(old, Mapping) else None
            )
        new = each["value"]
        if masking.is_secret(names[-1]) or fingerprints.is_secret(names[-1]):
            new = masking.MASK
            old = None if old is None else masking.MASK
        told.append({"path": each["path"], "old": old, "new": new})
    return [each for each in told if fingerprints.NAME not in each["path"]]


def _of_values(node: Mapping[str, Any], wanted: Wanted) -> Patch:
    patch = []
    if node["driver"] != wanted.driver.name:
        patch.append(_add("/driver", wanted.driver.name))
    return patch + [
        _add(f"/{name}", value)
        for name, value in wanted.values.items()
        if node.get(name) != value
    ]


def _of_capabilities(node: Mapping[str, Any], wanted: Wanted) -> Patch:
    told = (node.get("properties") or {}).get("capabilities")
    current = parsed_capabilities(told)
    together = current | wanted.capabilities
    if together == current:
        return []
    return [_add("/properties/capabilities", written_capabilities(together))]


def _same(current: Any, value: Any) -> bool:
    """Numbers come as texts from some, and as numbers from others."""
    if isinstance(current, int | str) and isinstance(value, int | str):
        return str(current) == str(value)
    return bool(current == value)


def _add(path: str, value: Any) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _unescaped(name: str) -> str:
    return name.replace("~1", "/").replace("~0", "~")
