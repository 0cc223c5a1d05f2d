"""Which of a plan's environment files are in force."""

from __future__ import annotations

from typing import Any

from tripleo_common import errors
from tripleo_common.plans.store import Plan


def select(plan: Plan, environments: Any) -> dict[str, Any]:
    """Put environment files in force, behind those that are, or out of it.

    :param environments: ``{path: True | False}``; what is not named stays.
    :returns: the plan's variables after it, without the passwords.
    :raises InvalidInput: *environments* is not such a mapping.
    :raises FileMissing: a file to be put in force is not in the plan.
    """
    if not isinstance(environments, dict) or not all(
        isinstance(wanted, bool) for wanted in environments.values()
    ):
        raise errors.InvalidInput(
            "environments must be a mapping of files' paths to true or false. "
            'Pass for example {"environments/network-isolation.yaml": true}.'
        )
    plan.check_files(
        [path for path, wanted in environments.items() if wanted],
        "its list of environments",
    )
    with plan.changing() as current:
        kept = [
            entry
            for entry in current.environments
            if environments.get(entry.get("path", ""), True)
        ]
        there = {entry.get("path") for entry in kept}
        current.environments = kept + [
            {"path": path}
            for path, wanted in environments.items()
            if wanted and path not in there
        ]
    return current.shown()
