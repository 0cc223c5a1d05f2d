"""Rotate the Fernet keys of a plan's Keystone.

The key of index 0 is staged, that of the highest index is the primary one; all
others still read tokens. A rotation makes the staged key the primary one.
"""

from __future__ import annotations

import posixpath
from typing import Any

from tripleo_common import errors
from tripleo_common.plans import passwords
from tripleo_common.plans.store import Plan

_KEYS = "KeystoneFernetKeys"
_MAXIMUM = "KeystoneFernetMaxActiveKeys"
_DEFAULT_MAXIMUM = 5
_LEAST = 3


def rotate(plan: Plan) -> dict[str, dict[str, str]]:
    """Rotate the keys, and purge the oldest beyond the number to be kept.

    They are set where they were: by an operator, or generated.

    :returns: the new keys, by their files' paths.
    :raises NotFound: the plan has no keys.
    :raises Conflict: they are not of the form that they must be.
    """
    with plan.changing() as current:
        known = passwords.in_force(
            current.passwords, current.parameter_defaults
        ).get(_KEYS)
        if not known:
            raise errors.NotFound(
                f"Plan {plan.name} has no {_KEYS} to rotate. Generate them "
                "with tripleo.parameters.generate_passwords."
            )
        maximum = current.parameter_defaults.get(_MAXIMUM, _DEFAULT_MAXIMUM)
        rotated = _rotated(plan.name, known, maximum)
        if _KEYS in current.parameter_defaults:
            current.parameter_defaults[_KEYS] = rotated
        else:
            current.passwords[_KEYS] = rotated
    return rotated


def _rotated(plan: str, known: Any, maximum: Any) -> dict[str, dict[str, str]]:
    try:
        indexes = {int(posixpath.basename(path)): path for path in known}
        staged = indexes[0]
        kept = max(int(maximum), _LEAST)
    except (KeyError, TypeError, ValueError):
        raise errors.Conflict(
            f"The {_KEYS} of plan {plan} cannot be rotated: they must be a "
            "mapping of paths that end in numbers, of which 0 is the staged "
            f"key, and {_MAXIMUM} a whole number. Correct them with "
            "tripleo.parameters.update."
        ) from None
    directory = posixpath.dirname(staged)
    primary = max(indexes) + 1
    keys = {index: known[path] for index, path in indexes.items() if index}
    keys[primary] = known[staged]
    keys[0] = {"content": passwords.fernet_key()}
    too_many = max(len(keys) - kept, 0)
    for oldest in sorted(keys)[1 : 1 + too_many]:
        del keys[oldest]
    return {
        posixpath.join(directory, str(index)): keys[index]
        for index in sorted(keys)
    }
