"""What roles and networks have in common: lists of entries with names."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from tripleo_common import errors

Entry = dict[str, Any]


def check(entries: Iterable[Any], kind: str) -> None:
    """Make sure that entries are what templates can use.

    :param kind: ``role`` or ``network``.
    :raises InvalidInput: tells each entry and each key that is wrong.
    """
    entries = list(entries)
    wrong = [
        f"{_named(entry, kind, number)}: {cause}"
        for number, entry in enumerate(entries, 1)
        for cause in _causes(entry, kind)
    ]
    if not wrong:
        names = Counter(entry["name"] for entry in entries)
        wrong = [
            f"there are {times} {kind}s {name}"
            for name, times in names.items()
            if times > 1
        ]
    if wrong:
        raise errors.InvalidInput(
            f"These {kind}s cannot be used: {'; '.join(wrong)}. Correct them "
            "and try again."
        )


def merged(
    current: Sequence[Entry], new: Sequence[Entry], replace_all: bool
) -> list[Entry]:
    """Entries with others in the place of those of the same names.

    :param replace_all: whether those of other names go.
    :returns: in their order, with what is new at the end.
    """
    by_name = {} if replace_all else {each["name"]: each for each in current}
    return list((by_name | {each["name"]: each for each in new}).values())


def dump(entries: Sequence[Entry]) -> str:
    """The text of a file with these entries."""
    text: str = yaml.safe_dump(
        list(entries),
        default_flow_style=False,
        sort_keys=False,
        allow_unicode=True,
    )
    return text


def _named(entry: Any, kind: str, number: int) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    if isinstance(name, str) and name:
        return f"{kind} {name:.80}"
    return f"{kind} {number}"


def _causes(entry: Any, kind: str) -> list[str]:
    return sorted(
        ".".join([*map(str, error.absolute_path), ""]).rstrip(".")
        + (": " if error.absolute_path else "")
        + f"{error.message:.200}"
        for error in _validator(kind).iter_errors(entry)
    )


@functools.cache
def _validator(kind: str) -> Any:
    path = Path(__file__).with_name(f"{kind}_schema.yaml")
    return jsonschema.Draft202012Validator(yaml.safe_load(path.read_text()))
