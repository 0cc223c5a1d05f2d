"""Directives that describe every action and workflow from its source."""

from __future__ import annotations

import inspect
import json
from importlib import metadata

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from tripleo_common import workbooks

_NO_DEFAULT = inspect.Parameter.empty


class Actions(SphinxDirective):
    """Every action: its inputs with their defaults, and its docstring."""

    def run(self) -> list[nodes.Node]:
        """Make a section of each action."""
        entries = metadata.entry_points(group="mistral.actions")
        return [
            _section(self, entry.name, _action(entry.load()))
            for entry in sorted(entries, key=lambda entry: entry.name)
            if entry.value.startswith("tripleo_common.")
        ]


class Workflows(SphinxDirective):
    """Every workflow: its inputs with their defaults, and its description."""

    def run(self) -> list[nodes.Node]:
        """Make a section of each workflow."""
        return [
            _section(self, name, _workflow(workflow))
            for workbook in workbooks.load_all()
            for name, workflow in workbook.workflows.items()
        ]


def _action(action: type) -> list[str]:
    parameters = inspect.signature(action).parameters.values()
    inputs = [
        p.name if p.default is _NO_DEFAULT else _shown(p.name, p.default)
        for p in parameters
    ]
    docstring = inspect.getdoc(action) or ""
    return [f"Inputs: {_listed(inputs)}", "", *docstring.splitlines()]


def _workflow(workflow: dict) -> list[str]:
    inputs = [
        entry if isinstance(entry, str) else _shown(*next(iter(entry.items())))
        for entry in workflow.get("input", [])
    ]
    return [
        f"Inputs: {_listed(inputs)}",
        "",
        *workflow["description"].splitlines(),
    ]


def _shown(name: str, default: object) -> str:
    return f"{name}={json.dumps(default)}"


def _listed(inputs: list[str]) -> str:
    return ", ".join(f"``{each}``" for each in inputs) or "none"


def _section(
    directive: SphinxDirective, name: str, lines: list[str]
) -> nodes.section:
    section = nodes.section(ids=[nodes.make_id(name)])
    section += nodes.title(text=name)
    directive.state.nested_parse(StringList(lines, source=name), 0, section)
    return section


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of the directives."""
    app.add_directive("tripleo-actions", Actions)
    app.add_directive("tripleo-workflows", Workflows)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
