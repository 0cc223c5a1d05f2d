"""Render a plan's Jinja2 templates, in a process of their own.

Three kinds of files are rendered, by their names:

``X.role.j2.yaml``
    once a role, with ``role`` and ``networks``, to ``<role>-X.yaml`` (in
    directories below ``network/config``: to ``<role>.yaml``); the role is a
    mapping and its name in one, as templates of Newton and Ocata want it;
``X.network.j2.yaml``
    once an enabled network, with ``network``, to X with the network's name
    in the place of ``network`` (in directories ending in ``ports``: of
    ``port``);
``X.j2.yaml``
    once, with ``roles`` and ``networks``, to ``X.yaml``.

The rules are those of tripleo-heat-templates since Rocky; its
``tools/process-templates.py`` writes the same files.

What a template becomes is remembered by the digests of all that it was made
from, as compiling takes most of the time.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import posixpath
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import jinja2

from tripleo_common import constants, errors
from tripleo_common.plans import networks as networks_data
from tripleo_common.plans import renderer, rendering, yaml_text
from tripleo_common.plans import roles as roles_data
from tripleo_common.plans.container import md5
from tripleo_common.plans.files import Files, code_digest

_SUFFIX = ".j2.yaml"
_ROLE_SUFFIX = ".role.j2.yaml"
_NETWORK_SUFFIX = ".network.j2.yaml"


def render(files: Files) -> dict[str, str]:
    """Every rendered file's text, by its path.

    A plan without roles has nothing to render.

    :raises InvalidFile: a template, or the data for it, is wrong; names the
        file and the line.
    """
    with contextlib.closing(RenderedFiles(files)) as rendered:
        return rendered.texts()


class RenderedFiles:
    """A plan's files, those that are rendered as they are rendered.

    Each template is rendered when one of its files is read, and meanwhile
    other files can be on their way. It is to be closed.

    :param files: the files; what is rendered is not put into them.
    :param first: rendered files that are needed before all others.
    :raises InvalidFile: the data for templates are wrong.
    """

    def __init__(self, files: Files, first: Iterable[str] = ()) -> None:
        self._files = files
        #: What templates became, by their paths.
        self._rendered: dict[str, dict[str, str]] = {}
        #: By paths of rendered files: what they are rendered from.
        self._sources: dict[str, str] = {}
        self._templates: _Templates | None = None
        self._all: list[str] = []
        if constants.ROLES_FILE in files:
            self._all = [each for each in files.paths() if _is_rendered(each)]
            self._templates = self._begin(set(first))

    def _begin(self, first: Collection[str]) -> _Templates:
        self._files.expect(
            [
                constants.ROLES_FILE,
                constants.NETWORKS_FILE,
                constants.EXCLUDES_FILE,
                *(each for each in self._all if _plain_output(each) in first),
                *self._all,
            ]
        )
        templates = _Templates(self._files)
        for source in self._all:
            for path, _ in templates.outputs(source):
                self._sources[path] = source
        return templates

    def close(self) -> None:
        """Render nothing any more."""
        if self._templates is not None:
            self._templates.close()

    def texts(self) -> dict[str, str]:
        """Every rendered file's text, by its path."""
        return {
            path: text
            for source in self._all
            for path, text in self._becomes(source).items()
        }

    def expect(self, paths: Iterable[str]) -> None:
        """Begin to read those of *paths* that are not rendered."""
        self._files.expect(path for path in paths if path not in self._sources)

    def read(self, path: str, needed_by: str) -> bytes:
        """A file's content.

        :raises InvalidFile: the template that it is rendered from is wrong.
        :raises FileMissing: there is no such file.
        """
        if path in self._sources:
            return self._becomes(self._sources[path])[path].encode()
        return self._files.read(path, needed_by)

    def recall(self, label: str) -> Any:
        """What was remembered beside the files."""
        return self._files.recall(label)

    def remember(self, label: str, value: Any) -> None:
        """Keep what was derived from them."""
        self._files.remember(label, value)

    def _becomes(self, source: str) -> dict[str, str]:
        """What a template is rendered to, by paths."""
        if source not in self._rendered:
            assert self._templates is not None
            self._rendered[source] = self._templates.render(source)
        return self._rendered[source]


def _is_rendered(path: str) -> bool:
    hidden = any(part.startswith(".") for part in path.split("/"))
    return path.endswith(_SUFFIX) and not hidden


def _plain_output(source: str) -> str:
    """What a template is rendered to that is rendered once."""
    return source.removesuffix(_SUFFIX) + ".yaml"


class _Templates:
    """One plan's templates, each rendered once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._roles = [
            roles_data.tagged(role) for role in roles_data.load(files)
        ]
        self._networks = networks_data.load(files)
        self._excluded = _excludes(files)
        data = [self._roles, self._networks, sorted(self._excluded)]
        self._data = _digest(repr(data))
        self._included: dict[str, None] = {}
        self._rendering = rendering.Rendering(
            _plain(self._roles, constants.ROLES_FILE),
            _plain(self._networks, constants.NETWORKS_FILE),
            self._find,
        )

    def close(self) -> None:
        """Render nothing any more."""
        self._rendering.close()

    def render(self, source: str) -> dict[str, str]:
        """What a template becomes, by paths."""
        text = self._files.text(source, "rendering")
        label = f"rendered {_code()} {self._data} {_digest(text)} {source}"
        known = self._files.recall(label)
        if known is None or known["included"] != self._digests(
            known["included"]
        ):
            self._included = {}
            outputs = self._rendering.render(
                source, text, list(self.outputs(source))
            )
            included = self._digests(self._included)
            known = {"outputs": outputs, "included": included}
            self._files.remember(label, known)
        rendered: dict[str, str] = known["outputs"]
        return rendered

    def _find(self, paths: list[str]) -> str | None:
        """The text of the first of some paths that there is."""
        for path in paths:
            self._included[path] = None
            if path in self._files:
                return self._files.text(path, "rendering")
        return None

    def _digests(self, paths: Iterable[str]) -> dict[str, str | None]:
        """What files that were looked for are; None: not there."""
        return {
            path: md5(self._files.read(path, "rendering"))
            if path in self._files
            else None
            for path in paths
        }

    def outputs(self, source: str) -> Iterator[rendering.Output]:
        """What a template is rendered to: paths, and what each is about."""
        if source.endswith(_ROLE_SUFFIX):
            outputs = self._role_outputs(source)
        elif source.endswith(_NETWORK_SUFFIX):
            outputs = self._network_outputs(source)
        else:
            yield _plain_output(source), {}
            return
        yield from (o for o in outputs if o[0] not in self._excluded)

    def _role_outputs(self, source: str) -> Iterator[rendering.Output]:
        directory, name = posixpath.split(source.removesuffix(_ROLE_SUFFIX))
        for idx, role in enumerate(self._roles):
            lower = role["name"].lower()
            base = f"{lower}-{name}.yaml"
            if "network/config" in source:
                base = (
                    role.get("deprecated_nic_config_name") or f"{lower}.yaml"
                )
            yield posixpath.join(directory, base), {"role": idx}

    def _network_outputs(self, source: str) -> Iterator[rendering.Output]:
        directory, name = posixpath.split(source.removesuffix(_NETWORK_SUFFIX))
        placeholder = "port" if directory.endswith("ports") else "network"
        for network in networks_data.enabled(self._networks):
            base = name.replace(placeholder, network["name_lower"])
            path = posixpath.join(directory, f"{base}.yaml")
            yield path, {"network": network["idx"]}


def _plain(entries: list[Any], path: str) -> list[Any]:
    """*entries*, if JSON can hold them, as they go to another process."""
    try:
        json.dumps(entries)
    except (TypeError, ValueError) as error:
        raise errors.InvalidFile(
            path, f"it holds what JSON cannot: {error}"
        ) from error
    return entries


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@functools.cache
def _code() -> str:
    return code_digest(__file__, renderer.__file__, jinja2.__version__)


def _excludes(files: Files) -> set[str]:
    """Paths that must not be rendered: ``{"name": [path, ...]}``."""
    path = constants.EXCLUDES_FILE
    if path not in files:
        return set()
    excludes = yaml_text.load_mapping(files.read(path, "rendering"), path)
    names = excludes.get("name") or []
    if not isinstance(names, list):
        raise errors.InvalidFile(path, "'name' is not a list of paths")
    return {str(name) for name in names}
