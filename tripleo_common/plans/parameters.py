"""A plan's parameters: what operators set, and what the templates take."""

from __future__ import annotations

import copy
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.plans import (
    parameter_values,
    plan_environment,
    resource_tree,
)
from tripleo_common.plans.plan_environment import PARAMETERS
from tripleo_common.plans.state import State
from tripleo_common.plans.store import Plan


def update(
    cloud: clients.Cloud,
    plan: Plan,
    parameters: Any,
    key: str = PARAMETERS,
    validate: bool = True,
    known_only: bool = False,
) -> dict[str, Any]:
    """Set parameters of a plan over those that are set.

    :param parameters: values by name; each replaces the whole value.
    :param key: the key of the plan environment that they are set below.
    :param validate: compare the values with what the templates take, and
        have Heat validate the whole, before anything is stored. Parameters
        below other keys are not compared.
    :param known_only: refuse names that no template takes, too.
    :returns: the plan's ``name`` and ``variables`` after it, without the
        passwords; if validated, also ``unknown`` (names that no template
        takes) and all that :func:`get_flatten` tells.
    :raises InvalidInput: *parameters* is not a mapping of names.
    :raises InvalidParameters: tells all that is wrong; nothing is stored.
    :raises ServiceError: Heat finds fault with the rest of the plan.
    """
    if not isinstance(parameters, dict):
        raise errors.InvalidInput(
            "parameters must be a mapping of parameter names and values, "
            f"not {type(parameters).__name__}. Pass for example "
            '{"ComputeCount": 2}.'
        )
    result: dict[str, Any] = {}
    with plan.exclusively() as lease, plan.changing() as current:
        before = copy.deepcopy(current)
        plan_environment.merge(current, key, parameters)
        if validate and key == PARAMETERS:
            lease.check(needed=resource_tree.seconds())
            tree, faults = _checked(cloud, plan, before, current, parameters)
            if faults.wrong or (known_only and faults.unknown):
                raise errors.InvalidParameters(
                    plan.name, faults.wrong, faults.unknown
                )
            result = _flat(tree, current) | {"unknown": faults.unknown}
    return {"name": plan.name, "variables": current.shown(), **result}


def _checked(
    cloud: clients.Cloud,
    plan: Plan,
    before: State,
    after: State,
    parameters: dict[str, Any],
) -> tuple[resource_tree.Tree, parameter_values.Faults]:
    """Heat's answer for the plan after a change, and what is wrong with it.

    Heat tells the first value that it refuses. Then all are compared with
    what the templates took before.
    """
    try:
        tree = resource_tree.get(cloud, plan, after)
    except errors.ServiceError as refusal:
        try:
            tree = resource_tree.get(cloud, plan, before)
        except errors.ServiceError:
            raise refusal from None
        faults = parameter_values.check(tree, parameters)
        if not faults.wrong:
            raise
        return tree, faults
    return tree, parameter_values.check(tree, parameters)


def reset(plan: Plan, key: Any = PARAMETERS) -> dict[str, Any]:
    """Drop a variable of a plan's state; what it lacks is dropped already.

    :param key: the variable's name.
    :returns: the plan's ``name`` and ``variables`` after it, without the
        passwords.
    :raises InvalidInput: the plan cannot do without that variable.
    """
    if not isinstance(key, str):
        raise errors.InvalidInput(
            f"key must be a text, and a plan cannot do without one: not "
            f"{key!r:.100}. Leave it out to drop the parameters."
        )
    with plan.changing() as current:
        plan_environment.drop(current, key)
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
    return {
        "heat_resource_tree": resource_tree.get(cloud, plan, current),
        **_set_by_operators(current),
    }


def get_flatten(cloud: clients.Cloud, plan: Plan) -> dict[str, Any]:
    """The same, with the tree as two mappings.

    :returns: as :func:`get`; ``heat_resource_tree`` as
        :func:`resource_tree.flatten` tells it.
    :raises InvalidFile: a file of the plan cannot be used.
    """
    current = plan.state()
    return _flat(resource_tree.get(cloud, plan, current), current)


def validate(cloud: clients.Cloud, plan: Plan) -> dict[str, Any]:
    """Have Heat validate what a plan would deploy; nothing is stored.

    :returns: Heat's answer, with nested stacks, and with the passwords.
    :raises InvalidFile: a file of the plan cannot be used.
    :raises ServiceError: Heat finds fault with the templates.
    """
    current = plan.state()
    return resource_tree.validate(cloud, plan.collect(current), current)


def _flat(tree: resource_tree.Tree, current: State) -> dict[str, Any]:
    return {
        "heat_resource_tree": resource_tree.flatten(tree),
        **_set_by_operators(current),
    }


def _set_by_operators(current: State) -> dict[str, Any]:
    return {
        "mistral_environment_parameters": current.parameter_defaults,
        "environment_parameters": current.parameter_defaults,
    }
