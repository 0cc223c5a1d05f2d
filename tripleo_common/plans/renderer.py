"""Render Jinja2 templates, in a process that can do nothing else.

Templates come from whoever may write to a plan. Jinja2's sandbox keeps them
from this process's objects; that they neither run nor grow without end is
what the process is for: the kernel limits it.

It runs alone, as ``python -I renderer.py``, and imports nothing of this
package. On its standard input and output are lines of JSON:

* in, first: ``path`` (for imports), ``limits``, ``roles``, ``networks``;
* in, a template each: ``source``, ``text``, ``outputs``, a list of
  ``[path, {"role": index} | {"network": index} | {}]``;
* out, when a template includes something: ``wanted``, a list of paths; in:
  ``text``, the first one's that there is, or null;
* out, for a template: ``rendered``, texts by path; or ``error`` with
  ``path``, ``cause`` and ``line``.
"""

from __future__ import annotations

import json
import posixpath
import resource
import sys
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jinja2

#: The file that tracebacks name for a template made from a text.
_ANONYMOUS = "<template>"


class Role(dict[str, Any]):
    """A role, which also is its name: templates of Newton and Ocata say so.

    Where it has no such key, it has the attributes of its name.
    """

    def __str__(self) -> str:
        return str(self["name"])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return str(self) == other
        return super().__eq__(other)

    __hash__ = None

    def __getattr__(self, name: str) -> Any:
        if name in self or name.startswith("_"):
            raise AttributeError(name)
        return getattr(str(self), name)


class Failed(Exception):
    """A template is wrong."""

    def __init__(self, path: str, cause: str, line: int | None = None) -> None:
        super().__init__(cause)
        self.told = {"path": path, "cause": cause, "line": line}


def main() -> None:
    """Render what comes in until nothing comes any more."""
    first = _receive()
    sys.path[:] = first["path"]
    largest = _limit(first["limits"])
    for line in iter(sys.stdin.readline, ""):
        job = json.loads(line)
        try:
            _send({"rendered": dict(_render(first, job, largest))})
        except Failed as failed:
            _send({"error": failed.told})


def _limit(limits: dict[str, int]) -> int:
    """Bound this process; the largest file that it may render."""
    # Compiled modules are imported before there is too little memory for it.
    import jinja2.sandbox  # noqa: F401

    for kind, value in (
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))
    return limits["file"]


def _receive() -> Any:
    return json.loads(sys.stdin.readline())


def _send(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


def _render(
    first: dict[str, Any], job: dict[str, Any], largest: int
) -> Iterator[tuple[str, str]]:
    source = job["source"]
    try:
        template = _environment(source).from_string(job["text"])
    except Exception as error:
        raise _failed(source, error) from error
    for path, about in job["outputs"]:
        try:
            yield path, _text(template, _variables(first, about), largest)
        except Exception as error:
            raise _failed(source, error, path) from error


def _variables(first: dict[str, Any], about: dict[str, int]) -> dict[str, Any]:
    """A template's variables, which it may change: no other sees them."""
    networks = json.loads(first["networks"])
    if "network" in about:
        return {"network": networks[about["network"]]}
    roles = json.loads(first["roles"])
    if "role" in about:
        return {"role": Role(roles[about["role"]]), "networks": networks}
    return {"roles": roles, "networks": networks}


def _text(
    template: jinja2.Template, variables: dict[str, Any], largest: int
) -> str:
    parts = []
    size = 0
    for part in template.generate(variables):
        # Also finds what no file can hold: halves of characters.
        size += len(part.encode())
        if size > largest:
            raise ValueError(f"it becomes larger than {largest} bytes")
        parts.append(part)
    return "".join(parts)


def _environment(source: str) -> jinja2.Environment:
    """Jinja2 whose includes are found beside *source*, or at the top."""
    import jinja2.sandbox

    directory = posixpath.dirname(source)

    def load(name: str) -> str | None:
        paths = (posixpath.join(directory, name), name)
        _send({"wanted": [posixpath.normpath(path) for path in paths]})
        text: str | None = _receive()["text"]
        return text

    return jinja2.sandbox.SandboxedEnvironment(
        loader=jinja2.FunctionLoader(load)
    )


def _failed(source: str, error: Exception, output: str = "") -> Failed:
    """Which template, and which line of it, Jinja2 stumbled over."""
    import jinja2

    becoming = f" (for {output})" if output else ""
    if isinstance(error, jinja2.TemplateNotFound):
        return Failed(
            source, f"includes {error.name}, which the plan does not have"
        )
    if isinstance(error, jinja2.TemplateSyntaxError):
        path = error.name or source
        return Failed(path, f"{error.message}{becoming}", error.lineno)
    cause = str(error) or "it takes too much memory"
    return Failed(source, f"{cause}{becoming}", _template_line(error))


def _template_line(error: Exception) -> int | None:
    """The line of a template that an error came from (Jinja2 maps it)."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == _ANONYMOUS
    ]
    return lines[-1] if lines else None


if __name__ == "__main__":
    main()
