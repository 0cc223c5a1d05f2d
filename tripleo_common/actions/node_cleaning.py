"""Actions that clean nodes: disks, RAID, BIOS settings."""

from __future__ import annotations

from typing import Any

from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.nodes import cleaning, configuration


class CleanNodesAction(base.TripleOAction):
    """Clean manageable nodes with the same steps, and wait for them.

    :param node_uuids: the nodes.
    :param clean_steps: a list of mappings with interface and step; none: the
        disks' metadata are erased.
    :param timeout: seconds for each node.
    :param concurrency: nodes that are cleaned at a time. Ironic refuses more
        than its max_concurrent_clean; then the others wait.
    :param nodes_uuids: further nodes; the guide's name for node_uuids.
    :param disable_ramdisk: whether the machines are not booted for it; only
        steps that the BMC does by itself can be done then.
    :returns: a mapping with moved, a list of the UUIDs of those that are
        clean, and failed, a list of mappings with uuid and result (a text
        with Ironic's last_error).
    :repeated: a node that is being cleaned refuses to be sent again.
    :raises InvalidInput: no node is named.
    :raises ServiceUnreachable: Ironic stays out of reach.
    """

    takes_minutes = True

    def __init__(
        self,
        node_uuids: list[str],
        clean_steps: list[dict[str, Any]] | None = None,
        timeout: float = 7200,
        concurrency: int = 20,
        nodes_uuids: list[str] | None = None,
        disable_ramdisk: bool = False,
    ) -> None:
        self.node_uuids = node_uuids
        self.clean_steps = clean_steps
        self.timeout = timeout
        self.concurrency = concurrency
        self.nodes_uuids = nodes_uuids
        self.disable_ramdisk = disable_ramdisk

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        steps = self.clean_steps
        return cleaning.clean(
            cloud,
            configuration.named(self.node_uuids, self.nodes_uuids),
            cleaning.ERASE_METADATA if steps is None else steps,
            cleaning.Options(
                self.timeout, self.concurrency, self.disable_ramdisk
            ),
        )


class CreateNodesRAIDAction(base.TripleOAction):
    """Replace the RAID of manageable nodes, and wait for them.

    What is on their disks is lost.

    :param node_uuids: the nodes.
    :param configuration: as Ironic's target_raid_config: logical_disks, a
        list of mappings with size_gb, raid_level and so on.
    :param timeout: seconds for each node.
    :param concurrency: nodes at a time.
    :param nodes_uuids: further nodes; the guide's name for node_uuids.
    :param disable_ramdisk: see tripleo.baremetal.clean_nodes.
    :returns: see there.
    :repeated: a node that is being cleaned refuses to be sent again.
    :raises InvalidInput: no node is named, or that is no configuration.
    :raises ServiceUnreachable: Ironic stays out of reach.
    """

    takes_minutes = True

    def __init__(
        self,
        node_uuids: list[str],
        configuration: dict[str, Any],
        timeout: float = 1800,
        concurrency: int = 20,
        nodes_uuids: list[str] | None = None,
        disable_ramdisk: bool = False,
    ) -> None:
        self.node_uuids = node_uuids
        self.configuration = configuration
        self.timeout = timeout
        self.concurrency = concurrency
        self.nodes_uuids = nodes_uuids
        self.disable_ramdisk = disable_ramdisk

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return cleaning.create_raid(
            cloud,
            configuration.named(self.node_uuids, self.nodes_uuids),
            self.configuration,
            cleaning.Options(
                self.timeout, self.concurrency, self.disable_ramdisk
            ),
        )


class ApplyNodesBIOSAction(base.TripleOAction):
    """Apply BIOS settings to manageable nodes, and wait for them.

    :param node_uuids: the nodes.
    :param settings: a list of mappings with name and value, or a mapping
        whose settings are such a list.
    :param timeout: seconds for each node.
    :param concurrency: nodes at a time.
    :param nodes_uuids: further nodes; the guide's name for node_uuids.
    :param configuration: settings, as clients call it; settings goes first.
    :param disable_ramdisk: see tripleo.baremetal.clean_nodes.
    :returns: see there.
    :repeated: a node that is being cleaned refuses to be sent again.
    :raises InvalidInput: no node is named, or these are no settings.
    :raises ServiceUnreachable: Ironic stays out of reach.
    """

    takes_minutes = True

    def __init__(
        self,
        node_uuids: list[str],
        settings: list[Any] | dict[str, Any] | None = None,
        timeout: float = 7200,
        concurrency: int = 20,
        nodes_uuids: list[str] | None = None,
        configuration: list[Any] | dict[str, Any] | None = None,
        disable_ramdisk: bool = False,
    ) -> None:
        self.node_uuids = node_uuids
        self.settings = settings
        self.timeout = timeout
        self.concurrency = concurrency
        self.nodes_uuids = nodes_uuids
        self.configuration = configuration
        self.disable_ramdisk = disable_ramdisk

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        told = self.configuration if self.settings is None else self.settings
        return cleaning.clean(
            cloud,
            configuration.named(self.node_uuids, self.nodes_uuids),
            cleaning.bios_steps(told),
            cleaning.Options(
                self.timeout, self.concurrency, self.disable_ramdisk
            ),
        )
