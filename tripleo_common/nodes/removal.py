"""Remove the nodes that a list does not have, if nobody uses them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from tripleo_common import clients
from tripleo_common.nodes import concurrency
from tripleo_common.nodes.existing import Existing

#: States of a node that nobody uses, and that Ironic lets go.
_FREE = {"enroll", "manageable", "available"}


class Options(Protocol):
    """What is to be removed, see :class:`registration.Options`."""

    @property
    def remove(self) -> bool: ...

    @property
    def force(self) -> bool: ...

    @property
    def dry_run(self) -> bool: ...


def of_others(
    cloud: clients.Cloud,
    existing: Existing,
    known: Collection[str],
    options: Options,
) -> dict[str, Any]:
    """Remove what is not in *known*.

    :returns: ``removed``, and ``kept``: what was not removed, and why.
    """
    removed: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    candidates = []
    for uuid, node in existing.nodes.items() if options.remove else ():
        if uuid in known:
            continue
        reason = "" if options.force else in_use(node)
        if reason:
            kept.append({**_entry(node), "error": reason})
        else:
            candidates.append(node)
    if options.dry_run:
        removed = [_entry(node) for node in candidates]
        candidates = []
    results = concurrency.each(
        candidates, lambda node: _remove(cloud, node, options.force)
    )
    for node, _, error in results:
        if error:
            kept.append({**_entry(node), "error": error})
        else:
            removed.append(_entry(node))
    return {"removed": removed, "kept": kept}


def in_use(node: Mapping[str, Any]) -> str:
    """Why a node must not be removed; empty: it is free."""
    if node.get("instance_uuid"):
        return f"It is used by the instance {node['instance_uuid']}."
    if node["provision_state"] not in _FREE:
        return f"It is {node['provision_state']}."
    if node.get("reservation"):
        return f"It is locked by {node['reservation']}."
    if node.get("maintenance"):
        reason = node.get("maintenance_reason")
        return f"It is in maintenance: {reason or 'no reason is given'}."
    if node.get("protected"):
        return "It is protected."
    return ""


def _remove(
    cloud: clients.Cloud, node: Mapping[str, Any], force: bool
) -> None:
    if force and node["provision_state"] not in _FREE:
        # Ironic lets others go only then.
        cloud.baremetal.node.set_maintenance(
            node["uuid"], True, maint_reason="About to be removed"
        )
    cloud.baremetal.node.delete(node["uuid"])


def _entry(node: Mapping[str, Any]) -> dict[str, Any]:
    told = {"uuid": node["uuid"]}
    if node.get("name"):
        told["name"] = node["name"]
    return told
