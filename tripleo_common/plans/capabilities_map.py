"""The capabilities map of a plan's templates: ``capabilities-map.yaml``.

It groups environment files by topic, and tells which of them need others and
which exclude one another. Its format is described at its own top:

* ``topics``: each with ``title``, ``description``, ``environment_groups``;
* a group: ``title``, ``description``, ``tags``, ``environments``, and
  ``mutually_exclusive``;
* an environment: ``file``, ``title``, ``description``, ``requires`` (files).

Maps of Newton and Ocata also name ``root_template`` and ``root_environment``;
in these, the environments of a group exclude one another by being in one.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from tripleo_common import constants, errors
from tripleo_common.plans import yaml_text
from tripleo_common.plans.files import Files

_PATH = constants.CAPABILITIES_FILE
_UNTITLED = "Untitled"

_T = TypeVar("_T")


def read(files: Files) -> dict[str, Any] | None:
    """The map, parsed and as it is; None: the templates ship none.

    :raises InvalidFile: it does not parse, or JSON cannot hold it.
    """
    if _PATH not in files:
        return None
    parsed = yaml_text.load_mapping(files.read(_PATH, "the plan"), _PATH)
    try:
        return dict(json.loads(json.dumps(parsed)))
    except (TypeError, ValueError) as error:
        raise errors.InvalidFile(
            _PATH, f"it holds what JSON cannot: {error}"
        ) from error


class CapabilitiesMap:
    """What a map says of environment files.

    :param parsed: the map.
    :raises InvalidFile: it has another form.
    """

    def __init__(self, parsed: dict[str, Any]) -> None:
        self.topics = _mappings(parsed, "topics", "the map")
        self._exclusive: list[tuple[str, list[str]]] = []
        self._requires: dict[str, dict[str, None]] = {}
        for group in self._groups():
            environments = _mappings(group, "environments", "a group")
            paths = [_file(each) for each in environments]
            if group.get("mutually_exclusive", "root_template" in parsed):
                title = group.get("title") or group.get("name") or ""
                self._exclusive.append((title, paths))
            for path, environment in zip(paths, environments, strict=True):
                needed = self._requires.setdefault(path, {})
                needed |= dict.fromkeys(_requires(environment, path))

    def __contains__(self, path: object) -> bool:
        return path in self._requires

    def _groups(self) -> Iterator[dict[str, Any]]:
        for topic in self.topics:
            yield from _mappings(topic, "environment_groups", "a topic")

    def told(self, in_force: set[str]) -> dict[str, Any]:
        """The topics by title, in order, each environment with ``enabled``."""
        topics: dict[str, Any] = {}
        for topic in self.topics:
            groups = [
                {
                    **group,
                    "environments": [
                        {**each, "enabled": _file(each) in in_force}
                        for each in group.get("environments") or []
                    ],
                }
                for group in topic.get("environment_groups") or []
            ]
            title = _free(str(topic.get("title") or _UNTITLED), topics)
            topics[title] = {**topic, "environment_groups": groups}
        return topics

    def required_by(self, path: str) -> Iterable[str]:
        """The files that an environment needs in force beside it."""
        return self._requires.get(path, ())

    def violations(self, in_force: Iterable[str]) -> list[str]:
        """Which rules a choice of environments does not keep.

        :returns: texts that name both files, without a full stop.
        """
        chosen = dict.fromkeys(in_force)
        return [
            f"{path} requires {needed}, which would not be in force"
            for path in chosen
            for needed in self.required_by(path)
            if needed not in chosen
        ] + [
            f"{first} and {second} exclude each other"
            + (f" ({title})" if title else "")
            for title, paths in self._exclusive
            for first, second in itertools.combinations(
                dict.fromkeys(path for path in paths if path in chosen), 2
            )
        ]


def _mappings(
    value: dict[str, Any], key: str, whose: str
) -> list[dict[str, Any]]:
    found = _of(value, key, list, whose)
    if not all(isinstance(each, dict) for each in found):
        raise errors.InvalidFile(_PATH, f"{key} of {whose} must be mappings")
    return found


def _of(value: dict[str, Any], key: str, kind: type[_T], whose: str) -> _T:
    found = value.get(key)
    if found is None:
        return kind()
    if not isinstance(found, kind):
        raise errors.InvalidFile(
            _PATH,
            f"{key} of {whose} must be a {kind.__name__}, not "
            f"{type(found).__name__}",
        )
    return found


def _file(environment: dict[str, Any]) -> str:
    path = environment.get("file")
    if not isinstance(path, str) or not path:
        raise errors.InvalidFile(
            _PATH,
            f"an environment ({environment.get('title')!r:.80}) has no file",
        )
    return path


def _requires(environment: dict[str, Any], path: str) -> list[str]:
    needed = _of(environment, "requires", list, path)
    if not all(isinstance(each, str) for each in needed):
        raise errors.InvalidFile(_PATH, f"requires of {path} must be paths")
    return needed


def _free(title: str, taken: dict[str, Any]) -> str:
    """*title*, with a number where two topics have the same one."""
    number = 2
    free = title
    while free in taken:
        free = f"{title} ({number})"
        number += 1
    return free
