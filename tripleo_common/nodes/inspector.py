"""Introspection by ironic-inspector, which older underclouds have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tripleo_common import clients


class Inspector:
    """ironic-inspector; a node that it fails on stays manageable."""

    def __init__(self, cloud: clients.Cloud) -> None:
        self._service = cloud.introspection

    def look(self, uuids: Collection[str]) -> dict[str, str | None]:
        """By its list, which begins with what was begun last."""
        wanted = set(uuids)
        found: dict[str, str | None] = {}
        marker = None
        while wanted - found.keys():
            page = self._service.list_statuses(marker=marker)
            if not page:
                break
            found |= {
                status["uuid"]: _verdict(status)
                for status in page
                if status["uuid"] in wanted
            }
            marker = page[-1]["uuid"]
        return found

    def begin(self, uuid: str) -> None:
        self._service.introspect(uuid)

    def stop(self, uuid: str) -> None:
        self._service.abort(uuid)

    def leave(self, uuid: str) -> None:
        """It never left."""


def _verdict(status: Mapping[str, Any]) -> str | None:
    if status["error"]:
        text = " ".join(str(status["error"]).split())
        return text if text.endswith(".") else f"{text}."
    return "" if status["finished"] else None
