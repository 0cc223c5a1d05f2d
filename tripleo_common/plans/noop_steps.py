"""Let a plan configure its nodes again, after a preparation of an upgrade.

``openstack overcloud upgrade prepare`` and its kind deploy with environments
that put ``OS::Heat::None`` in the place of the steps that configure nodes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from tripleo_common.plans import yaml_text
from tripleo_common.plans.files import Files
from tripleo_common.plans.state import State
from tripleo_common.plans.store import Plan

_NONE = "OS::Heat::None"
_STEP = re.compile(
    r"OS::TripleO::(DeploymentSteps|(Tasks::)?[^:]+(Pre|Post)Config)"
)
_REGISTRY = "resource_registry"
_USERS_OWN = "user-environment.yaml"


def remove(plan: Plan) -> None:
    """Drop what replaces deployment steps by nothing.

    Looks at what the plan itself says, and at the user's own environment
    files that are in force; those of the templates stay as they are.

    :raises InvalidFile: such a file does not parse.
    """
    with plan.changing() as current:
        files = plan.files()
        changed = {}
        for path in _users_own(current, files):
            environment = yaml_text.load_mapping(
                files.read(path, "the plan"), path
            )
            if _drop(environment):
                changed[path] = yaml.safe_dump(
                    environment, default_flow_style=False
                ).encode()
        plan.upload(changed)
        for environment in _own(current):
            _drop(environment)


def _users_own(current: State, files: Files) -> list[str]:
    paths = [entry.get("path", "") for entry in current.environments]
    return [
        path for path in paths if path.endswith(_USERS_OWN) and path in files
    ]


def _own(current: State) -> Iterator[dict[str, Any]]:
    """What the state holds that has a resource registry."""
    yield current.other
    yield (current.mirror or {}).get("rest", {})
    for entry in current.environments:
        yield entry.get("data") or {}


def _drop(environment: dict[str, Any]) -> bool:
    """Drop such entries; whether there were any."""
    registry = environment.get(_REGISTRY)
    if not isinstance(registry, dict):
        return False
    steps = [
        name
        for name, target in registry.items()
        if target == _NONE and _STEP.fullmatch(str(name))
    ]
    for name in steps:
        del registry[name]
    return bool(steps)
