"""The network configuration that a role's nodes would get.

It is in none of the templates as such: Heat puts it together. So Heat previews
the stack that a plan would be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.plans import masked_errors
from tripleo_common.plans.store import Plan

_RESOURCE = "OsNetConfigImpl"
_KEY = "network_config"


def get(cloud: clients.Cloud, plan: Plan, role: str) -> dict[str, Any]:
    """What os-net-config would be given on a role's nodes.

    :returns: ``{"network_config": [...]}``.
    :raises NotFound: the plan's templates do not tell.
    :raises ServiceError: Heat finds fault with the templates.
    """
    current = plan.state()
    inputs = plan.collect(current)
    # As a stack of the plan's own name may stand.
    name = f"{plan.name}-TEMP"
    with masked_errors.of_plan(current):
        preview = cloud.orchestration.stacks.preview(
            stack_name=name,
            template=inputs.template,
            files=inputs.files,
            environment=inputs.environment,
        )
    for resource in _resources(preview.resources):
        stack = str(resource.get("stack_name"))
        if resource.get("resource_name") == _RESOURCE and stack.startswith(
            f"{name}-{role}-"
        ):
            config = _config(resource.get("properties") or {})
            if config is not None:
                return config
    raise errors.NotFound(
        f"The templates of plan {plan.name} tell no network configuration of "
        f"the role {role}: no resource {_RESOURCE} that belongs to it holds "
        f"one. Look for the role's name in roles_data.yaml (tripleo.role.list "
        "tells it). Templates since Victoria have the nodes configured by "
        "Ansible instead, from the files that <role>NetworkConfigTemplate "
        "names."
    )


def _resources(nested: Any) -> Iterator[dict[str, Any]]:
    """Each resource of a preview, where a nested stack is a list."""
    if isinstance(nested, dict):
        yield nested
    elif isinstance(nested, list):
        for each in nested:
            yield from _resources(each)


def _config(properties: dict[str, Any]) -> dict[str, Any] | None:
    """The configuration, as a value or as JSON within a script."""
    config = properties.get("config")
    if isinstance(config, dict) and _KEY in config:
        return {_KEY: config[_KEY]}
    text = str(config)
    start = text.find("{", max(text.rfind("{", 0, text.find(f'"{_KEY}"')), 0))
    while start >= 0:
        try:
            parsed, _ = json.JSONDecoder().raw_decode(text, start)
        except ValueError:
            parsed = None
        if isinstance(parsed, dict) and _KEY in parsed:
            return {_KEY: parsed[_KEY]}
        start = text.find("{", start + 1)
    return None
