"""Make Ironic's nodes what a list of machines says, in few requests.

Everything is checked before anything is sent: the list by itself, then
against the nodes that Ironic has. What is sent then may fail for a node; that
is told, and the others go on.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.nodes import (
    concurrency,
    deploy_images,
    differences,
    fingerprints,
    instackenv,
    removal,
)
from tripleo_common.nodes.existing import Existing, shown
from tripleo_common.nodes.wanted import (
    MACS,
    Wanted,
    of_node,
    written_capabilities,
)

_RESOURCE_CLASS = "baremetal"


@dataclass(frozen=True)
class Options:
    """How a list is registered.

    :ivar kernel: name, id or URL of the kernel for nodes that name none.
    :ivar ramdisk: the same of the ramdisk.
    :ivar boot_option: the capability of nodes that have none of that name.
    :ivar remove: whether nodes that are not in the list go.
    :ivar force: whether even those go that are in use.
    :ivar dry_run: whether it is only told what would be done.
    """

    kernel: str | None = None
    ramdisk: str | None = None
    boot_option: str | None = None
    remove: bool = False
    force: bool = False
    dry_run: bool = False


@dataclass
class Change:
    """What is to be done about a machine.

    :ivar before: its node; None: Ironic does not have it.
    :ivar patch: of the node.
    :ivar new_ports: to be created.
    :ivar port_patches: by the port's UUID.
    """

    wanted: Wanted
    before: dict[str, Any] | None
    patch: differences.Patch = field(default_factory=list)
    new_ports: list[dict[str, Any]] = field(default_factory=list)
    port_patches: dict[str, differences.Patch] = field(default_factory=dict)
    #: Of a node that is created: sent along, so that an answer that is lost
    #: does not lose the node.
    uuid: str = ""

    @property
    def kind(self) -> str:
        """The key of the result that tells it, where it succeeds."""
        if self.before is None:
            return "created"
        if self.patch or self.new_ports or self.port_patches:
            return "updated"
        return "unchanged"


def register(
    cloud: clients.Cloud, nodes: list[Any], options: Options
) -> dict[str, Any]:
    """Register machines, or update the nodes that they are.

    :returns: ``registered_nodes`` and ``new_nodes``, as Ironic tells them;
        and lists of mappings: ``created``, ``updated``, ``unchanged``,
        ``removed``, ``kept`` and ``failed``.
    :raises InvalidNodes: tells all that is wrong with the list; nothing was
        changed.
    """
    instackenv.check(nodes)
    images = deploy_images.find(cloud, options.kernel, options.ramdisk)
    machines = [
        of_node(number, node, images, options.boot_option)
        for number, node in enumerate(nodes)
    ]
    key = b""
    if fingerprints.needed(machines):
        key = fingerprints.load_key(cloud, only_look=options.dry_run)
    existing = Existing.load(cloud)
    changes = _compared(cloud, machines, existing, key)
    told: dict[str, Any] = {
        name: [] for name in ("created", "updated", "unchanged", "failed")
    }
    if options.dry_run:
        for change in changes:
            told[change.kind].append(_planned(change))
        registered = [each.before for each in changes if each.before]
        new: list[Any] = []
    else:
        registered, new = _carried_out(cloud, changes, key, told)
    known = {each.before["uuid"] for each in changes if each.before}
    told |= removal.of_others(cloud, existing, known, options)
    return {"registered_nodes": registered, "new_nodes": new, **told}


def _compared(
    cloud: clients.Cloud,
    machines: list[Wanted],
    existing: Existing,
    key: fingerprints.Key,
) -> list[Change]:
    """What is to be done; all that stands in its way is told at once."""
    problems = list(_not_enabled(cloud, machines))
    changes = []
    taken: dict[str, str] = {}
    for wanted in machines:
        found, problem = existing.match(wanted)
        before = existing.nodes.get(found)
        if before is not None:
            other = taken.setdefault(found, wanted.label)
            if other != wanted.label:
                problem = f"it is the node {found} of Ironic, as is {other}"
            problem = problem or differences.refusal(before, wanted)
        if problem:
            problems.append(f"{wanted.label}: {problem}")
        else:
            changes.append(_change(wanted, before, existing, key))
    if problems:
        raise errors.InvalidNodes(problems)
    return changes


def _change(
    wanted: Wanted,
    before: dict[str, Any] | None,
    existing: Existing,
    key: fingerprints.Key,
) -> Change:
    if before is None:
        new = wanted.uuid or str(uuid.uuid4())
        return Change(wanted, None, new_ports=wanted.ports, uuid=new)
    change = Change(wanted, before, differences.of_node(before, wanted, key))
    change.uuid = before["uuid"]
    for port in wanted.ports:
        known = existing.ports.get(port["address"])
        if known is None:
            change.new_ports.append(port)
            continue
        patch = differences.of_port(known, port)
        if patch:
            change.port_patches[known["uuid"]] = patch
    return change


def _not_enabled(
    cloud: clients.Cloud, machines: Iterable[Wanted]
) -> Iterable[str]:
    """The machines whose hardware type this Ironic does not have."""
    enabled = {driver.name for driver in cloud.baremetal.driver.list()}
    for wanted in machines:
        driver = wanted.driver
        if driver.name in enabled:
            continue
        advice = "enable it there"
        if driver.instead:
            advice += f", or use pm_type {driver.instead}"
        yield (
            f"{wanted.label}: pm_type: Ironic has no hardware type "
            f"{driver.name} (enabled are {', '.join(sorted(enabled))}); "
            f"{advice}"
        )


def _carried_out(
    cloud: clients.Cloud,
    changes: list[Change],
    key: fingerprints.Key,
    told: dict[str, Any],
) -> tuple[list[Any], list[Any]]:
    """Send what differs; the nodes there are, and the new ones of them."""
    registered, new = [], []
    results = concurrency.each(
        changes, lambda change: _send(cloud, change, key)
    )
    for change, node, error in results:
        entry = _entry(change)
        if error:
            told["failed"].append({**entry, "error": error})
            if change.before:
                registered.append(change.before)
            continue
        registered.append(node)
        told[change.kind].append(entry)
        if change.before is None:
            new.append(node)
    return registered, new


def _send(
    cloud: clients.Cloud, change: Change, key: fingerprints.Key
) -> dict[str, Any]:
    """Have Ironic do what differs; the node as it is then."""
    ironic = cloud.baremetal
    if change.before is None:
        node = shown(ironic.node.create(**_new(change, key)))
    elif change.patch:
        reset = differences.changes_driver(change.patch) or None
        node = shown(
            ironic.node.update(
                change.uuid, change.patch, reset_interfaces=reset
            )
        )
    else:
        node = change.before
    for port in change.new_ports:
        ironic.port.create(node_uuid=change.uuid, **port)
    for port_uuid, patch in change.port_patches.items():
        ironic.port.update(port_uuid, patch)
    return node


def _new(change: Change, key: fingerprints.Key) -> dict[str, Any]:
    """What creates a node."""
    wanted = change.wanted
    mappings = {name: dict(told) for name, told in wanted.mappings.items()}
    if wanted.capabilities:
        mappings["properties"]["capabilities"] = written_capabilities(
            wanted.capabilities
        )
    if wanted.macs:
        mappings["extra"][MACS] = wanted.macs
    fingerprint = fingerprints.made(change.uuid, wanted, key)
    if fingerprint:
        mappings["extra"][fingerprints.NAME] = fingerprint
    return {
        "uuid": change.uuid,
        "driver": wanted.driver.name,
        "resource_class": _RESOURCE_CLASS,
        **wanted.values,
        **mappings,
    }


def _entry(change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {
        "node": change.wanted.index,
        "uuid": change.uuid,
    }
    if change.wanted.values.get("name"):
        told["name"] = change.wanted.values["name"]
    if change.before is not None and change.kind == "updated":
        told["changes"] = _told_changes(change, change.before)
    return told


def _planned(change: Change) -> dict[str, Any]:
    """What a dry run tells of a change."""
    entry = _entry(change)
    if change.before is None:
        # It would be another one when it is really created.
        entry["uuid"] = change.wanted.uuid or None
        entry["driver"] = change.wanted.driver.name
        entry["ports"] = change.wanted.macs
    return entry


def _told_changes(
    change: Change, before: Mapping[str, Any]
) -> list[dict[str, Any]]:
    told = differences.shown(change.patch, before)
    told += [
        {"path": f"/ports/{port['address']}", "old": None, "new": port}
        for port in change.new_ports
    ]
    for port_uuid, patch in change.port_patches.items():
        told += [
            {**each, "path": f"/ports/{port_uuid}{each['path']}"}
            for each in differences.shown(patch)
        ]
    return told
