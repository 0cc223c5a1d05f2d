"""The actions that Mistral and mistral-extra bring, and their inputs.

``python -m tripleo_common.tests.workbooks.builtin_actions`` prints what
``tripleo_common/workbooks/builtin_actions.yaml`` should be. It needs Mistral;
the lint, which reads that file, does not.
"""

from __future__ import annotations

import importlib.metadata
import inspect

import yaml

# It is first, or the imports of Mistral's own actions go round in a circle.
from mistral.db.v2 import api as _first  # noqa: F401
from mistral_extra.actions import generator_factory

#: The generated actions that our workflows may use: of the services that we
#: need anyway. Importing the others takes long.
NAMESPACES = {
    "baremetal_introspection",
    "glance",
    "heat",
    "ironic",
    "mistral",
    "swift",
    "zaqar",
}


def builtin_actions() -> dict[str, list[str]]:
    """Each action's inputs; one with a default ends in ``=``."""
    found = {
        entry.name: _inputs(entry.load())
        for entry in importlib.metadata.entry_points(group="mistral.actions")
        if entry.name.startswith("std.")
    }
    for generator in generator_factory.all_generators():
        if generator.action_namespace in NAMESPACES:
            for action in generator.create_actions():
                found[action["name"]] = _generated(action["arg_list"])
    return dict(sorted(found.items()))


def _inputs(action: type) -> list[str]:
    return [
        name if parameter.default is inspect.Parameter.empty else f"{name}="
        for name, parameter in inspect.signature(action).parameters.items()
    ]


def _generated(arguments: str) -> list[str]:
    """Of a text such as ``stack_id, resolve_outputs=true``."""
    return [
        f"{name}=" if equals else name
        for each in filter(None, arguments.split(", "))
        for name, equals, _default in [each.partition("=")]
    ]


if __name__ == "__main__":
    print(
        "# The actions of Mistral and mistral-extra and their inputs; "
        "= : has a default.\n"
        "# Made by: python -m tripleo_common.tests.workbooks.builtin_actions"
    )
    for name, inputs in builtin_actions().items():
        # One action a line.
        line = yaml.safe_dump({name: inputs}, default_flow_style=None)
        print(" ".join(line.split()))
