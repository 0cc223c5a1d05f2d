"""Results about many nodes, as Mistral keeps them, and without passwords."""

from __future__ import annotations

from typing import Any

from tripleo_common import masking
from tripleo_common.clients import Cloud
from tripleo_common.plans import large_results

#: What stands before ``-messages`` in the container of large results.
_OWNER = "tripleo"
_LISTS = ("registered_nodes", "new_nodes")
_SHORT = ("uuid", "name", "provision_state", "driver")
#: What Ironic shows in the place of a password.
_IRONICS_MASK = "******"
_ENTRY = ("node", "uuid", "name", "error")


def fitted(
    cloud: Cloud, asked: list[Any], told: dict[str, Any]
) -> dict[str, Any]:
    """A result about nodes; where it is large, its short form and a link.

    :param asked: what the caller sent; its secrets are masked by value.
    """
    known = masking.values(asked)
    safe = {
        name: [as_ironic_shows(node) for node in value]
        if name in _LISTS
        else masking.masked(value, known)
        for name, value in told.items()
    }
    kept = large_results.fitted(cloud, _OWNER, safe, _LISTS[0])
    if kept is safe:
        return safe
    for name, nodes in safe.items():
        if isinstance(nodes, list):
            keys = _SHORT if name in _LISTS else _ENTRY
            kept[name] = [{k: n[k] for k in keys if k in n} for n in nodes]
    kept["spilled"]["left_out"] = list(_LISTS)
    return kept


def as_ironic_shows(node: dict[str, Any]) -> dict[str, Any]:
    """A node without secrets, even where Ironic's policy shows them."""
    safe: dict[str, Any] = masking.masked(node)
    driver_info = safe.get("driver_info") or {}
    for name, value in driver_info.items():
        if value == masking.MASK:
            driver_info[name] = _IRONICS_MASK
    return safe
