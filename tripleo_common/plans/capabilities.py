"""Which of a plan's environment files are in force."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tripleo_common import errors
from tripleo_common.plans import capabilities_map, initial_state
from tripleo_common.plans.capabilities_map import CapabilitiesMap
from tripleo_common.plans.files import Files
from tripleo_common.plans.state import State
from tripleo_common.plans.store import Plan

_OTHER = "Other"
#: Where templates keep environments, and what clients call the user's own.
_ENVIRONMENT = re.compile(
    r"(?:^|.*/)environments/.+\.yaml|.*user-environment\.yaml", re.DOTALL
)
_RENDERED_ONCE_EACH = (".role.j2.yaml", ".network.j2.yaml")


def get(plan: Plan) -> dict[str, Any]:
    """What the plan can do: its environment files by topic.

    :returns: the topics of the plan's capabilities map by their titles, in
        the file's order, each environment with ``enabled``; and the topic
        ``Other`` with the environments that the map does not know.
    :raises InvalidFile: the map does not parse, or has another form.
    """
    in_force = set(_paths(plan.state()))
    files = plan.files()
    known = CapabilitiesMap(capabilities_map.read(files) or {})
    topics = known.told(in_force)
    other = topics.setdefault(
        _OTHER,
        {"title": _OTHER, "description": None, "environment_groups": []},
    )
    other["environment_groups"] += [
        _group(path, path in in_force)
        for path in _environments(files)
        if path not in known
    ]
    return topics


def select(
    plan: Plan,
    environments: dict[str, bool] | list[str],
    purge_missing: bool = False,
    sort_environments: bool = False,
) -> dict[str, Any]:
    """Put environment files in force, behind those that are, or out of it.

    :param environments: ``{path: True | False}``, or a list of those to be
        put in force; what is not named stays.
    :param purge_missing: what is not named is put out of force.
    :param sort_environments: order what is in force so that what another
        one requires comes before it.
    :returns: the plan's variables after it, without the passwords.
    :raises FileMissing: a file to be put in force is not in the plan.
    :raises InvalidInput: the choice would break a rule of the capabilities
        map that is kept now.
    """
    wanted = _wanted(environments)
    with plan.changing() as current:
        files = plan.files()
        initial_state.require(
            files,
            [path for path, chosen in wanted.items() if chosen],
            "its list of environments",
        )
        current.capabilities = capabilities_map.read(files)
        rules = CapabilitiesMap(current.capabilities or {})
        chosen = _chosen(current.environments, wanted, purge_missing)
        _check(rules, current.environments, chosen)
        if sort_environments:
            chosen = _sorted(rules, chosen)
        current.environments = chosen
    return current.shown()


def _wanted(environments: Any) -> dict[str, bool]:
    if isinstance(environments, list):
        environments = dict.fromkeys(map(str, environments), True)
    if not isinstance(environments, dict) or not all(
        isinstance(wanted, bool) for wanted in environments.values()
    ):
        raise errors.InvalidInput(
            "environments must be a mapping of files' paths to true or "
            "false, or a list of those to be put in force. Pass for example "
            '{"environments/network-isolation.yaml": true}.'
        )
    return environments


def _chosen(
    entries: list[dict[str, Any]], wanted: dict[str, bool], purge: bool
) -> list[dict[str, Any]]:
    kept = [
        entry
        for entry in entries
        if "path" not in entry or wanted.get(entry["path"], not purge)
    ]
    there = {entry.get("path") for entry in kept}
    return kept + [
        {"path": path}
        for path, chosen in wanted.items()
        if chosen and path not in there
    ]


def _check(
    rules: CapabilitiesMap,
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
) -> None:
    """Refuse what breaks a rule; what was broken before may stay so."""
    known = rules.violations(_paths_of(before))
    new = [
        each
        for each in rules.violations(_paths_of(after))
        if each not in known
    ]
    if new:
        raise errors.InvalidInput(
            f"These environments do not go together: {'; '.join(new)}. The "
            "plan's capabilities map says so. Name each file that is to be "
            "put in force or out of it in one call; nothing was changed."
        )


def _sorted(
    rules: CapabilitiesMap, entries: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What others require before them; else the order stays."""
    by_path = {each["path"]: each for each in entries if "path" in each}
    placed: dict[int, dict[str, Any]] = {}
    under_way: set[str] = set()

    def place(entry: dict[str, Any]) -> None:
        path = entry.get("path")
        # Files that require each other have no order: the first is first.
        if id(entry) in placed or path in under_way:
            return
        if path is not None:
            under_way.add(path)
            for needed in rules.required_by(path):
                if needed in by_path:
                    place(by_path[needed])
        placed[id(entry)] = entry

    for entry in entries:
        place(entry)
    return list(placed.values())


def _paths(state: State) -> list[str]:
    return _paths_of(state.environments)


def _paths_of(entries: Iterable[dict[str, Any]]) -> list[str]:
    return [entry["path"] for entry in entries if "path" in entry]


def _environments(files: Files) -> list[str]:
    """The environment files that a plan has, or will have when rendered."""
    paths = {
        path.removesuffix(".j2.yaml") + ".yaml"
        if path.endswith(".j2.yaml")
        else path
        for path in files.stored
        if not path.endswith(_RENDERED_ONCE_EACH)
    }
    return sorted(path for path in paths if _ENVIRONMENT.fullmatch(path))


def _group(path: str, enabled: bool) -> dict[str, Any]:
    """The group of an environment that no map describes."""
    return {
        "title": path,
        "description": None,
        "environments": [
            {
                "file": path,
                "title": path,
                "description": f"Enable {path} environment",
                "enabled": enabled,
            }
        ],
    }
