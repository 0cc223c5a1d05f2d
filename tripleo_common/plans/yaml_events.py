"""Build what YAML says from its events, past nodes and constructors.

PyYAML makes an object of each node, and then goes through all of them in
Python; from libyaml's events the same takes half the time. What plans
do not use (tags, keys that are no scalars, aliases within what they mean) is
left to PyYAML, and so is telling what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from yaml import events

_MERGE = "tag:yaml.org,2002:merge"
_VALUE = "tag:yaml.org,2002:value"


class NotKnown(Exception):
    """A text has something that only PyYAML's own way reads."""


def build(text: str | bytes, loader: type[yaml.CSafeLoader]) -> Any:
    """What *loader* would make of a text.

    :raises NotKnown: the text has more than this knows.
    :raises yaml.YAMLError: it is not YAML.
    """
    reader = loader(text)
    try:
        return _Builder(reader).document()
    finally:
        reader.dispose()


class _Builder:
    """Builds one document of a reader's."""

    def __init__(self, reader: yaml.CSafeLoader) -> None:
        self._reader = reader
        self._events: Iterator[Any] = iter(reader.get_event, None)
        self._anchors: dict[str, Any] = {}

    def document(self) -> Any:
        told = self._events
        next(told)  # the stream's start
        if type(next(told)) is events.StreamEndEvent:
            return None
        built = self._value(next(told))
        next(told)  # the document's end
        if type(next(told)) is not events.StreamEndEvent:
            raise NotKnown
        return built

    def _value(self, event: Any) -> Any:
        """What an event begins; takes the events that belong to it."""
        kind = type(event)
        if kind is events.AliasEvent:
            if event.anchor not in self._anchors:
                raise NotKnown
            return self._anchors[event.anchor]
        if event.tag is not None:
            raise NotKnown
        if kind is events.ScalarEvent:
            built = self._scalar(event)
        elif kind is events.MappingStartEvent:
            built = self._mapping()
        else:
            built = self._sequence()
        if event.anchor is not None:
            if event.anchor in self._anchors:
                raise NotKnown
            self._anchors[event.anchor] = built
        return built

    def _scalar(self, event: Any) -> Any:
        tag = self._tag(event)
        if tag is None:
            return event.value
        if tag in (_MERGE, _VALUE):
            raise NotKnown
        node = yaml.ScalarNode(tag, event.value)
        return self._reader.construct_object(node)

    def _tag(self, event: Any) -> str | None:
        """What a scalar is by its form; None: a text."""
        if event.implicit[0]:
            resolvers = self._reader.yaml_implicit_resolvers
            for tag, pattern in resolvers.get(event.value[:1], ()):
                if pattern.match(event.value):
                    return str(tag)
        return None

    def _mapping(self) -> dict[Any, Any]:
        own: dict[Any, Any] = {}
        merged: dict[Any, Any] | None = None
        for event in self._events:
            kind = type(event)
            if kind is events.MappingEndEvent:
                break
            if kind is not events.ScalarEvent:
                raise NotKnown
            if event.value == "<<" and self._tag(event) == _MERGE:
                merged = {} if merged is None else merged
                for each in self._to_merge(self._value(next(self._events))):
                    merged.update(each)
            else:
                key = self._value(event)
                own[key] = self._value(next(self._events))
        return own if merged is None else merged | own

    def _to_merge(self, value: Any) -> list[dict[Any, Any]]:
        """What is merged into a mapping; a later one counts."""
        found = value[::-1] if isinstance(value, list) else [value]
        if not all(isinstance(each, dict) for each in found):
            raise NotKnown
        return found

    def _sequence(self) -> list[Any]:
        built = []
        for event in self._events:
            if type(event) is events.SequenceEndEvent:
                break
            built.append(self._value(event))
        return built
