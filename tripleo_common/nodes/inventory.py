"""What a node's last introspection found in it."""

from __future__ import annotations

from typing import Any

from tripleo_common import clients, errors


def of_node(cloud: clients.Cloud, uuid: str) -> dict[str, Any]:
    """A node's inventory, as the ramdisk told it.

    ironic-inspector and Ironic keep it apart; the form is one.

    :returns: with ``interfaces``, ``cpu``, ``memory``, ``disks`` and others,
        as far as they are known.
    :raises NotFound: the node was never introspected.
    """
    if cloud.offers("baremetal-introspection"):
        try:
            data = cloud.introspection.get_data(uuid)
        except errors.ResourceNotFound:
            # Ironic may have inspected it by itself.
            pass
        else:
            return _mapping(data)
    try:
        return _mapping(cloud.baremetal.node.get_inventory(uuid))
    except errors.ResourceNotFound:
        raise errors.NotFound(
            f"Nothing is known of what is in node {uuid}: introspect it with "
            "tripleo.baremetal.v1.introspect first."
        ) from None


def disks(cloud: clients.Cloud, uuid: str) -> list[dict[str, Any]]:
    """A node's disks, each with its name and its size in bytes.

    :raises NotFound: it was never introspected, or has none.
    """
    told = of_node(cloud, uuid).get("disks")
    found = [
        disk
        for disk in (told if isinstance(told, list) else [])
        if isinstance(disk, dict)
        and isinstance(disk.get("name"), str)
        and isinstance(disk.get("size"), int)
    ]
    if not found:
        raise errors.NotFound(
            f"The introspection of node {uuid} told no disk with a name and "
            "a size. See what it found (openstack baremetal node inventory "
            f"save {uuid}), and introspect it again."
        )
    return found


def _mapping(data: Any) -> dict[str, Any]:
    inventory = data.get("inventory") if isinstance(data, dict) else None
    return inventory if isinstance(inventory, dict) else {}
