"""What workflows call: actions of ours, Mistral's own, other workflows."""

from __future__ import annotations

import functools
import importlib.metadata
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

#: Mistral's own actions and mistral-extra's, as far as ours may call them:
#: inputs by name; one with a default ends in ``=``.
BUILTIN = Path(__file__).with_name("builtin_actions.yaml")
_ACTIONS_GROUP = "mistral.actions"
_PREFIX = "tripleo."
#: What the docstring of an action says that may be run again.
_HARMLESS = ":repeated: harmless"


@dataclass(frozen=True)
class Inputs:
    """What an action or a workflow takes.

    :ivar names: all inputs.
    :ivar required: those without a default.
    :ivar any_other: whether it takes all other names, too.
    :ivar repeatable: whether running it once more does no harm.
    """

    names: frozenset[str]
    required: frozenset[str]
    any_other: bool = False
    repeatable: bool = False


@functools.cache
def actions() -> dict[str, Inputs]:
    """Ours, from the entry points, and Mistral's own, as far as known."""
    return _builtin() | {
        entry.name: _of_class(entry.load())
        for entry in importlib.metadata.entry_points(group=_ACTIONS_GROUP)
        if entry.name.startswith(_PREFIX)
    }


def _builtin() -> dict[str, Inputs]:
    # Not asked of Mistral, so that workbooks can be checked without it.
    told = yaml.safe_load(BUILTIN.read_text(encoding="utf-8"))
    return {name: _of_texts(inputs or []) for name, inputs in told.items()}


def _of_texts(inputs: list[str]) -> Inputs:
    """Of names that end in ``=`` where there is a default."""
    named = [each for each in inputs if not each.startswith("**")]
    return Inputs(
        frozenset(each.removesuffix("=") for each in named),
        frozenset(each for each in named if not each.endswith("=")),
        any_other=len(named) < len(inputs),
    )


def _of_class(action: type) -> Inputs:
    parameters = inspect.signature(action).parameters
    return Inputs(
        frozenset(parameters),
        frozenset(
            name
            for name, parameter in parameters.items()
            if parameter.default is inspect.Parameter.empty
        ),
        repeatable=_HARMLESS in (action.__doc__ or ""),
    )


def of_workflow(workflow: dict[str, Any]) -> Inputs:
    """What a workflow takes."""
    names, required = set(), set()
    for entry in workflow.get("input", []):
        if isinstance(entry, dict):
            names |= set(entry)
        else:
            names.add(entry)
            required.add(entry)
    return Inputs(frozenset(names), frozenset(required))


def findings(
    task: dict[str, Any], workflows: dict[str, dict[str, Any]]
) -> Iterator[str]:
    """What is wrong with what a task calls, and with what it gives it.

    Mistral accepts actions that do not exist and arguments that they do not
    take, and passes the inputs that a sub-workflow does not declare as its
    parameters.

    :param workflows: all there are, by their full names.
    """
    action = str(task.get("action", ""))
    workflow = str(task.get("workflow", ""))
    if " " in action:
        yield "inline parameters are dropped in silence: use 'input'"
    elif action and action not in actions():
        yield f"there is no action {action}"
    elif action:
        yield from _input_findings(task, action, actions()[action])
        if task.get("safe-rerun") and not actions()[action].repeatable:
            yield f"safe-rerun: {action} says not that this is harmless"
    if workflow.startswith(_PREFIX) and workflow not in workflows:
        yield f"there is no workflow {workflow}"
    elif workflow.startswith(_PREFIX):
        inputs = of_workflow(workflows[workflow])
        yield from _input_findings(task, workflow, inputs)


def _input_findings(
    task: dict[str, Any], called: str, inputs: Inputs
) -> Iterator[str]:
    given = task.get("input", {})
    if not isinstance(given, dict):
        # An expression: what it gives is known when it runs.
        return
    unknown = set() if inputs.any_other else given.keys() - inputs.names
    for name in sorted(unknown):
        yield f"{called} has no input {name}"
    for name in sorted(inputs.required - given.keys()):
        yield f"{called} needs the input {name}"
