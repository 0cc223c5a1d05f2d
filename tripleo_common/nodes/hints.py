"""Which nodes are meant for which servers, as their capabilities say.

The capability ``profile`` names a kind of servers, ``node`` one server, such
as ``controller-0``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.nodes import wanted

#: States of nodes that can be deployed, or are.
_STATES = ("available", "active")


def capability(node: Mapping[str, Any], name: str) -> str | None:
    """A capability of a node as Ironic tells it; None: it has none."""
    properties = node.get("properties")
    told = properties if isinstance(properties, Mapping) else {}
    return wanted.parsed_capabilities(told.get("capabilities")).get(name)


def with_profile(cloud: clients.Cloud, profile: str) -> list[str]:
    """The UUIDs of the nodes of a profile that can be deployed, or are."""
    return _matching(cloud, "profile", lambda value: value == profile)


def with_hint(cloud: clients.Cloud, hint_regex: str) -> list[str]:
    """The same of nodes for whose hint a regular expression holds.

    :raises InvalidInput: it is no regular expression.
    """
    try:
        regex = re.compile(hint_regex)
    except (re.error, OverflowError, RecursionError) as error:
        raise errors.InvalidInput(
            f"hint_regex {hint_regex!r:.200} is no regular expression: "
            f"{error}. Correct it and try again, for example with "
            "controller-[0-9]+."
        ) from None
    return _matching(
        cloud, "node", lambda value: regex.search(value) is not None
    )


def _matching(
    cloud: clients.Cloud, name: str, matches: Callable[[str], bool]
) -> list[str]:
    found = []
    for state in _STATES:
        for node in cloud.baremetal.node.list(
            limit=0,
            provision_state=state,
            maintenance=False,
            fields=["uuid", "properties"],
        ):
            value = capability({"properties": node.properties}, name)
            if value is not None and matches(value):
                found.append(node.uuid)
    return found
