"""The keys of a plan's environment, as clients of Pike and later know them.

``template``, ``environments``, ``parameter_defaults`` and ``passwords`` are
the plan's own state. Any other key, such as ``derived_parameters``, stands
beside them in the file plan-environment.yaml or, where somebody put it there,
in the plan's Mistral environment.
"""

from __future__ import annotations

from typing import Any

from tripleo_common import constants, errors
from tripleo_common.plans import mirror
from tripleo_common.plans.state import State
from tripleo_common.plans.store import Plan

PARAMETERS = "parameter_defaults"
_STATE = ("template", "environments", PARAMETERS, "passwords")
#: What follows from the plan itself.
FIXED = ("version", "name", "mirror", "history", "capabilities")
#: What a plan cannot do without.
_NEEDED = ("template", "environments", *FIXED)


def update(
    plan: Plan,
    key: str,
    parameter: str | None = None,
    value: Any = None,
    delete: bool = False,
) -> None:
    """Set or drop a key of the plan's environment, or one name below it.

    :param parameter: the name below *key*; None: the whole key.
    :param value: what it becomes.
    :param delete: drop it.
    :raises InvalidInput: there is no such key or name to be dropped, or the
        plan environment would not be of its form.
    """
    with plan.changing() as current:
        if parameter is None and delete:
            drop(current, key)
        elif parameter is None:
            put(current, key, value)
        elif delete:
            _drop_name(current, key, parameter)
        else:
            merge(current, key, {parameter: value})


def get(current: State, key: str) -> Any:
    """What stands under a key; None: nothing."""
    if key in _STATE:
        return getattr(current, key)
    if key in current.other:
        return current.other[key]
    return _rest(current).get(key)


def put(current: State, key: str, value: Any) -> None:
    """Replace what stands under a key.

    :raises InvalidInput: it must be of another form, or cannot be set.
    """
    if key in FIXED or not key:
        raise errors.InvalidInput(
            f"The key {key!r:.100} cannot be set: it follows from the plan "
            "itself. Set another one."
        )
    wrong = mirror.wrong_form({key: value})
    if wrong:
        raise errors.InvalidInput(f"{wrong}. Correct it and try again.")
    if key in _STATE:
        setattr(current, key, value)
    elif key in current.other:
        current.other[key] = value
    else:
        rest = {**_rest(current), key: value}
        current.mirror = {**(current.mirror or {}), "rest": rest}


def merge(current: State, key: str, values: dict[str, Any]) -> None:
    """Set names below a key; the other names stay.

    :raises InvalidInput: what stands there is no mapping.
    """
    there = get(current, key)
    if there is not None and not isinstance(there, dict):
        raise errors.InvalidInput(
            f"The key {key} of the plan environment holds no mapping, so "
            "nothing can be merged into it. Replace it as a whole with "
            "tripleo.plan.update_plan_environment."
        )
    put(current, key, {**(there or {}), **values})


def drop(current: State, key: str) -> None:
    """Drop a key; what is not there is dropped already.

    :raises InvalidInput: the plan cannot do without it.
    """
    if key in _NEEDED:
        raise errors.InvalidInput(
            f"key must name a variable of the plan that can be dropped, not "
            f"{key!r:.100}: a plan cannot do without {', '.join(_NEEDED)}. "
            f"Leave it out to drop the parameters ({PARAMETERS})."
        )
    if key in _STATE:
        setattr(current, key, {})
    current.other.pop(key, None)
    if key in _rest(current):
        rest = {k: v for k, v in _rest(current).items() if k != key}
        current.mirror = {**(current.mirror or {}), "rest": rest}


def _drop_name(current: State, key: str, name: str) -> None:
    there = get(current, key)
    if not isinstance(there, dict) or name not in there:
        raise errors.InvalidInput(
            f"The plan environment ({constants.PLAN_ENVIRONMENT_FILE}) has "
            f"no {name!r:.100} below {key!r:.100}, so it cannot be dropped. "
            "Look for the right name there."
        )
    put(current, key, {k: v for k, v in there.items() if k != name})


def _rest(current: State) -> dict[str, Any]:
    rest: dict[str, Any] = (current.mirror or {}).get("rest", {})
    return rest
