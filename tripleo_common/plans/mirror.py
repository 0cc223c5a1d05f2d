"""The mirror of a plan's state: ``plan-environment.yaml`` in its container.

Clients of Pike and later read and write that file, those before know the
Mistral environment only. So each change of the state writes the file, too;
and a file that somebody else wrote since is taken into the state before
anything else is done with the plan.

The file's keys are those of tripleo-heat-templates' ``plan-environment.yaml``
and of the clients: ``version``, ``name``, ``template``, ``environments``,
``parameter_defaults``, ``passwords``. Others that stand in it stay.

What both sides said when they last agreed is kept as digests by key. So it is
known who changed what. A key is ``template``, ``environments``,
``parameter_defaults.<name>`` or ``passwords.<name>``; each counts as a whole.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import yaml

from tripleo_common import constants, errors
from tripleo_common.plans import yaml_text
from tripleo_common.plans.container import md5
from tripleo_common.plans.state import State

_PATH = constants.PLAN_ENVIRONMENT_FILE
_VERSION = 1.0
#: What the state knows of the file, and the file's form.
_KINDS: dict[str, tuple[type, str]] = {
    "template": (str, "a text"),
    "environments": (list, "a list"),
    "parameter_defaults": (dict, "a mapping"),
    "passwords": (dict, "a mapping"),
}
_BY_NAME = ("parameter_defaults", "passwords")
_HEADER = ("version", "name")
_ABSENT = ""


def document(plan: str, state: State) -> bytes:
    """The file that says what the state says.

    :param plan: the plan's name.
    """
    told = {key: getattr(state, key) for key in _KINDS}
    return dump(plan, {**told, **beside(state)})


def dump(plan: str, told: Mapping[str, Any]) -> bytes:
    """A plan environment.

    :param plan: the plan's name.
    :param told: what it says besides.
    """
    text: str = yaml.dump(
        {
            "version": _VERSION,
            "name": plan,
            **{k: v for k, v in told.items() if k not in _HEADER},
        },
        Dumper=_Dumper,
        default_flow_style=False,
        sort_keys=False,
        allow_unicode=True,
    )
    return text.encode()


def agree(state: State, content: bytes) -> None:
    """Note in the state that the file with this content says the same."""
    state.mirror = {
        "md5": md5(content),
        "keys": {key: _digest(value) for key, value in _keys(state).items()},
        "rest": beside(state),
    }


def agreed_md5(state: State) -> str | None:
    """The MD5 of the file that said the same; None: none did yet."""
    md5_of_file: str | None = (state.mirror or {}).get("md5")
    return md5_of_file


def take(plan: str, state: State, content: bytes) -> State:
    """The state with what somebody else wrote to the file.

    What only one side changed since both agreed is taken. If they never did,
    the state counts, and what only the file has is added. What the file
    does not speak of at all stays. Passwords stay where the file drops
    them: the cloud knows them.

    :param content: the file's.
    :raises InvalidFile: the file does not parse, or has another form.
    :raises StateConflict: both sides changed the same key.
    """
    told = read(content)
    ours, theirs = _keys(state), _keys_of(told)
    merged: dict[str, Any] = {}
    conflicts = []
    for key in dict.fromkeys([*ours, *theirs]):
        mine, other = ours.get(key), theirs.get(key)
        if other is None and _says_nothing_of(told, key):
            other = mine
        changed_by = _changed_by(state, key, mine, other)
        if len(changed_by) == 2:
            conflicts.append(key)
        chosen = other if changed_by == {"file"} else mine
        if chosen is not None:
            merged[key] = chosen
    if conflicts:
        raise errors.StateConflict(plan, _PATH, sorted(conflicts))
    agreed = {**(state.mirror or {}), "rest": rest(told)}
    return _with(state, merged, agreed)


def rest(told: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the file that the state does not know."""
    return {
        key: value
        for key, value in told.items()
        if key not in _KINDS and key not in _HEADER
    }


class _Dumper(yaml.CSafeDumper):
    """Writes each value where it stands, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def read(content: bytes) -> dict[str, Any]:
    """What a plan environment says.

    :raises InvalidFile: it does not parse, or has another form.
    """
    told = yaml_text.load_mapping(content, _PATH)
    try:
        # As the environment holds it, where mappings' keys are texts.
        told = json.loads(json.dumps(told))
    except (TypeError, ValueError) as error:
        raise errors.InvalidFile(
            _PATH, f"it holds what JSON cannot: {error}"
        ) from error
    told = {
        key: value
        for key, value in told.items()
        if value is not None or key not in _KINDS
    }
    wrong = wrong_form(told)
    if wrong:
        raise errors.InvalidFile(_PATH, wrong)
    return dict(told)


def wrong_form(told: Mapping[str, Any]) -> str:
    """What is not of the form that a plan environment has; empty: nothing.

    :returns: a sentence without its full stop.
    """
    for key, (kind, name) in _KINDS.items():
        if key in told and not isinstance(told[key], kind):
            found = type(told[key]).__name__
            return f"{key} must be {name}, not {found}"
    for entry in told.get("environments", []):
        if not isinstance(entry, dict) or not {"path", "data"} & set(entry):
            return (
                "each of environments must be {path: <file>} or "
                "{data: <environment>}"
            )
    return ""


def _keys(state: State) -> dict[str, Any]:
    return _keys_of({key: getattr(state, key) for key in _KINDS})


def _keys_of(told: Mapping[str, Any]) -> dict[str, Any]:
    keys = {}
    for section in _KINDS:
        if section not in told:
            continue
        if section in _BY_NAME:
            for name, value in told[section].items():
                keys[f"{section}.{name}"] = (value,)
        else:
            keys[section] = (told[section],)
    return keys


def _changed_by(state: State, key: str, mine: Any, other: Any) -> set[str]:
    """Which sides changed a key, where they differ in it."""
    if _digest(mine) == _digest(other):
        return set()
    if state.mirror is None:
        return {"file"} if mine is None else {"state"}
    before = state.mirror.get("keys", {}).get(key, _ABSENT)
    sides = {"state": mine, "file": other}
    return {side for side, value in sides.items() if _digest(value) != before}


def _says_nothing_of(told: Mapping[str, Any], key: str) -> bool:
    section = key.partition(".")[0]
    return section == "passwords" or section not in told


def _with(
    state: State, keys: Mapping[str, Any], mirror: dict[str, Any]
) -> State:
    sections: dict[str, Any] = {name: {} for name in _BY_NAME}
    for key, (value,) in keys.items():
        section, _, name = key.partition(".")
        if name:
            sections[section][name] = value
        else:
            sections[section] = value
    return dataclasses.replace(state, **sections, mirror=mirror)


def beside(state: State) -> dict[str, Any]:
    """What the file says besides what the state knows."""
    return dict((state.mirror or {}).get("rest", {}))


def _digest(value: Any) -> str:
    if value is None:
        return _ABSENT
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
