"""Actions that look at images, flavors and nodes before a deployment.

Where an input is null, what is there is asked of its service. What is found
wrong makes an action fail with all that it found, unless ``fails`` is false.
"""

from __future__ import annotations

from typing import Any

from mistral_lib.actions import types

from tripleo_common import errors
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.validations import predeployment

_KERNEL = "bm-deploy-kernel"
_RAMDISK = "bm-deploy-ramdisk"


def _result(found: dict[str, Any], fails: bool) -> Any:
    return types.Result(error=found) if fails and found["errors"] else found


class CheckBootImagesAction(base.TripleOAction):
    """Look whether Glance has one image each that nodes are deployed with.

    :param images: as Glance lists them; null: they are asked for.
    :param deploy_kernel_name: name of the kernel.
    :param deploy_ramdisk_name: name of the ramdisk.
    :param fails: whether the action fails if anything is wrong.
    :returns: a mapping: kernel_id, ramdisk_id, errors and warnings.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        images: list[dict[str, Any]] | None,
        deploy_kernel_name: str = _KERNEL,
        deploy_ramdisk_name: str = _RAMDISK,
        fails: bool = True,
    ) -> None:
        self.images = images
        self.deploy_kernel_name = deploy_kernel_name
        self.deploy_ramdisk_name = deploy_ramdisk_name
        self.fails = fails

    def execute(self, cloud: Cloud) -> Any:
        names = (self.deploy_kernel_name, self.deploy_ramdisk_name)
        images = self.images
        if images is None:
            images = predeployment.images(cloud, dict.fromkeys(names))
        return _result(predeployment.check_images(images, *names), self.fails)


class CheckFlavorsAction(base.TripleOAction):
    """Look whether each role's flavor exists.

    :param roles_info: for each role a list of the flavor's name and the
        number of nodes.
    :param fails: whether the action fails if anything is wrong.
    :returns: a mapping: flavors (for each a list of its name and keys, and
        the number of nodes of all roles), errors and warnings.
    :repeated: harmless; it only reads.
    :raises InvalidInput: roles_info is of another form.
    """

    def __init__(
        self, roles_info: dict[str, list[Any]], fails: bool = True
    ) -> None:
        self.roles_info = roles_info
        self.fails = fails

    def execute(self, cloud: Cloud) -> Any:
        found = predeployment.check_flavors(cloud, self.roles_info)
        return _result(found, self.fails)


class CheckNodeBootConfigurationAction(base.TripleOAction):
    """Look whether a node is deployed with these images, and boots by itself.

    :param node: as Ironic tells it; null: all that are not in maintenance.
    :param kernel_id: id of the kernel.
    :param ramdisk_id: id of the ramdisk.
    :param fails: whether the action fails if anything is wrong.
    :returns: a mapping: errors and warnings.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        node: dict[str, Any] | None,
        kernel_id: str | None,
        ramdisk_id: str | None,
        fails: bool = True,
    ) -> None:
        self.node = node
        self.kernel_id = kernel_id
        self.ramdisk_id = ramdisk_id
        self.fails = fails

    def execute(self, cloud: Cloud) -> Any:
        nodes = [self.node] if self.node else predeployment.nodes(cloud)
        found = predeployment.check_boot_configuration(
            nodes, self.kernel_id, self.ramdisk_id
        )
        return _result(found, self.fails)


class VerifyProfilesAction(base.TripleOAction):
    """Look whether there are as many nodes of each profile as flavors want.

    :param nodes: as Ironic lists them; null: all that are not in maintenance.
    :param flavors: as tripleo.validations.check_flavors tells them.
    :param fails: whether the action fails if anything is wrong.
    :returns: a mapping: errors and warnings.
    :repeated: harmless; it only reads.
    :raises InvalidInput: flavors is of another form.
    """

    def __init__(
        self,
        nodes: list[dict[str, Any]] | None,
        flavors: dict[str, list[Any]] | list[Any] | None,
        fails: bool = True,
    ) -> None:
        self.nodes = nodes
        self.flavors = flavors
        self.fails = fails

    def execute(self, cloud: Cloud) -> Any:
        nodes = self.nodes
        if nodes is None:
            nodes = predeployment.nodes(cloud)
        found = predeployment.check_profiles(nodes, self.flavors)
        return _result(found, self.fails)


class CheckNodesCountAction(base.TripleOAction):
    """Look whether there are as many nodes as a deployment takes.

    :param statistics: of Nova's hypervisors; null: they are asked for, where
        there is a Nova.
    :param stack: of Heat, or null: there is none; or its name or id.
    :param associated_nodes: the nodes with an instance; null: they are asked
        for.
    :param available_nodes: the nodes without one; null: the same.
    :param parameters: those that are to be set.
    :param default_role_counts: what counts where neither they nor the stack
        say anything, by the parameter's name.
    :param fails: whether the action fails if anything is wrong.
    :returns: a mapping: errors, warnings and result (statistics,
        enough_nodes, requested_count and available_count).
    :repeated: harmless; it only reads.
    :raises InvalidInput: a count is no number.
    """

    def __init__(
        self,
        statistics: dict[str, Any] | None,
        stack: dict[str, Any] | str | None,
        associated_nodes: list[Any] | None,
        available_nodes: list[Any] | None,
        parameters: dict[str, Any],
        default_role_counts: dict[str, Any],
        fails: bool = True,
    ) -> None:
        self.statistics = statistics
        self.stack = stack
        self.associated_nodes = associated_nodes
        self.available_nodes = available_nodes
        self.parameters = parameters
        self.default_role_counts = default_role_counts
        self.fails = fails

    def execute(self, cloud: Cloud) -> Any:
        statistics = self.statistics or predeployment.statistics(cloud)
        associated, available = self._nodes(cloud)
        found = predeployment.check_count(
            self._stack(cloud),
            associated,
            available,
            self.parameters,
            self.default_role_counts,
        )
        told = {key: found.pop(key) for key in ("errors", "warnings")}
        result = {"statistics": statistics, **found}
        return _result({**told, "result": result}, self.fails)

    def _stack(self, cloud: Cloud) -> dict[str, Any] | None:
        if not isinstance(self.stack, str):
            return self.stack
        try:
            found = cloud.orchestration.stacks.get(
                self.stack, resolve_outputs=False
            )
        except errors.ResourceNotFound:
            return None
        return {
            "stack_status": found.stack_status,
            "parameters": getattr(found, "parameters", None),
        }

    def _nodes(self, cloud: Cloud) -> tuple[int, int]:
        associated, available = self.associated_nodes, self.available_nodes
        if associated is None or available is None:
            nodes = predeployment.nodes(cloud)
            with_instance = [n for n in nodes if n["instance_uuid"]]
            free = [
                node
                for node in nodes
                if not node["instance_uuid"]
                and node["provision_state"] == "available"
            ]
            associated = with_instance if associated is None else associated
            available = free if available is None else available
        return len(associated), len(available)
