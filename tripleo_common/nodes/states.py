"""Move nodes from state to state, many at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.nodes import concurrency, turns, waiting

#: Actions that need not be asked for where the node is there already.
_ARRIVE = ("manage", "provide")
#: Failures that are told in full; of more, how many there are.
_TOLD = 500


def provision(
    cloud: clients.Cloud,
    uuids: list[str],
    action: str,
    target: str,
    timeout: float,
    error_states: Collection[str] = (),
    at_once: int | None = None,
    **arguments: Any,
) -> dict[str, Any]:
    """Move nodes to a provision state, and wait until they are there.

    A node fails at once when Ironic gives it up, with Ironic's own words.

    :param action: as Ironic names it: manage, provide, clean and so on.
    :param target: the state that the action leads to.
    :param timeout: seconds for all of them; with *at_once* for each.
    :param error_states: further states in which a node has failed.
    :param at_once: nodes that may be on their way at a time; None: all.
    :param arguments: further ones of Ironic's, such as ``cleansteps``.
    :returns: ``moved``, the UUIDs of those that are there; and ``failed``,
        mappings with ``uuid`` and ``result``, a text.
    """

    def verdict(node: Any) -> str | None:
        state = node.provision_state
        if state == target and not node.reservation:
            return ""
        gave_up = state in error_states or state == "error"
        gave_up = gave_up or state.endswith(" failed")
        at_rest = not node.target_provision_state and not node.reservation
        if gave_up or (at_rest and state != target):
            return f"It is {state}. {waiting.said(node)}".strip()
        return None

    def there(node: Any) -> bool:
        return action in _ARRIVE and node.provision_state == target

    return _moved(
        cloud,
        uuids,
        there,
        lambda uuid: cloud.baremetal.node.set_provision_state(
            uuid, action, **arguments
        ),
        verdict,
        timeout,
        target,
        at_once,
    )


def power(
    cloud: clients.Cloud,
    uuids: list[str],
    action: str,
    target: str,
    timeout: float,
) -> dict[str, Any]:
    """Switch nodes, and wait until they are.

    :param action: as Ironic names it: on, off, reboot.
    :param target: the power state that it leads to, such as ``power off``.
    :returns: as :func:`provision`.
    """

    def verdict(node: Any) -> str | None:
        if node.target_power_state or node.reservation:
            return None
        if node.power_state == target:
            return ""
        return f"Its power is {node.power_state}. {waiting.said(node)}".strip()

    def there(node: Any) -> bool:
        settled = not node.target_power_state
        return action != "reboot" and settled and node.power_state == target

    return _moved(
        cloud,
        uuids,
        there,
        lambda uuid: cloud.baremetal.node.set_power_state(uuid, action),
        verdict,
        timeout,
        target,
    )


def find(cloud: clients.Cloud, **filters: Any) -> list[str]:
    """The UUIDs of the nodes that Ironic's filters let through."""
    listed = cloud.baremetal.node.list(limit=0, fields=["uuid"], **filters)
    return [node.uuid for node in listed]


def _moved(
    cloud: clients.Cloud,
    uuids: list[str],
    there: Callable[[Any], bool],
    send: Callable[[str], Any],
    verdict: waiting.Verdict,
    timeout: float,
    target: str,
    at_once: int | None = None,
) -> dict[str, Any]:
    if not uuids:
        raise errors.InvalidInput(
            "No node is named: pass the UUIDs of nodes as nodes_uuids (or "
            "node_uuids). openstack baremetal node list tells them."
        )
    uuids = list(dict.fromkeys(uuids))
    nodes = waiting.look(cloud, uuids)
    done = {
        uuid: "Ironic has no such node." for uuid in uuids if uuid not in nodes
    }
    done |= {uuid: "" for uuid, node in nodes.items() if there(node)}
    to_send = [uuid for uuid in uuids if uuid not in done]
    if at_once is not None:
        queue = turns.Turns(to_send, send, at_once)
        done |= turns.moved(cloud, queue, verdict, timeout)
        to_send = []
    for uuid, _, error in concurrency.each(to_send, send):
        if error:
            done[uuid] = error
    sent = [uuid for uuid in uuids if uuid not in done]
    if sent:
        done |= waiting.until(cloud, sent, verdict, timeout)
    return {
        "moved": [uuid for uuid in uuids if not done[uuid]],
        "failed": _failed(uuids, done, target),
    }


def _failed(
    uuids: list[str], done: dict[str, str], target: str
) -> list[dict[str, str]]:
    failed = [
        {
            "uuid": uuid,
            "result": f"Node {uuid} did not become {target}. {done[uuid]}",
        }
        for uuid in uuids
        if done[uuid]
    ]
    more = len(failed) - _TOLD
    if more > 0:
        rest = f"{more} more nodes did not become {target}."
        failed = [*failed[:_TOLD], {"uuid": "", "result": rest}]
    return failed
