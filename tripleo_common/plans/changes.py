"""What differs between two versions of a plan, by file and by key.

Values are told of parameters only, and no secret is: what is one by its name,
and every password of the versions at hand wherever it stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from tripleo_common import masking
from tripleo_common.plans import passwords
from tripleo_common.plans.plan_environment import PARAMETERS

Changes = dict[str, Any]
Snapshot = Mapping[str, Any]


def of_files(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """Which files were added, changed and removed.

    :param before: what tells of each file its ``md5``, by path.
    """
    return _names(
        {path: each.md5 for path, each in before.items()},
        {path: each.md5 for path, each in after.items()},
    )


class Secrets:
    """What is not to be told.

    :param snapshots: states, as ``history.snapshot`` tells them.
    """

    def __init__(self, snapshots: Iterable[Snapshot]) -> None:
        self._named: set[str] = set()
        self._passwords: dict[str, Any] = {}
        for each in snapshots:
            self._named |= masking.values(each)
            in_force = passwords.in_force(each["passwords"], each[PARAMETERS])
            for value in in_force.values():
                self._passwords[_digest(value)] = value

    def masked(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of parameters without them."""
        shown = masking.masked(dict(parameters), self._named)
        return dict(passwords.masked(shown, self._passwords))


def of_state(
    before: Snapshot, after: Snapshot, secrets: Secrets | None = None
) -> Changes:
    """What of a state changed.

    :param before: as ``history.snapshot`` tells it.
    :param secrets: what is not to be told; None: what is one in either.
    :returns: ``template`` (null, or ``before`` and ``after``),
        ``environments`` (``added``, ``changed``, ``removed`` and
        ``reordered``), ``parameters`` (with their values), ``passwords``, and
        ``other`` (further keys of the plan's environment).
    """
    return {
        "template": None
        if before["template"] == after["template"]
        else {"before": before["template"], "after": after["template"]},
        "environments": _environments(before, after),
        "parameters": _values(
            before, after, secrets or Secrets([before, after])
        ),
        "passwords": _names(before["passwords"], after["passwords"]),
        "other": _names(
            {**before["rest"], **before["other"]},
            {**after["rest"], **after["other"]},
        ),
    }


def _environments(before: Snapshot, after: Snapshot) -> Changes:
    here = _by_name(before["environments"])
    there = _by_name(after["environments"])
    both = here.keys() & there.keys()
    order = [[n for n in each if n in both] for each in (here, there)]
    return {**_names(here, there), "reordered": order[0] != order[1]}


def _by_name(environments: list[dict[str, Any]]) -> dict[str, Any]:
    """Environments by their paths; those without one by what they hold."""
    return {
        entry.get("path") or f"data {_digest(entry)}": entry
        for entry in environments
    }


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _names(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    return {
        "added": sorted(after.keys() - before.keys()),
        "changed": sorted(
            name
            for name in before.keys() & after.keys()
            if before[name] != after[name]
        ),
        "removed": sorted(before.keys() - after.keys()),
    }


def _values(before: Snapshot, after: Snapshot, secrets: Secrets) -> Changes:
    """Like names, but for mappings whose values are told."""
    names = _names(before[PARAMETERS], after[PARAMETERS])
    old = secrets.masked(before[PARAMETERS])
    new = secrets.masked(after[PARAMETERS])
    return {
        "added": {name: new[name] for name in names["added"]},
        "changed": {
            name: {"before": old[name], "after": new[name]}
            for name in names["changed"]
        },
        "removed": {name: old[name] for name in names["removed"]},
    }
