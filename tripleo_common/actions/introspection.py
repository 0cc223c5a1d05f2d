"""Actions on what is in bare metal nodes."""

from __future__ import annotations

from typing import Any

from tripleo_common import errors
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.nodes import attempts, introspection, root_device
from tripleo_common.plans import large_results

#: What stands before ``-messages`` in the container of large results.
_OWNER = "tripleo"
#: Failures that are told in full; of more, how many there are.
_TOLD = 500


class IntrospectNodesAction(base.TripleOAction):
    """Introspect nodes, and wait until each is done or has failed.

    ironic-inspector does it where the catalog has one, else Ironic itself
    with each node's inspect interface. A few lists a round tell how far they
    are. A node that fails, or takes too long, is begun again later; the
    others are not. All are manageable in the end.

    :param node_uuids: the nodes; those that are not manageable fail.
    :param concurrency: how many are introspected at once.
    :param max_retry_attempts: how often a node that failed is begun again.
    :param node_timeout: seconds that a node has for each attempt.
    :param nodes_uuids: further nodes; the guide's name for node_uuids.
    :returns: a mapping with introspected_nodes: by UUID mappings with error
        (null or a text), finished, state, started_at, finished_at and
        attempts; failed_introspection: the UUIDs of those that failed; and
        failures: why, a list of texts. Where that is more than Mistral
        keeps, introspected_nodes has error alone, and spilled tells where in
        Swift the whole is.
    :repeated: nodes that are still on their way refuse to begin again.
    :raises InvalidInput: no node is named, or a number is senseless.
    :raises ServiceUnreachable: Ironic is out of reach from the beginning.
    """

    takes_minutes = True

    def __init__(
        self,
        node_uuids: list[str],
        concurrency: int = 20,
        max_retry_attempts: int = 2,
        node_timeout: float = 1200,
        nodes_uuids: list[str] | None = None,
    ) -> None:
        self.node_uuids = node_uuids
        self.concurrency = concurrency
        self.max_retry_attempts = max_retry_attempts
        self.node_timeout = node_timeout
        self.nodes_uuids = nodes_uuids

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        outcomes = introspection.introspect(
            cloud,
            [*self.node_uuids, *(self.nodes_uuids or [])],
            self.concurrency,
            self.max_retry_attempts,
            self.node_timeout,
        )
        told = {
            "introspected_nodes": {
                uuid: outcome.told() for uuid, outcome in outcomes.items()
            },
            "failed_introspection": [
                uuid for uuid, outcome in outcomes.items() if outcome.error
            ],
            "failures": _failures(outcomes),
        }
        key = "introspected_nodes"
        kept = large_results.fitted(cloud, _OWNER, told, key)
        if kept is not told:
            kept[key] = {
                uuid: {"error": outcome.error}
                for uuid, outcome in outcomes.items()
            }
        return kept


def _failures(outcomes: dict[str, attempts.Outcome]) -> list[str]:
    failed = [
        f"Node {uuid} was not introspected. {outcome.error}"
        for uuid, outcome in outcomes.items()
        if outcome.error
    ]
    more = len(failed) - _TOLD
    if more > 0:
        return [*failed[:_TOLD], f"{more} more nodes were not introspected."]
    return failed


class ConfigureRootDeviceAction(base.TripleOAction):
    """Choose the disk that a node is deployed on, by its introspection.

    The node's properties root_device (a hint that fits that disk alone) and
    local_gb are set.

    :param node_uuid: the node.
    :param root_device: smallest, largest, or names of disks, separated by
        commas, of which the first that the node has is taken (sda,vda);
        none: nothing is done.
    :param minimum_size: GiB; smaller disks are not looked at.
    :param overwrite: whether a node that has a root_device gets another.
    :returns: nothing.
    :repeated: harmless; it chooses the same.
    :raises NotFound: Ironic has no such node, it was never introspected, or
        has no such disk.
    :raises Conflict: nothing is known that tells the disk from others.
    """

    def __init__(
        self,
        node_uuid: str,
        root_device: str | None = None,
        minimum_size: int = 4,
        overwrite: bool = False,
    ) -> None:
        self.node_uuid = node_uuid
        self.root_device = root_device
        self.minimum_size = minimum_size
        self.overwrite = overwrite

    def execute(self, cloud: Cloud) -> None:
        if not self.root_device:
            return
        if self.minimum_size < 0:
            raise errors.InvalidInput(
                f"minimum_size must be 0 or more, not {self.minimum_size}. "
                "Correct it and try again."
            )
        root_device.configure(
            cloud,
            self.node_uuid,
            self.root_device,
            self.minimum_size,
            self.overwrite,
        )
