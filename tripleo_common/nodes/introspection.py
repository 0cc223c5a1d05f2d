"""Have many nodes look at their hardware, so many at once, each on its own.

Who does it, ironic-inspector or Ironic itself, is an
:class:`attempts.Service`; what comes of it is the same.
"""

from __future__ import annotations

from tripleo_common import clients, errors
from tripleo_common.nodes import attempts, waiting
from tripleo_common.nodes.inspector import Inspector
from tripleo_common.nodes.ironic_inspection import IronicInspection


def introspect(
    cloud: clients.Cloud,
    uuids: list[str],
    at_once: int = 20,
    retries: int = 2,
    node_timeout: float = 1200,
) -> dict[str, attempts.Outcome]:
    """Introspect nodes, by ironic-inspector where the catalog has one.

    :param at_once: how many nodes are on their way at any time.
    :param retries: how often one that failed is begun again.
    :param node_timeout: seconds that a node has for each attempt.
    :returns: by UUID, in the order given.
    :raises InvalidInput: no node is named, or a number is senseless.
    """
    _check(uuids, at_once, retries, node_timeout)
    service: attempts.Service
    if cloud.offers("baremetal-introspection"):
        service = Inspector(cloud)
    else:
        service = IronicInspection(cloud)
    run = attempts.Run(
        service, list(dict.fromkeys(uuids)), retries, node_timeout
    )
    run.refuse(waiting.look(cloud, run.uuids))
    run.to_the_end(at_once)
    return run.outcomes


def _check(
    uuids: list[str], at_once: int, retries: int, node_timeout: float
) -> None:
    if not uuids:
        raise errors.InvalidInput(
            "No node is named: pass the UUIDs of nodes as nodes_uuids (or "
            "node_uuids). openstack baremetal node list tells them."
        )
    for name, value, least in (
        ("concurrency", at_once, 1),
        ("max_retry_attempts", retries, 0),
        ("node_timeout", node_timeout, 1),
    ):
        if value < least:
            raise errors.InvalidInput(
                f"{name} must be {least} or more, not {value:g}. Correct it "
                "and try again; nothing was done."
            )
