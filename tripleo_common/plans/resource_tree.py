"""The tree of a plan's resources, with the parameters that each takes.

It is Heat's answer to a validation with nested stacks. Heat takes seconds for
the templates of a whole cloud, so its answer is kept beside the copies of the
plan's files, under a digest of all that it was asked with: what changed has
another digest, and nothing is ever invalidated.
"""

from __future__ import annotations

import functools
import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from tripleo_common import clients, conf
from tripleo_common.plans import heat_inputs, masked_errors, passwords
from tripleo_common.plans.files import code_digest
from tripleo_common.plans.state import State
from tripleo_common.plans.store import Plan

Tree = dict[str, Any]

#: What the ids of resources are made in.
_NAMESPACE = uuid.UUID("6f2a1c5e-3b0d-4e77-9a41-5d8c20b7e6f3")
#: The name of the resource that stands for the whole plan.
_ROOT = "Root"


def get(cloud: clients.Cloud, plan: Plan, current: State) -> Tree:
    """Heat's answer for a plan in a given state; nothing is stored.

    :returns: ``Parameters``, ``NestedParameters``, ...; the passwords that
        were generated are masked.
    :raises InvalidFile: a file of the plan cannot be used.
    :raises ServiceError: Heat finds fault with the templates.
    """
    inputs = plan.collect(current)
    cache = plan.container.cache
    label = f"tree {_code()} {_digest(inputs, current)}"
    known = None if cache is None else cache.get(label)
    if known is not None:
        tree: Tree = json.loads(known)
        return tree
    tree = passwords.masked(
        validate(cloud, inputs, current), current.passwords
    )
    if cache is not None:
        cache.put(label, json.dumps(tree).encode())
    return tree


def validate(
    cloud: clients.Cloud, inputs: heat_inputs.HeatInputs, current: State
) -> Tree:
    """Have Heat validate, whatever it answered before.

    :returns: its answer, with the passwords.
    :raises ServiceError: Heat finds fault with the templates.
    """
    with masked_errors.of_plan(current):
        tree: Tree = cloud.orchestration.stacks.validate(
            template=inputs.template,
            files=inputs.files,
            environment=inputs.environment,
            show_nested=True,
        )
    return tree


def seconds() -> float:
    """How long Heat may take to validate."""
    return float(conf.options().heat_timeout)


def walk(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The tree itself, and every resource in it, those above first."""
    level = [tree]
    while level:
        yield from level
        level = [
            nested
            for each in level
            for nested in (each.get("NestedParameters") or {}).values()
        ]


def flatten(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The tree as two mappings that refer to one another.

    :returns: ``resources``, by ids that follow from where a resource stands
        (so they are the same in the next answer), each with ``id``, ``name``,
        ``parameters`` (names) and, where it has these, ``type``,
        ``description``, ``parameter_groups`` and ``resources`` (ids); the one
        that is named Root is the plan. And ``parameters`` by name, with
        Heat's keys, their first letters lower; the definition nearest to the
        root counts.
    """
    resources: dict[str, Any] = {}
    _add(resources, (), tree)
    parameters: dict[str, Any] = {}
    for each in walk(tree):
        for name, definition in (each.get("Parameters") or {}).items():
            if name not in parameters:
                parameters[name] = {"name": name, **_lowered(definition)}
    return {"resources": resources, "parameters": parameters}


def _add(
    resources: dict[str, Any], path: tuple[str, ...], node: Mapping[str, Any]
) -> str:
    identity = _id(path)
    nested = node.get("NestedParameters") or {}
    found = {
        "id": identity,
        "name": path[-1] if path else _ROOT,
        "type": node.get("Type"),
        "description": node.get("Description"),
        "parameter_groups": node.get("ParameterGroups"),
    }
    resources[identity] = {
        **{key: value for key, value in found.items() if value},
        "parameters": list(node.get("Parameters") or {}),
    }
    if nested:
        resources[identity]["resources"] = [
            _add(resources, (*path, name), each)
            for name, each in nested.items()
        ]
    return identity


def _id(path: tuple[str, ...]) -> str:
    return str(uuid.uuid5(_NAMESPACE, json.dumps(path)))


def _lowered(definition: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key[:1].lower() + key[1:]: value for key, value in definition.items()
    }


def _digest(inputs: heat_inputs.HeatInputs, current: State) -> str:
    asked = [
        inputs.digest,
        inputs.environment,
        current.passwords,  # What is masked in the answer.
    ]
    return hashlib.sha256(
        json.dumps(asked, sort_keys=True).encode()
    ).hexdigest()


@functools.cache
def _code() -> str:
    return code_digest(__file__, passwords.__file__)
