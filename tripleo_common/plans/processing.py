"""What processing a plan found, and what of it is still to be stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tripleo_common import constants
from tripleo_common.plans import mirror
from tripleo_common.plans.collecting import Collected
from tripleo_common.plans.container import changed
from tripleo_common.plans.file_lists import Seen
from tripleo_common.plans.files import Files
from tripleo_common.plans.state import State


@dataclass
class Changes:
    """What rendering changes in a container.

    :ivar written: contents by path.
    :ivar gone: what is not rendered any more.
    """

    written: dict[str, bytes]
    gone: list[str]


@dataclass
class Processed:
    """A plan that was processed.

    :ivar capabilities: the capabilities map of its files.
    :ivar creator: who makes a plan of the container; see creation.py.
    :ivar seen: the plan's own files after it.
    :ivar news: whether its history does not have them.
    """

    state: State
    collected: Collected
    changes: Changes
    capabilities: dict[str, Any] | None
    creator: str
    seen: Seen
    news: bool

    def is_stored(self) -> bool:
        """Whether all that came of it is there already."""
        return not (
            self.changes.written
            or self.changes.gone
            or self.creator
            or self.news
            or self.capabilities != self.state.capabilities
            or mirror.agreed_md5(self.state) is None
        )


def changes(files: Files, rendered: Mapping[str, str]) -> Changes:
    """What storing *rendered* would change."""
    contents = {path: text.encode() for path, text in rendered.items()}
    return Changes(
        changed(contents, files.stored),
        [
            path
            for path, there in files.stored.items()
            if there.content_type == constants.RENDERED_TYPE
            and path not in rendered
        ],
    )
