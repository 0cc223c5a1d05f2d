"""The versions of a plan: who changed it, when, how, and to what.

A version is a snapshot of the state, and of the list of the plan's files
(``file_lists``). What it changed is told by comparing it with the one before
(``changes``), so nothing has to be kept twice, and a version that several
tasks of one workflow make is stored again as a whole: one workflow makes one
version, whatever its tasks change.

The state's variable ``history`` notes the newest version (``version``), by
which ``execution`` and ``since`` when it is made, the digest of its list of
files (``files``), and the key that everything is encrypted with (``key``).
"""

from __future__ import annotations

import datetime
import json
import logging
from dataclasses import dataclass
from typing import Any

from tripleo_common import clients, conf, errors
from tripleo_common.plans import (
    file_lists,
    history_objects,
    mirror,
    operation,
)
from tripleo_common.plans.container import Container
from tripleo_common.plans.file_lists import Kept, Seen
from tripleo_common.plans.files import Files
from tripleo_common.plans.state import State

LOG = logging.getLogger(__name__)

Note = dict[str, Any]

#: Every so many changes, as a part of those kept, the oldest go.
_PRUNED_EVERY = 1 / 5


@dataclass(frozen=True)
class Version:
    """A version of a plan.

    :ivar number: its number, from 1.
    :ivar about: ``time`` (UTC), ``user``, ``project``, ``operation``,
        ``execution``; ``restored`` (the version that was gone back to, or
        null), and ``found`` (whether another client had written the state's
        mirror before).
    :ivar state: as :func:`snapshot` tells it.
    :ivar files: the digest of its list of files.
    """

    number: int
    about: dict[str, Any]
    state: dict[str, Any]
    files: str


class History:
    """The history of one plan.

    :param cloud: whose Swift keeps it.
    :param container: the plan's own.
    """

    def __init__(self, cloud: clients.Cloud, container: Container) -> None:
        self._plan = container.name
        self._container = container
        self._objects = history_objects.Objects(cloud, container.name)

    def is_news(self, current: State, seen: Seen | None) -> bool:
        """Whether files differ from those of the newest version."""
        if seen is None or not conf.options().history_versions:
            return False
        return (current.history or {}).get("files") != seen.digest

    def record(
        self,
        before: State | None,
        current: State,
        seen: Seen | None,
        found: bool = False,
        restored: int | None = None,
    ) -> None:
        """Store a version, and note it in the state, unless nothing changed.

        :param before: the state as it was; None: there was none.
        :param seen: the plan's files; None: they are as before.
        :param found: whether another client wrote the mirror before.
        :param restored: the version that is gone back to.
        """
        unchanged = before is not None and (
            snapshot(before) == snapshot(current)
            and not self.is_news(current, seen)
        )
        if unchanged or not conf.options().history_versions:
            return
        note = current.history or self._begun()
        if note is None:
            return
        note = _next(note, found, restored)
        if not note["files"]:
            seen = seen or self._listed()
        try:
            current.history = self._stored(note, current, seen)
        except errors.ResourceNotFound:
            # Somebody removed the container: only what follows is kept.
            if self._begun() is not None:
                note["files"] = ""
                seen = seen or self._listed()
                current.history = self._stored(note, current, seen)

    def prune(self, before: State, current: State) -> None:
        """Remove the oldest versions, if there are too many by now."""
        kept = conf.options().history_versions
        number = (current.history or {}).get("version", 0)
        step = max(int(kept * _PRUNED_EVERY), 1)
        if not kept or number <= kept or number % step:
            return
        lists = {
            each.history["files"]
            for each in (before, current)
            if each.history is not None
        }
        try:
            self._objects.prune(number - kept + 1, lists)
        except errors.ServiceError as error:
            LOG.warning("Old versions of %s stay: %s", self._plan, error)

    def remove(self) -> None:
        """Remove the history of a plan that does not come to be."""
        try:
            self._objects.remove()
        except errors.ServiceError as error:
            LOG.warning("A history of %s stays: %s", self._plan, error)

    def versions(
        self, current: State, newest: int, count: int
    ) -> list[Version]:
        """Versions that are there, the newest first.

        :param newest: the number to begin with.
        :param count: how many at most.
        """
        note = current.history or {}
        newest = min(newest, note.get("version", 0))
        numbers = range(newest, max(newest - count, 0), -1)
        names = {history_objects.version_name(n): n for n in numbers}
        found = self._objects.get(note["key"], names) if names else {}
        return [
            Version(names[name], **json.loads(found[name]))
            for name in names
            if name in found
        ]

    def version(self, current: State, number: int) -> Version:
        """One version.

        :raises VersionNotFound: there is none of that number.
        """
        found = self.versions(current, number, 1) if number > 0 else []
        if not found or found[0].number != number:
            newest = (current.history or {}).get("version", 0)
            known = [n for n in self._objects.numbers() if n <= newest]
            raise errors.VersionNotFound(self._plan, number, known)
        return found[0]

    def files(
        self, current: State, versions: list[Version]
    ) -> dict[str, dict[str, Kept]]:
        """The lists of files of some versions, by their digests.

        Lists that are gone are left out.
        """
        if not versions or current.history is None:
            return {}
        wanted = {version.files for version in versions}
        return file_lists.load(self._objects, current.history["key"], wanted)

    def contents(
        self, current: State, wanted: dict[str, Kept]
    ) -> dict[str, bytes]:
        """The contents of some files; those that are gone are left out."""
        if not wanted or current.history is None:
            return {}
        key = current.history["key"]
        return file_lists.contents(self._objects, key, wanted)

    def _begun(self) -> Note | None:
        """The note of a history without a version; None: there can be none."""
        if not self._container.is_plan():
            return None
        if self._objects.begin():
            return {
                "version": 0,
                "files": "",
                "key": history_objects.new_key(),
            }
        LOG.warning(
            "No history of plan %s is kept: the container %s is there for "
            "something else. Rename one of them.",
            *(self._plan, self._objects.name),
        )
        return None

    def _listed(self) -> Seen:
        files = Files(self._container, self._container.files())
        return file_lists.seen(files)

    def _stored(self, note: Note, current: State, seen: Seen | None) -> Note:
        key = note["key"]
        if seen is not None and seen.digest != note["files"]:
            listed = file_lists.store(self._objects, key, seen, note["files"])
            note = {**note, "files": listed}
        by = operation.current()
        told = {
            "about": {
                "time": note["since"],
                "user": by.user or None,
                "project": by.project or None,
                "operation": by.name,
                "execution": by.execution or None,
                "restored": note.get("restored"),
                "found": bool(note.get("found")),
            },
            "state": snapshot(current),
            "files": note["files"],
        }
        self._objects.put(
            key,
            history_objects.version_name(note["version"]),
            json.dumps(told).encode(),
            [note["files"]],
        )
        return note


def snapshot(current: State) -> dict[str, Any]:
    """What a version has of a state.

    Without what follows from files, and what is about the keeping of it.
    """
    return {
        "template": current.template,
        "environments": current.environments,
        "parameter_defaults": current.parameter_defaults,
        "passwords": current.passwords,
        "rest": mirror.beside(current),
        "other": current.other,
    }


def _next(note: Note, found: bool, restored: int | None) -> Note:
    """The note of the version that the present operation makes."""
    execution = operation.current().execution
    if execution and note.get("execution") == execution:
        return dict(note)
    return {
        **note,
        "version": note["version"] + 1,
        "execution": execution,
        "since": _now(),
        "restored": restored,
        "found": found,
    }


def _now() -> str:
    now = datetime.datetime.now(datetime.UTC)
    return now.isoformat(sep=" ", timespec="seconds")
