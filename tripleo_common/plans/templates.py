"""Render a plan's Jinja2 templates, in memory and sandboxed.

Three kinds of files are rendered, by their names:

``X.role.j2.yaml``
    once a role, with ``role`` and ``networks``, to ``<role>-X.yaml`` (in
    directories below ``network/config``: to ``<role>.yaml``);
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
import copy
import functools
import hashlib
import posixpath
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import jinja2
import jinja2.sandbox

from tripleo_common import constants, errors
from tripleo_common.plans import networks as networks_data
from tripleo_common.plans import roles as roles_data
from tripleo_common.plans import yaml_text
from tripleo_common.plans.container import md5
from tripleo_common.plans.files import Files, code_digest

_SUFFIX = ".j2.yaml"
_ROLE_SUFFIX = ".role.j2.yaml"
_NETWORK_SUFFIX = ".network.j2.yaml"
#: The file that tracebacks name for a template made from a text.
_ANONYMOUS = "<template>"


@dataclass(frozen=True)
class _Output:
    """One file to render: its path, and the template's variables."""

    path: str
    variables: dict[str, Any]


def render(files: Files) -> dict[str, str]:
    """Every rendered file's text, by its path.

    A plan without roles has nothing to render.

    :raises InvalidFile: a template, or the data for it, is wrong; names the
        file and the line.
    """
    if constants.ROLES_FILE not in files:
        return {}
    sources = [path for path in files.paths() if _is_rendered(path)]
    files.fetch(
        [
            constants.ROLES_FILE,
            constants.NETWORKS_FILE,
            constants.EXCLUDES_FILE,
            *sources,
        ]
    )
    renderer = _Renderer(files)
    return {
        path: text
        for source in sources
        for path, text in renderer.render(source).items()
    }


def _is_rendered(path: str) -> bool:
    hidden = any(part.startswith(".") for part in path.split("/"))
    return path.endswith(_SUFFIX) and not hidden


class _Renderer:
    """Renders one plan's templates, each compiled once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._roles = roles_data.load(files)
        self._networks = networks_data.load(files)
        self._excluded = _excludes(files)
        data = [self._roles, self._networks, sorted(self._excluded)]
        self._data = _digest(repr(data))

    def render(self, source: str) -> dict[str, str]:
        """What a template becomes, by paths."""
        text = self._files.text(source, "rendering")
        label = f"rendered {_code()} {self._data} {_digest(text)} {source}"
        known = self._files.recall(label)
        if known is None or known["included"] != self._digests(
            known["included"]
        ):
            included: dict[str, None] = {}
            outputs = dict(self._render(source, text, included))
            known = {"outputs": outputs, "included": self._digests(included)}
            self._files.remember(label, known)
        rendered: dict[str, str] = known["outputs"]
        return rendered

    def _render(
        self, source: str, text: str, included: dict[str, None]
    ) -> Iterator[tuple[str, str]]:
        with _naming(source):
            template = self._environment(source, included).from_string(text)
        for output in self._outputs(source, text):
            with _naming(source, output.path):
                # Templates may change lists, but no other template's.
                variables = copy.deepcopy(output.variables)
                yield output.path, template.render(variables)

    def _digests(self, paths: Iterable[str]) -> dict[str, str | None]:
        """What files that were looked for are; None: not there."""
        return {
            path: md5(self._files.read(path, "rendering"))
            if path in self._files
            else None
            for path in paths
        }

    def _outputs(self, source: str, text: str) -> Iterator[_Output]:
        if source.endswith(_ROLE_SUFFIX):
            outputs = self._role_outputs(source, text)
        elif source.endswith(_NETWORK_SUFFIX):
            outputs = self._network_outputs(source)
        else:
            yield _Output(
                source.removesuffix(_SUFFIX) + ".yaml",
                {"roles": self._roles, "networks": self._networks},
            )
            return
        yield from (o for o in outputs if o.path not in self._excluded)

    def _role_outputs(self, source: str, text: str) -> Iterator[_Output]:
        directory, name = posixpath.split(source.removesuffix(_ROLE_SUFFIX))
        # Templates of Newton and Ocata take the role for its name.
        by_name = "{{role.name}}" not in text
        for role in self._roles:
            lower = role["name"].lower()
            base = f"{lower}-{name}.yaml"
            if "network/config" in source:
                base = (
                    role.get("deprecated_nic_config_name") or f"{lower}.yaml"
                )
            yield _Output(
                posixpath.join(directory, base),
                {
                    "role": role["name"] if by_name else role,
                    "networks": self._networks,
                },
            )

    def _network_outputs(self, source: str) -> Iterator[_Output]:
        directory, name = posixpath.split(source.removesuffix(_NETWORK_SUFFIX))
        placeholder = "port" if directory.endswith("ports") else "network"
        for network in networks_data.enabled(self._networks):
            base = name.replace(placeholder, network["name_lower"])
            yield _Output(
                posixpath.join(directory, f"{base}.yaml"),
                {"network": network},
            )

    def _environment(
        self, source: str, included: dict[str, None]
    ) -> jinja2.Environment:
        """Jinja2 whose includes are found beside *source*, or at the top.

        :param included: collects where it looked for files.
        """
        directory = posixpath.dirname(source)

        def load(name: str) -> str | None:
            for path in (posixpath.join(directory, name), name):
                path = posixpath.normpath(path)
                included[path] = None
                if path in self._files:
                    return self._files.text(path, "rendering")
            return None

        return jinja2.sandbox.SandboxedEnvironment(
            loader=jinja2.FunctionLoader(load)
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@functools.cache
def _code() -> str:
    return code_digest(__file__, jinja2.__version__)


@contextlib.contextmanager
def _naming(source: str, output: str | None = None) -> Iterator[None]:
    """Tell which template, and which line of it, Jinja2 stumbled over."""
    becoming = f" (for {output})" if output else ""
    try:
        yield
    except jinja2.TemplateNotFound as error:
        raise errors.InvalidFile(
            source, f"includes {error.name}, which the plan does not have"
        ) from error
    except jinja2.TemplateSyntaxError as error:
        raise errors.InvalidFile(
            error.name or source, f"{error.message}{becoming}", error.lineno
        ) from error
    # A template can raise anything: it calls methods of the data's values.
    except Exception as error:
        raise errors.InvalidFile(
            source, f"{error}{becoming}", _template_line(error)
        ) from error


def _template_line(error: Exception) -> int | None:
    """The line of a template that an error came from (Jinja2 maps it)."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == _ANONYMOUS
    ]
    return lines[-1] if lines else None


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
