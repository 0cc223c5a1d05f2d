"""Actions that move bare metal nodes from state to state."""

from __future__ import annotations

from typing import Any

from tripleo_common.actions import base, node_results
from tripleo_common.clients import Cloud
from tripleo_common.nodes import existing, states


class SetNodesStateAction(base.TripleOAction):
    """Move nodes to a provision state, all at once, and wait for them.

    One list of Ironic's a round tells how far they are. A node that Ironic
    gives up fails at once; the others are waited for.

    :param node_uuids: the nodes.
    :param state_action: as Ironic names it, such as manage or provide.
    :param target_state: the state that it leads to.
    :param timeout: seconds for all of them.
    :param error_states: further states in which a node has failed.
    :param clean_steps: the steps of the action clean.
    :param nodes_uuids: further nodes; the guide's name for node_uuids.
    :returns: a mapping with moved, a list of UUIDs, and failed, a list of
        mappings with uuid and result (a text with Ironic's last_error).
    :repeated: a node that is on its way refuses to be sent again.
    :raises InvalidInput: no node is named.
    :raises ServiceUnreachable: Ironic stays out of reach.
    """

    takes_minutes = True

    def __init__(
        self,
        node_uuids: list[str],
        state_action: str,
        target_state: str,
        timeout: float = 1200,
        error_states: list[str] | None = None,
        clean_steps: list[dict[str, Any]] | None = None,
        nodes_uuids: list[str] | None = None,
    ) -> None:
        self.node_uuids = node_uuids
        self.state_action = state_action
        self.target_state = target_state
        self.timeout = timeout
        self.error_states = error_states
        self.clean_steps = clean_steps
        self.nodes_uuids = nodes_uuids

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        nodes = dict.fromkeys([*self.node_uuids, *(self.nodes_uuids or [])])
        more: dict[str, Any] = {}
        if self.clean_steps:
            more["cleansteps"] = self.clean_steps
        return states.provision(
            cloud,
            list(nodes),
            self.state_action,
            self.target_state,
            self.timeout,
            self.error_states or (),
            **more,
        )


class SetNodesPowerStateAction(base.TripleOAction):
    """Switch nodes on or off, all at once, and wait for them.

    :param node_uuids: the nodes.
    :param state_action: as Ironic names it: on, off, reboot.
    :param target_state: the power state that it leads to, such as power off.
    :param timeout: seconds for all of them.
    :returns: a mapping with moved, a list of UUIDs, and failed, a list of
        mappings with uuid and result (a text with Ironic's last_error).
    :repeated: harmless; what is off already is not switched off again.
    :raises InvalidInput: no node is named.
    :raises ServiceUnreachable: Ironic stays out of reach.
    """

    takes_minutes = True

    def __init__(
        self,
        node_uuids: list[str],
        state_action: str,
        target_state: str,
        timeout: float = 120,
    ) -> None:
        self.node_uuids = node_uuids
        self.state_action = state_action
        self.target_state = target_state
        self.timeout = timeout

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return states.power(
            cloud,
            self.node_uuids,
            self.state_action,
            self.target_state,
            self.timeout,
        )


class FindNodesAction(base.TripleOAction):
    """Tell the nodes of a state.

    :param provision_state: of that state alone; none: of any.
    :param maintenance: whether in maintenance; none: either.
    :param associated: whether an instance uses it; none: either.
    :returns: the UUIDs, a list.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        provision_state: str | None = None,
        maintenance: bool | None = None,
        associated: bool | None = None,
    ) -> None:
        self.provision_state = provision_state
        self.maintenance = maintenance
        self.associated = associated

    def execute(self, cloud: Cloud) -> list[str]:
        return states.find(
            cloud,
            provision_state=self.provision_state,
            maintenance=self.maintenance,
            associated=self.associated,
        )


class ShowNodesAction(base.TripleOAction):
    """Tell nodes as they are, in the form of a registration's result.

    :param node_uuids: the nodes.
    :param new_node_uuids: those of them that are new.
    :returns: a mapping with registered_nodes and new_nodes, in the given
        order; where that is more than Mistral keeps, the short form and
        spilled, see tripleo.baremetal.register_or_update_nodes.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        node_uuids: list[str],
        new_node_uuids: list[str] | None = None,
    ) -> None:
        self.node_uuids = node_uuids
        self.new_node_uuids = new_node_uuids

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        nodes = {
            node.uuid: existing.shown(node)
            for node in cloud.baremetal.node.list(limit=0, detail=True)
        }
        told = {
            name: [nodes[uuid] for uuid in uuids if uuid in nodes]
            for name, uuids in (
                ("registered_nodes", self.node_uuids),
                ("new_nodes", self.new_node_uuids or []),
            )
        }
        return node_results.fitted(cloud, [], told)
