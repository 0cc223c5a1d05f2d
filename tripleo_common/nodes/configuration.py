"""Set the capabilities and the boot images of nodes, many at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.nodes import concurrency, deploy_images, root_device
from tripleo_common.nodes.existing import shown
from tripleo_common.nodes.wanted import (
    parsed_capabilities,
    written_capabilities,
)

_PATH = "/properties/capabilities"
_BOOT_OPTIONS = (None, "local", "netboot")
#: What a node has where nobody says otherwise, as after a registration.
_BOOT_OPTION = "local"
#: What separates capabilities, and so cannot be a part of one.
_SEPARATORS = ":,"


def set_capability(
    cloud: clients.Cloud, uuid: str, name: str, value: str | None
) -> dict[str, Any]:
    """Set a capability of a node, or remove it.

    :param value: None: remove it; that a node has none is no error.
    :returns: the node, as Ironic tells it then.
    """
    _check(name, value)
    node = _node(cloud, uuid)
    patch = _of_capabilities(node, {name: value})
    if patch:
        node = cloud.baremetal.node.update(uuid, patch)
    return shown(node)


def set_capabilities(
    cloud: clients.Cloud, uuids: list[str], name: str, value: str | None
) -> dict[str, Any]:
    """Set a capability of many nodes, or remove it.

    :returns: ``changed``, the UUIDs of those that have it as wanted; and
        ``failed``, mappings with ``uuid`` and ``result``, a text.
    """
    _check(name, value)
    return _each(uuids, lambda uuid: set_capability(cloud, uuid, name, value))


def configure_boot(
    cloud: clients.Cloud,
    uuids: list[str],
    kernel: str | None,
    ramdisk: str | None,
    boot_option: str | None,
) -> dict[str, Any]:
    """Set the images that nodes are deployed with, and how they boot.

    :param kernel: name, id or URL; None: it stays.
    :param ramdisk: the same of the ramdisk.
    :param boot_option: None: nodes without one get ``local``.
    :returns: as :func:`set_capabilities`.
    """
    if boot_option not in _BOOT_OPTIONS:
        raise errors.InvalidInput(
            "instance_boot_option must be local or netboot, not "
            f"{boot_option!r:.40}. Correct it and try again."
        )
    told = deploy_images.find(cloud, kernel, ramdisk).driver_info()

    def configure(uuid: str) -> None:
        node = _node(cloud, uuid)
        patch = _of_capabilities(node, _boot_option(node, boot_option))
        patch += [
            {"op": "add", "path": f"/driver_info/{name}", "value": value}
            for name, value in told.items()
            if (node.driver_info or {}).get(name) != value
        ]
        if patch:
            cloud.baremetal.node.update(uuid, patch)

    return _each(uuids, configure)


def configure_root_devices(
    cloud: clients.Cloud,
    uuids: list[str],
    wanted: str | None,
    minimum_gib: int,
    overwrite: bool,
) -> dict[str, Any]:
    """Choose the root devices of many nodes.

    :param wanted: as of :func:`root_device.configure`; empty: do nothing.
    :returns: as :func:`set_capabilities`.
    """
    if not wanted:
        return {"changed": [], "failed": []}
    return _each(
        uuids,
        lambda uuid: root_device.configure(
            cloud, uuid, wanted, minimum_gib, overwrite
        ),
    )


def named(uuids: list[str], more: list[str] | None = None) -> list[str]:
    """The nodes that a caller named by either input, each once.

    :raises InvalidInput: there is none.
    """
    found = list(dict.fromkeys([*uuids, *(more or [])]))
    if not found:
        raise errors.InvalidInput(
            "No node is named: pass the UUIDs of nodes as nodes_uuids (or "
            "node_uuids). openstack baremetal node list tells them."
        )
    return found


def _each(uuids: list[str], work: Callable[[str], Any]) -> dict[str, Any]:
    changed, failed = [], []
    for uuid, _, error in concurrency.each(uuids, work):
        if error:
            told = f"Node {uuid} was not configured. {error}"
            failed.append({"uuid": uuid, "result": told})
        else:
            changed.append(uuid)
    return {"changed": changed, "failed": failed}


def _node(cloud: clients.Cloud, uuid: str) -> Any:
    try:
        return cloud.baremetal.node.get(uuid)
    except errors.ResourceNotFound:
        raise errors.NotFound(
            f"Ironic has no node {uuid!r:.100}. openstack baremetal node "
            "list tells those it has."
        ) from None


def _boot_option(node: Any, wanted: str | None) -> dict[str, str | None]:
    known = parsed_capabilities((node.properties or {}).get("capabilities"))
    return {"boot_option": wanted or known.get("boot_option", _BOOT_OPTION)}


def _of_capabilities(
    node: Any, changes: Mapping[str, str | None]
) -> list[dict[str, Any]]:
    """The patch that makes the changes; empty: there is nothing to do."""
    current = parsed_capabilities((node.properties or {}).get("capabilities"))
    together = {
        name: value
        for name, value in (current | dict(changes)).items()
        if value is not None
    }
    if together == current:
        return []
    written = written_capabilities(together)
    return [{"op": "add", "path": _PATH, "value": written}]


def _check(name: str, value: str | None) -> None:
    """Make sure that a capability can be written.

    :raises InvalidInput: it could not be read again.
    """
    for what, text in (("name", name), ("value", value)):
        if text is None:
            continue
        if not text.strip() or any(each in text for each in _SEPARATORS):
            raise errors.InvalidInput(
                f"{text!r:.60} cannot be the {what} of a capability: it must "
                "be a text that is not empty, without ':' and ','. Choose "
                "another one."
            )
