"""Actions that tell which nodes are meant for which servers."""

from __future__ import annotations

from typing import Any

from tripleo_common import errors
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.nodes import hints


class GetProfileAction(base.TripleOAction):
    """Tell the profile of a node.

    :param node: the node, as Ironic tells it.
    :returns: a mapping with uuid and profile; null: it has none.
    :repeated: harmless; it only reads its input.
    """

    def __init__(self, node: dict[str, Any]) -> None:
        self.node = node

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return {
            "uuid": self.node.get("uuid"),
            "profile": hints.capability(self.node, "profile"),
        }


class GetNodeHintAction(base.TripleOAction):
    """Tell the hint of a node: the one server that it is meant for.

    :param node: the node, as Ironic tells it.
    :returns: a mapping with uuid and hint; null: it has none.
    :repeated: harmless; it only reads its input.
    """

    def __init__(self, node: dict[str, Any]) -> None:
        self.node = node

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return {
            "uuid": self.node.get("uuid"),
            "hint": hints.capability(self.node, "node"),
        }


class MatchNodesAction(base.TripleOAction):
    """Find nodes by what they are meant for.

    Only nodes that can be deployed (available), or are (active), and that are
    not in maintenance are looked at.

    :param profile: the nodes of this profile.
    :param hint_regex: the nodes in whose hint this regular expression is
        found. Exactly one of both is needed.
    :returns: the UUIDs, a list.
    :repeated: harmless; it only reads.
    :raises InvalidInput: hint_regex is no regular expression, or there is
        none or both of the inputs.
    """

    def __init__(
        self, profile: str | None = None, hint_regex: str | None = None
    ) -> None:
        self.profile = profile
        self.hint_regex = hint_regex

    def execute(self, cloud: Cloud) -> list[str]:
        if self.profile is not None and self.hint_regex is None:
            return hints.with_profile(cloud, self.profile)
        if self.hint_regex is not None and self.profile is None:
            return hints.with_hint(cloud, self.hint_regex)
        raise errors.InvalidInput(
            "Exactly one of the inputs profile and hint_regex is needed, a "
            "text. Correct it and try again."
        )
