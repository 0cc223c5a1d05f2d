"""On which of its disks a node is to be deployed."""

from __future__ import annotations

from typing import Any

from tripleo_common import clients, errors
from tripleo_common.nodes import inventory

GIB = 1024**3
#: What tells a disk from all others for good, the best first.
_HINTS = ("wwn_with_extension", "wwn", "serial")


def configure(
    cloud: clients.Cloud,
    uuid: str,
    wanted: str,
    minimum_gib: int = 4,
    overwrite: bool = False,
) -> bool:
    """Choose a node's root device by what its introspection found.

    Sets the property ``root_device`` to a hint that fits that disk alone, and
    ``local_gb`` to what is left of it beside a partition table.

    :param wanted: ``smallest``, ``largest``, or names of disks, separated by
        commas, of which the first that the node has is taken.
    :param minimum_gib: smaller disks are not looked at.
    :param overwrite: whether a node that has hints gets others.
    :returns: whether the node was changed.
    :raises NotFound: Ironic has no such node, it was never introspected, or
        has no such disk.
    :raises Conflict: nothing is known that tells the disk from others.
    """
    node = cloud.baremetal.node.get(uuid, fields=["uuid", "properties"])
    if node.properties.get("root_device") and not overwrite:
        return False
    disks = inventory.disks(cloud, uuid)
    disk = _chosen(uuid, disks, wanted, minimum_gib * GIB)
    values = {
        "root_device": _hint(uuid, disk, disks),
        "local_gb": disk["size"] // GIB - 1,
    }
    cloud.baremetal.node.update(
        uuid,
        [
            {"op": "add", "path": f"/properties/{name}", "value": value}
            for name, value in values.items()
        ],
    )
    return True


def _chosen(
    uuid: str, disks: list[dict[str, Any]], wanted: str, least: int
) -> dict[str, Any]:
    fitting = [disk for disk in disks if disk["size"] >= least]
    if not fitting:
        raise errors.NotFound(
            f"None of the disks of node {uuid} ({_told(disks)}) has at least "
            f"{least // GIB} GiB. Choose a smaller minimum size."
        )
    if wanted in ("smallest", "largest"):
        choose = min if wanted == "smallest" else max
        return choose(fitting, key=lambda disk: int(disk["size"]))
    by_name = {disk["name"].removeprefix("/dev/"): disk for disk in fitting}
    for name in wanted.split(","):
        disk = by_name.get(name.strip().removeprefix("/dev/"))
        if disk:
            return disk
    raise errors.NotFound(
        f"Node {uuid} has no disk {wanted!r:.200} of at least {least // GIB} "
        f"GiB, but {_told(disks)}. Choose one of these, smallest or largest."
    )


def _told(disks: list[dict[str, Any]]) -> str:
    return ", ".join(
        f"{disk['name']} of {disk['size'] // GIB} GiB" for disk in disks[:20]
    )


def _hint(
    uuid: str, disk: dict[str, Any], disks: list[dict[str, Any]]
) -> dict[str, str]:
    for name in _HINTS:
        # Some controllers give all their disks the same one.
        alike = [each for each in disks if each.get(name) == disk.get(name)]
        if disk.get(name) and len(alike) == 1:
            return {name: str(disk[name])}
    raise errors.Conflict(
        f"Disk {disk['name']} of node {uuid} cannot be told from others: "
        "neither a WWN nor a serial number is known that it has alone. Set "
        "the node's property root_device by hand."
    )
