"""Whether values are what a plan's templates take, told for all at once.

Heat stops at the first value that it refuses, and lets pass a name that no
template takes. So values are compared with the definitions in Heat's answer to
a validation with nested stacks, by Heat's own rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tripleo_common import masking
from tripleo_common.plans import resource_tree

_LONGEST_VALUE = 100
_TRUTHS = ("t", "true", "on", "y", "yes", "1")
_FALSEHOODS = ("f", "false", "off", "n", "no", "0")


@dataclass(frozen=True)
class Faults:
    """What is wrong with some parameters.

    :ivar wrong: a sentence each, without full stop, with name, value and
        what is asked of it.
    :ivar unknown: names that no template takes.
    """

    wrong: list[str]
    unknown: list[str]


def check(tree: Mapping[str, Any], parameters: Mapping[str, Any]) -> Faults:
    """Compare values with what a plan's templates take.

    :param tree: Heat's answer for the plan.
    :param parameters: values by name; null is no value, which always fits.
    """
    definitions = _definitions(tree)
    return Faults(
        wrong=[
            f"{name} is {_shown(name, value, of_name)}: it must be {wanted}"
            for name, value in parameters.items()
            for of_name in [definitions.get(name, [])]
            for wanted in _unmet(value, of_name)
        ],
        unknown=[name for name in parameters if name not in definitions],
    )


def _definitions(
    tree: Mapping[str, Any],
) -> dict[str, list[Mapping[str, Any]]]:
    """Each parameter's definitions, which differ from template to template.

    One whose value comes from the template around it is of no concern for
    what operators set.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for node in resource_tree.walk(tree):
        for name, definition in (node.get("Parameters") or {}).items():
            of_name = found.setdefault(name, [])
            if "Value" not in definition:
                of_name.append(definition)
    return found


def _unmet(value: Any, definitions: list[Mapping[str, Any]]) -> list[str]:
    """What the value should be and is not, none told twice."""
    if value is None:
        return []
    unmet = [
        wanted
        for definition in definitions
        for wanted in _unmet_of_one(value, definition)
    ]
    return list(dict.fromkeys(unmet))


def _unmet_of_one(value: Any, definition: Mapping[str, Any]) -> list[str]:
    named, convert = _TYPES.get(str(definition.get("Type")), _ANYTHING)
    try:
        converted = convert(value)
    except (TypeError, ValueError):
        return [named]
    return list(_violated(converted, definition))


def _violated(value: Any, definition: Mapping[str, Any]) -> Iterator[str]:
    note = definition.get("ConstraintDescription")
    because = f" ({str(note).rstrip('. ')})" if note else ""
    for keys, named, holds in _CONSTRAINTS:
        limits = [definition.get(key) for key in keys]
        if any(limit is not None for limit in limits) and not holds(
            value, *limits
        ):
            yield named(*limits) + because


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError
    return value if isinstance(value, int | float) else float(value)


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        raise TypeError
    return str(value)


def _list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, str):
        raise TypeError
    return [item.strip() for item in value.split(",")] if value else []


def _json(value: Any) -> Any:
    if isinstance(value, str):
        value = json.loads(value) if value else {}
    if not isinstance(value, dict | list):
        raise TypeError
    return value


def _boolean(value: Any) -> bool:
    text = str(value).strip().lower()
    if text not in _TRUTHS + _FALSEHOODS:
        raise ValueError
    return text in _TRUTHS


def _anything(value: Any) -> Any:
    return value


_Type = tuple[str, Callable[[Any], Any]]

_ANYTHING: _Type = ("anything", _anything)
#: By Heat's name of a type: what it is to people, and how it is read.
_TYPES: dict[str, _Type] = {
    "Number": ("a number", _number),
    "String": ("a text", _text),
    "CommaDelimitedList": ("a list, or a text with commas", _list),
    "Json": ("a mapping or a list, or one as JSON", _json),
    "Boolean": ("true or false", _boolean),
}


def _within(value: Any, low: Any, high: Any) -> bool:
    return (low is None or value >= float(low)) and (
        high is None or value <= float(high)
    )


def _bounds(low: Any, high: Any) -> str:
    if high is None:
        return f"at least {low}"
    return f"at most {high}" if low is None else f"from {low} to {high}"


def _is_allowed(value: Any, allowed: Any) -> bool:
    """As Heat does: of a list each item; 1 and "1" are the same."""
    texts = {str(each) for each in allowed}
    if isinstance(value, list):
        return all(str(item) in texts for item in value)
    if isinstance(value, bool):
        return any(_boolean(each) is value for each in allowed)
    return str(value) in texts or value in allowed


def _matches(value: Any, pattern: Any) -> bool:
    try:
        return re.fullmatch(pattern, str(value)) is not None
    except re.error:
        return True  # It is the template's mistake, which Heat tells.


def _is_step(value: Any, step: Any, offset: Any) -> bool:
    return bool((value - float(offset or 0)) % float(step or 1) == 0)


_Constraint = tuple[tuple[str, ...], Callable[..., str], Callable[..., bool]]

#: Heat's keys, what they ask for to people, and whether a value fulfils it.
_CONSTRAINTS: list[_Constraint] = [
    (("MinValue", "MaxValue"), _bounds, _within),
    (
        ("MinLength", "MaxLength"),
        lambda low, high: f"{_bounds(low, high)} long",
        lambda value, low, high: _within(len(value), low, high),
    ),
    (
        ("AllowedValues",),
        lambda allowed: f"one of {', '.join(map(str, allowed))}",
        _is_allowed,
    ),
    (
        ("AllowedPattern",),
        lambda pattern: f"of the pattern {pattern}",
        _matches,
    ),
    (
        ("Step", "Offset"),
        lambda step, offset: f"{offset or 0} and a multiple of {step}",
        _is_step,
    ),
]


def _shown(name: str, value: Any, definitions: list[Mapping[str, Any]]) -> str:
    """The value, unless it is a secret."""
    hidden = any(str(each.get("NoEcho")) == "true" for each in definitions)
    if hidden or masking.is_secret(name):
        return masking.MASK
    text = json.dumps(masking.masked(value), ensure_ascii=False)
    if len(text) <= _LONGEST_VALUE:
        return text
    return f"{text[:_LONGEST_VALUE]} ..."
