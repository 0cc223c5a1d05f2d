"""Collect what Heat needs to deploy a plan: template, environment and files.

Heat reads no container: whatever a template or an environment names goes
along in ``files``. A reference (``get_file``, a resource's ``type``, an entry
of a ``resource_registry``) is relative to the file it stands in; here it
becomes the file's path in the plan, which is its key in ``files``.

What a file refers to is on its way while others are parsed. What a template
becomes is remembered by its digest, as parsing takes most of the time.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tripleo_common import errors
from tripleo_common.plans import yaml_events, yaml_text
from tripleo_common.plans.container import md5
from tripleo_common.plans.files import Readable, code_digest

_TEMPLATE_SUFFIXES = (".yaml", ".template")
_VERSION_KEYS = (
    "heat_template_version",
    "HeatTemplateFormatVersion",
    "AWSTemplateFormatVersion",
)
_REFERENCES = ("get_file", "type")
#: The sections of an environment, and what each of them is.
_SECTIONS: dict[str, type] = {
    "parameters": dict,
    "parameter_defaults": dict,
    "resource_registry": dict,
    "parameter_merge_strategies": dict,
    "encrypted_param_names": list,
    "event_sinks": list,
}


@dataclass
class HeatInputs:
    """What ``stacks.create`` takes.

    :ivar template: the root template.
    :ivar environment: all environments merged, a later one over an earlier.
    :ivar files: the text of each file, by its path in the plan; templates
        as JSON.
    :ivar digest: tells template and files from all others.
    """

    template: dict[str, Any]
    environment: dict[str, Any] = field(repr=False)
    files: dict[str, str] = field(repr=False)
    digest: str = ""

    def __post_init__(self) -> None:
        self.digest = self.digest or _digest(self.template, self.files)


@dataclass
class Followed:
    """All that a plan's files say to Heat, before anything is set.

    :ivar environments: each with its references resolved, in their order.
    :ivar digest: tells template and files from all others.
    """

    template: dict[str, Any]
    environments: list[dict[str, Any]] = field(repr=False)
    files: dict[str, str] = field(repr=False)
    digest: str

    def inputs(
        self, passwords: Mapping[str, Any], parameters: Mapping[str, Any]
    ) -> HeatInputs:
        """What Heat takes.

        A parameter's value comes from the last of these that sets it: the
        generated *passwords*, the environments in their order, *parameters*.

        :param passwords: generated passwords by parameter name.
        :param parameters: what operators set.
        """
        merged: dict[str, Any] = {"parameter_defaults": dict(passwords)}
        for each in self.environments:
            merge(merged, each)
        merge(merged, {"parameter_defaults": dict(parameters)})
        return HeatInputs(self.template, merged, self.files, self.digest)


def follow(
    files: Readable,
    template: str,
    environments: Iterable[Mapping[str, Any]],
) -> Followed:
    """Collect what a plan's files say.

    :param template: path of the root template.
    :param environments: each ``{"path": <file>}`` or ``{"data": <mapping>}``.
    :raises FileMissing: a file that something refers to is not in the plan.
    :raises InvalidFile: a file is not what it must be.
    """
    environments = list(environments)
    files.expect(
        [
            template,
            *(str(each["path"]) for each in environments if "path" in each),
        ]
    )
    collector = _Collector(files)
    resolved = [collector.environment(each) for each in environments]
    root = collector.template(template, "the plan")
    collector.follow()
    texts = collector.texts
    return Followed(root, resolved, texts, _digest(root, texts))


def _digest(template: dict[str, Any], files: dict[str, str]) -> str:
    told = json.dumps([template, files], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


class _Collector:
    """Follows references from file to file, each file once."""

    def __init__(self, files: Readable) -> None:
        self._files = files
        #: Files still to be followed: path -> who needs it.
        self._pending: dict[str, str] = {}
        self.texts: dict[str, str] = {}

    def template(self, path: str, needed_by: str) -> dict[str, Any]:
        """A template with its references resolved."""
        text = self._template_text(path, self._files.read(path, needed_by))
        if text is None:
            raise errors.InvalidFile(
                path, "not a Heat template: it has no heat_template_version"
            )
        template: dict[str, Any] = json.loads(text)
        return template

    def environment(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """An environment with its references resolved."""
        if "data" in entry:
            path, data = "the plan's own environment", entry["data"] or {}
            base = ""
        else:
            path = str(entry["path"])
            base = path
            data = yaml_text.load_mapping(
                self._files.read(path, "the plan's list of environments"),
                path,
            )
        _check_sections(data, path)
        registry = data.get("resource_registry")
        if registry:
            data = {
                **data,
                "resource_registry": self._registry(registry, base),
            }
        return dict(data)

    def follow(self) -> None:
        """Read all that is referred to, and what that refers to."""
        while self._pending:
            # The one that was expected first is the first to be there.
            path = next(iter(self._pending))
            self.texts[path] = self._content(path, self._pending[path])
            del self._pending[path]

    def _content(self, path: str, needed_by: str) -> str:
        content = self._files.read(path, needed_by)
        if path.endswith(_TEMPLATE_SUFFIXES):
            text = self._template_text(path, content)
            if text is not None:
                return text
        try:
            return content.decode()
        except UnicodeDecodeError:
            # As heatclient does for files that are not text.
            return base64.b64encode(content).decode()

    def _template_text(self, path: str, content: bytes) -> str | None:
        """A template as JSON, with its references; None: it is none."""
        label = f"template {_code()} {md5(content)} {len(content)} {path}"
        known = self._files.recall(label)
        if known is None:
            known = _as_json(yaml_text.load(content, path), path)
            self._files.remember(label, known)
        text, references = known
        for target in references:
            self._needs(target, path)
        return None if text is None else str(text)

    def _registry(
        self, registry: Mapping[str, Any], path: str
    ) -> dict[str, Any]:
        base = registry.get("base_url")
        if base:
            path = posixpath.join(str(base), "")

        def resolved(value: Any) -> Any:
            if isinstance(value, Mapping):
                return {k: resolved(v) for k, v in value.items()}
            if isinstance(value, str) and value.endswith(_TEMPLATE_SUFFIXES):
                needed_by = path or "the plan's environment"
                target = _target(value, needed_by)
                self._needs(target, needed_by)
                return target
            return value

        return {
            key: value if key == "base_url" else resolved(value)
            for key, value in registry.items()
        }

    def _needs(self, target: str, path: str) -> None:
        if "://" in target or target in self.texts or target in self._pending:
            return
        self._pending[target] = path
        self._files.expect([target])


def _target(value: str, path: str) -> str:
    """The key in ``files`` for what *value*, written in *path*, means."""
    if "://" in value:
        return value
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), value))
    if target.startswith(("../", "/")):
        raise errors.InvalidFile(
            path, f"refers to {value}, which is outside the plan"
        )
    return target


def _as_json(parsed: Any, path: str) -> tuple[str | None, list[str]]:
    """A template with its references resolved, and these.

    :returns: (None, []) for what is no template.
    :raises InvalidFile: it cannot be sent to Heat.
    """
    if not isinstance(parsed, dict) or not _is_template(parsed):
        return None, []
    references: dict[str, None] = {}

    def resolve(key: str, value: str) -> str:
        if key == "type" and not value.endswith(_TEMPLATE_SUFFIXES):
            return value
        target = _target(value, path)
        references[target] = None
        return target

    try:
        return json.dumps(_replaced(parsed, resolve)), list(references)
    # RecursionError: an alias within what its anchor marks.
    except (TypeError, RecursionError) as error:
        raise errors.InvalidFile(
            path, f"holds what JSON cannot: {error}"
        ) from error


@functools.cache
def _code() -> str:
    return code_digest(__file__, yaml_events.__file__, yaml_text.__file__)


def _check_sections(environment: Mapping[str, Any], path: str) -> None:
    for section, content in environment.items():
        kind = _SECTIONS.get(section)
        if kind is None:
            raise errors.InvalidFile(
                path, f"not a Heat environment: unknown section {section!r}"
            )
        if content is not None and not isinstance(content, kind):
            name = "mapping" if kind is dict else "list"
            raise errors.InvalidFile(path, f"{section} is not a {name}")


def _is_template(parsed: Mapping[str, Any]) -> bool:
    return any(key in parsed for key in _VERSION_KEYS)


def _replaced(node: Any, resolve: Callable[[str, str], str]) -> Any:
    """A copy of *node* with each reference in it resolved."""
    if isinstance(node, dict):
        return {
            key: resolve(key, value)
            if key in _REFERENCES and isinstance(value, str)
            else _replaced(value, resolve)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_replaced(value, resolve) for value in node]
    return node


def merge(into: dict[str, Any], new: Mapping[str, Any]) -> None:
    """Lay *new* over *into*: mappings merge, all else is replaced.

    A section without content (``parameter_defaults:`` and nothing below it)
    replaces nothing.
    """
    for key, value in new.items():
        old = into.get(key)
        if isinstance(value, Mapping):
            below = dict(old) if isinstance(old, Mapping) else {}
            merge(below, value)
            into[key] = below
        elif value is not None or not isinstance(old, Mapping):
            into[key] = value
