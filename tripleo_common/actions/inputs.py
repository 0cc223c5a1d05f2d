"""Check an action's inputs against the annotations of its ``__init__``.

Mistral passes on whatever JSON its caller sent. An input of another kind than
its annotation says is refused here, in one place, before any work is done.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Callable
from typing import Any

from tripleo_common import errors

_KINDS: dict[Any, str] = {
    type(None): "null",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a mapping",
}
_UNIONS = (types.UnionType, typing.Union)


def check(action: Any) -> None:
    """Make sure that each input of an action is of the kind it must be.

    Inputs without an annotation are not looked at, so other people's actions
    need not have any. The values are not told: they can be secrets.

    :param action: it keeps its inputs as attributes of the same names.
    :raises InvalidInput: tells which input, what it is, and what it must be.
    """
    for name, hint in _hints(type(action).__init__).items():
        if name not in vars(action):
            continue
        wrong = _wrong(vars(action)[name], hint, name)
        if wrong:
            raise errors.InvalidInput(f"{wrong} Correct it and try again.")


@functools.cache
def _hints(init: Callable[..., Any]) -> dict[str, Any]:
    try:
        hints = typing.get_type_hints(init)
    except NameError:
        # Of other people's actions, that import names for type checkers only.
        return {}
    hints.pop("return", None)
    return hints


def _wrong(value: Any, hint: Any, where: str) -> str:
    """What is wrong with *value*, a sentence; empty: nothing is."""
    if not _is_a(value, hint):
        found = _KINDS.get(type(value), type(value).__name__)
        return f"The input {where} must be {_named(hint)}, not {found}."
    for hint_of_items, key, item in _items(value, hint):
        wrong = _wrong(item, hint_of_items, f"{where}[{key!r:.100}]")
        if wrong:
            return wrong
    return ""


def _is_a(value: Any, hint: Any) -> bool:
    """Whether *value* is of the outer kind that *hint* names."""
    if typing.get_origin(hint) in _UNIONS:
        return any(_is_a(value, each) for each in typing.get_args(hint))
    kind = _kind(hint)
    if kind not in _KINDS:
        return True
    if isinstance(value, bool):
        # It is an int to Python, but not to people.
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def _items(value: Any, hint: Any) -> list[tuple[Any, Any, Any]]:
    """The items of a mapping or a list: (what they must be, where, what)."""
    if typing.get_origin(hint) in _UNIONS:
        return [
            item
            for each in typing.get_args(hint)
            if _is_a(value, each)
            for item in _items(value, each)
        ]
    arguments = typing.get_args(hint)
    if not arguments or arguments[-1] is Any:
        return []
    if isinstance(value, dict):
        return [(arguments[-1], key, item) for key, item in value.items()]
    if isinstance(value, list):
        return [(arguments[-1], key, item) for key, item in enumerate(value)]
    return []


def _kind(hint: Any) -> Any:
    return typing.get_origin(hint) or hint


def _named(hint: Any) -> str:
    if typing.get_origin(hint) in _UNIONS:
        return " or ".join(_named(each) for each in typing.get_args(hint))
    return _KINDS.get(_kind(hint), "something else")
