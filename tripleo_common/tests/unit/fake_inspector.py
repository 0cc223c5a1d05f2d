"""ironic-inspector in memory, as its client tells it."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from tripleo_common import errors


class Inspector:
    """Its API; counts the requests. A list is a step forward.

    :ivar fails: by UUID, why a node fails.
    :ivar stands_still: nodes that are never done.
    :ivar data: what was found in nodes, by UUID.
    """

    page = 1000

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.statuses: dict[str, dict[str, Any]] = {}
        self.fails: dict[str, str] = {}
        self.stands_still: set[str] = set()
        self.data: dict[str, Any] = {}

    def introspect(self, uuid: str) -> None:
        begun = {"uuid": uuid, "finished": False, "error": None}
        # Many are begun at once.
        with self._lock:
            self.requests["POST"] += 1
            self.statuses.pop(uuid, None)
            # What was begun last is told first.
            self.statuses = {uuid: begun, **self.statuses}

    def list_statuses(self, marker: str | None = None) -> list[Any]:
        self.requests["LIST"] += 1
        uuids = list(self.statuses)
        first = uuids.index(marker) + 1 if marker else 0
        told = [dict(self.statuses[uuid]) for uuid in uuids]
        for uuid, status in self.statuses.items():
            if uuid not in self.stands_still and not marker:
                status.update(finished=True, error=self.fails.get(uuid))
        return told[first : first + self.page]

    def abort(self, uuid: str) -> None:
        self.requests["ABORT"] += 1
        self.statuses[uuid].update(finished=True, error="Canceled by operator")

    def get_data(self, uuid: str) -> Any:
        self.requests["GET data"] += 1
        if uuid not in self.data:
            raise errors.ResourceNotFound("It", uuid, "HTTP 404", "Look.", 404)
        return self.data[uuid]
