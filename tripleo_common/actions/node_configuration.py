"""Actions that set what nodes are like: capabilities, images, cells."""

from __future__ import annotations

from typing import Any

from tripleo_common import errors
from tripleo_common.actions import base, node_results
from tripleo_common.clients import Cloud
from tripleo_common.nodes import cells, configuration

_KERNEL = "bm-deploy-kernel"
_RAMDISK = "bm-deploy-ramdisk"


class ConfigureBootAction(base.TripleOAction):
    """Set the images that a node is deployed with, and how it boots.

    :param node_uuid: the node.
    :param kernel_name: the kernel: name or id of an image of Glance, or a
        URL; none: it stays as it is.
    :param ramdisk_name: the same of the ramdisk.
    :param instance_boot_option: local or netboot; none: a node that has none
        gets local.
    :returns: nothing.
    :repeated: harmless; it sets the same again.
    :raises NotFound: there is no such node, or no such image.
    """

    def __init__(
        self,
        node_uuid: str,
        kernel_name: str | None = _KERNEL,
        ramdisk_name: str | None = _RAMDISK,
        instance_boot_option: str | None = None,
    ) -> None:
        self.node_uuid = node_uuid
        self.kernel_name = kernel_name
        self.ramdisk_name = ramdisk_name
        self.instance_boot_option = instance_boot_option

    def execute(self, cloud: Cloud) -> None:
        told = configuration.configure_boot(
            cloud,
            [self.node_uuid],
            self.kernel_name,
            self.ramdisk_name,
            self.instance_boot_option,
        )
        for each in told["failed"]:
            raise errors.Conflict(each["result"])


class ConfigureNodesBootAction(base.TripleOAction):
    """Set the images that nodes are deployed with, and how they boot.

    :param node_uuids: the nodes.
    :param kernel_name: see tripleo.baremetal.configure_boot.
    :param ramdisk_name: see there.
    :param instance_boot_option: see there.
    :param nodes_uuids: further nodes; the guide's name for node_uuids.
    :returns: a mapping with changed, a list of UUIDs, and failed, a list of
        mappings with uuid and result, a text.
    :repeated: harmless; it sets the same again.
    :raises InvalidInput: no node is named.
    :raises NotFound: there is no such image.
    """

    takes_minutes = True

    def __init__(
        self,
        node_uuids: list[str],
        kernel_name: str | None = _KERNEL,
        ramdisk_name: str | None = _RAMDISK,
        instance_boot_option: str | None = None,
        nodes_uuids: list[str] | None = None,
    ) -> None:
        self.node_uuids = node_uuids
        self.kernel_name = kernel_name
        self.ramdisk_name = ramdisk_name
        self.instance_boot_option = instance_boot_option
        self.nodes_uuids = nodes_uuids

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return configuration.configure_boot(
            cloud,
            configuration.named(self.node_uuids, self.nodes_uuids),
            self.kernel_name,
            self.ramdisk_name,
            self.instance_boot_option,
        )


class ConfigureNodesRootDeviceAction(base.TripleOAction):
    """Choose the root devices of nodes by what their introspection found.

    :param node_uuids: the nodes.
    :param root_device: see tripleo.baremetal.configure_root_device; none:
        nothing is done.
    :param minimum_size: see there.
    :param overwrite: see there.
    :returns: a mapping with changed, a list of UUIDs, and failed, a list of
        mappings with uuid and result, a text.
    :repeated: harmless; it chooses the same again.
    """

    takes_minutes = True

    def __init__(
        self,
        node_uuids: list[str],
        root_device: str | None = None,
        minimum_size: int = 4,
        overwrite: bool = False,
    ) -> None:
        self.node_uuids = node_uuids
        self.root_device = root_device
        self.minimum_size = minimum_size
        self.overwrite = overwrite

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return configuration.configure_root_devices(
            cloud,
            self.node_uuids,
            self.root_device,
            self.minimum_size,
            self.overwrite,
        )


class UpdateNodeCapability(base.TripleOAction):
    """Set a capability of a node, or remove it.

    :param node_uuid: the node.
    :param capability: the capability's name, such as profile.
    :param value: its value; none: it is removed.
    :returns: the node, as Ironic tells it then, without its secrets.
    :repeated: harmless; it sets the same again.
    :raises InvalidInput: that cannot be a capability.
    :raises NotFound: there is no such node.
    """

    def __init__(
        self, node_uuid: str, capability: str, value: str | None
    ) -> None:
        self.node_uuid = node_uuid
        self.capability = capability
        self.value = value

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return node_results.as_ironic_shows(
            configuration.set_capability(
                cloud, self.node_uuid, self.capability, self.value
            )
        )


class UpdateNodesCapabilityAction(base.TripleOAction):
    """Set a capability of nodes, or remove it; of none is fine, too.

    :param node_uuids: the nodes.
    :param capability: the capability's name, such as profile.
    :param value: its value; none: it is removed.
    :returns: a mapping with changed, a list of UUIDs, and failed, a list of
        mappings with uuid and result, a text.
    :repeated: harmless; it sets the same again.
    :raises InvalidInput: that cannot be a capability.
    """

    takes_minutes = True

    def __init__(
        self,
        node_uuids: list[str],
        capability: str,
        value: str | None = None,
    ) -> None:
        self.node_uuids = node_uuids
        self.capability = capability
        self.value = value

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return configuration.set_capabilities(
            cloud, self.node_uuids, self.capability, self.value
        )


class CellV2DiscoverHostsAction(base.TripleOAction):
    """Have Nova map new nodes to its cells.

    It calls nova-manage on the executor, as [tripleo_common] nova_manage
    says.

    :param node_uuids: nodes to wait for, until they are hypervisors of Nova.
    :param timeout: seconds that they have.
    :param nodes_uuids: further nodes; the guide's name for node_uuids.
    :returns: what nova-manage prints, a text.
    :repeated: harmless; what is mapped stays so.
    :raises NotFound: the cloud has no Nova, or the executor no nova-manage.
    :raises Conflict: nova-manage failed, or the nodes are not there in time.
    """

    takes_minutes = True

    def __init__(
        self,
        node_uuids: list[str] | None = None,
        timeout: float = 900,
        nodes_uuids: list[str] | None = None,
    ) -> None:
        self.node_uuids = node_uuids
        self.timeout = timeout
        self.nodes_uuids = nodes_uuids

    def execute(self, cloud: Cloud) -> str:
        told = cells.discover(cloud)
        nodes = [*(self.node_uuids or []), *(self.nodes_uuids or [])]
        cells.wait_for(cloud, nodes, self.timeout)
        return told
