"""YAML as Heat reads it, with errors that name file and line."""

from __future__ import annotations

from typing import Any, TypeVar

import yaml

from tripleo_common import errors
from tripleo_common.plans import yaml_events

_T = TypeVar("_T")


class _Loader(yaml.CSafeLoader):
    """libyaml's safe loader; dates stay text, as JSON has none."""


def _as_text(loader: _Loader, node: yaml.ScalarNode) -> Any:
    return loader.construct_scalar(node)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)


def load(text: str | bytes, path: str) -> Any:
    """Parse a file of a plan.

    :param path: the file's path, for the error.
    :raises InvalidFile: it is not YAML.
    """
    try:
        return yaml_events.build(text, _Loader)
    except (yaml_events.NotKnown, yaml.YAMLError, ValueError, RecursionError):
        return _load(text, path)


def _load(text: str | bytes, path: str) -> Any:
    """Parse in PyYAML's own way, which also tells what is wrong."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        cause = " ".join(
            part for part in (error.context, error.problem) if part
        )
        raise errors.InvalidFile(
            path, f"not valid YAML: {cause}", mark.line + 1 if mark else None
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        cause = " ".join(str(error).split())
        raise errors.InvalidFile(path, f"not valid YAML: {cause}") from error


def load_mapping(text: str | bytes, path: str) -> dict[str, Any]:
    """Parse a file that must hold a mapping; an empty one is ``{}``."""
    return _of_type(load(text, path), path, dict, "a mapping")


def load_list(text: str | bytes, path: str) -> list[Any]:
    """Parse a file that must hold a list; an empty one is ``[]``."""
    return _of_type(load(text, path), path, list, "a list")


def _of_type(value: Any, path: str, kind: type[_T], name: str) -> _T:
    if value is None:
        return kind()
    if not isinstance(value, kind):
        raise errors.InvalidFile(
            path,
            f"{name} is wanted at the top, not {type(value).__name__}",
        )
    return value
