"""A plan's parameters: what operators set, and what the templates take."""

from __future__ import annotations

from typing import Any

from tripleo_common import clients, errors
from tripleo_common.plans import passwords
from tripleo_common.plans.store import Plan

#: What a plan cannot do without; the rest of its state may be dropped.
_NEEDED = ("template", "environments", "capabilities")


def update(plan: Plan, parameters: Any) -> dict[str, Any]:
    """Set parameters of a plan over those that are set.

    :param parameters: values by name; each replaces the whole value.
    :returns: the plan's ``name`` and ``variables`` after it, without the
        passwords.
    :raises InvalidInput: *parameters* is not a mapping of names.
    """
    if not isinstance(parameters, dict):
        raise errors.InvalidInput(
            "parameters must be a mapping of parameter names and values, "
            f"not {type(parameters).__name__}. Pass for example "
            '{"ComputeCount": 2}.'
        )
    merged = plan.merge_parameters(parameters)
    return {"name": plan.name, "variables": merged.shown()}


def reset(plan: Plan, key: Any = "parameter_defaults") -> dict[str, Any]:
    """Drop a variable of a plan's state; what it lacks is dropped already.

    :param key: the variable's name.
    :returns: the plan's ``name`` and ``variables`` after it, without the
        passwords.
    :raises InvalidInput: the plan cannot do without that variable.
    """
    if not isinstance(key, str) or key in _NEEDED:
        raise errors.InvalidInput(
            f"key must name a variable of the plan that can be dropped, not "
            f"{key!r:.100}: a plan cannot do without {', '.join(_NEEDED)}. "
            "Leave it out to drop the parameters (parameter_defaults)."
        )
    with plan.changing() as current:
        if key in ("parameter_defaults", "passwords"):
            setattr(current, key, {})
        else:
            current.other.pop(key, None)
    return {"name": plan.name, "variables": current.shown()}


def get(cloud: clients.Cloud, plan: Plan) -> dict[str, Any]:
    """What the plan's templates take, and what operators set of it.

    The templates are rendered in memory; nothing is stored.

    :returns: ``heat_resource_tree`` (Heat's answer to a validation with
        nested stacks: ``Parameters``, ``NestedParameters``, ...; generated
        passwords in it are masked), and what operators set, as
        ``mistral_environment_parameters`` and, as later releases call it,
        ``environment_parameters``.
    :raises InvalidFile: a file of the plan cannot be used.
    """
    current = plan.state()
    tree = validate(cloud, plan)
    return {
        "heat_resource_tree": passwords.masked(tree, current.passwords),
        "mistral_environment_parameters": current.parameter_defaults,
        "environment_parameters": current.parameter_defaults,
    }


def validate(cloud: clients.Cloud, plan: Plan) -> dict[str, Any]:
    """Have Heat validate what a plan would deploy; nothing is stored.

    :returns: Heat's answer, with nested stacks, and with the passwords.
    :raises InvalidFile: a file of the plan cannot be used.
    :raises ServiceError: Heat finds fault with the templates.
    """
    inputs = plan.collect()
    tree: dict[str, Any] = cloud.orchestration.stacks.validate(
        template=inputs.template,
        files=inputs.files,
        environment=inputs.environment,
        show_nested=True,
    )
    return tree
