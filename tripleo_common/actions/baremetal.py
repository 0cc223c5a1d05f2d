"""Actions on bare metal nodes."""

from __future__ import annotations

from typing import Any

from tripleo_common import errors
from tripleo_common.actions import base, node_results
from tripleo_common.actions.introspection import ConfigureRootDeviceAction
from tripleo_common.actions.node_configuration import (
    CellV2DiscoverHostsAction,
    ConfigureBootAction,
    UpdateNodeCapability,
)
from tripleo_common.actions.node_discovery import (
    GetCandidateNodes,
    ProbeNode,
)
from tripleo_common.actions.node_hints import (
    GetNodeHintAction,
    GetProfileAction,
)
from tripleo_common.clients import Cloud
from tripleo_common.nodes import instackenv, registration

#: All of them were here always, and are looked for here.
__all__ = [
    "CellV2DiscoverHostsAction",
    "ConfigureBootAction",
    "ConfigureRootDeviceAction",
    "GetCandidateNodes",
    "GetNodeHintAction",
    "GetProfileAction",
    "ProbeNode",
    "RegisterOrUpdateNodes",
    "UpdateNodeCapability",
    "ValidateNodes",
]


class ValidateNodes(base.TripleOAction):
    """Check a list of nodes before it is registered.

    Nothing is asked of Ironic. All that is wrong is told at once.

    :param nodes_json: the nodes, as in instackenv.json.
    :returns: nothing.
    :repeated: harmless; it only reads its input.
    :raises InvalidNodes: tells each problem with the node's place in the
        list and the field.
    """

    def __init__(self, nodes_json: list[Any]) -> None:
        self.nodes_json = nodes_json

    def execute(self, cloud: Cloud) -> None:
        instackenv.check(self.nodes_json)


class RegisterOrUpdateNodes(base.TripleOAction):
    """Register machines with Ironic, or update the nodes that they are.

    A machine is a node by its UUID, a MAC address, or the address and the
    system id of its BMC. Only what differs is sent. The whole list is checked
    first, by itself and against Ironic's nodes; if anything is wrong, nothing
    is changed. What fails after that is told of the node, and the others go
    on. A driver_info, property, capability or port that the list does not
    mention stays as it is.

    :param nodes_json: the nodes, as in instackenv.json.
    :param remove: whether nodes that are not in the list are removed; those
        that somebody uses, that are locked or in maintenance are kept.
    :param kernel_name: kernel of the deployment ramdisk for nodes without a
        kernel_id: name or id of an image of Glance, or a URL.
    :param ramdisk_name: the same of the ramdisk.
    :param instance_boot_option: the capability boot_option (local or netboot)
        of nodes that have none; none: it is not set.
    :param force: whether remove removes even nodes that are in use.
    :param dry_run: whether it is only told what would be done.
    :returns: a mapping. registered_nodes: the nodes in the order of the list,
        as Ironic tells them; new_nodes: those that were created. Where that
        is more than Mistral keeps, both have uuid, name, provision_state and
        driver alone, and spilled tells where in Swift the whole is. created,
        updated, unchanged, removed, kept and failed: lists of mappings with
        node (the place in the list), uuid, name; for updated changes (path,
        old, new), for kept and failed error. Secrets are masked.
    :repeated: harmless; what is there is not created again.
    :raises InvalidNodes: tells each problem with the node's place in the
        list and the field; nothing was changed.
    :raises NotFound: Glance does not have the kernel or the ramdisk.
    """

    takes_minutes = True

    def __init__(
        self,
        nodes_json: list[Any],
        remove: bool = False,
        kernel_name: str | None = None,
        ramdisk_name: str | None = None,
        instance_boot_option: str | None = "local",
        force: bool = False,
        dry_run: bool = False,
    ) -> None:
        self.nodes_json = nodes_json
        self.remove = remove
        self.kernel_name = kernel_name
        self.ramdisk_name = ramdisk_name
        self.instance_boot_option = instance_boot_option
        self.force = force
        self.dry_run = dry_run

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        if self.instance_boot_option not in (None, "local", "netboot"):
            raise errors.InvalidInput(
                "instance_boot_option must be local or netboot, not "
                f"{self.instance_boot_option!r:.40}. Correct it and try again."
            )
        told = registration.register(
            cloud,
            self.nodes_json,
            registration.Options(
                kernel=self.kernel_name,
                ramdisk=self.ramdisk_name,
                boot_option=self.instance_boot_option,
                remove=self.remove,
                force=self.force,
                dry_run=self.dry_run,
            ),
        )
        return node_results.fitted(cloud, self.nodes_json, told)
