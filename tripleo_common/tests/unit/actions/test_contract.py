"""The actions are called, and look, as clients and operators expect."""

from __future__ import annotations

import importlib.metadata
import inspect
import json
from pathlib import Path

import pytest
import yaml

CONTRACT = yaml.safe_load(
    Path(__file__).with_name("contract.yaml").read_text()
)
ENTRY_POINTS = {
    entry.name: entry
    for entry in importlib.metadata.entry_points(group="mistral.actions")
    if entry.value.startswith("tripleo_common.")
}
NO_DEFAULT = inspect.Parameter.empty


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_an_action_is_where_clients_look_for_it(name):
    expected = CONTRACT[name]
    assert ENTRY_POINTS[name].value == expected["class"]
    parameters = inspect.signature(ENTRY_POINTS[name].load()).parameters
    required = [
        each.name for each in parameters.values() if each.default is NO_DEFAULT
    ]
    assert required == expected.get("required", [])
    for parameter, default in expected.get("defaults", {}).items():
        assert parameters[parameter].default == default


@pytest.mark.parametrize("name", sorted(ENTRY_POINTS))
class TestEveryAction:
    def test_mistral_can_store_it(self, name):
        """Mistral keeps the public attributes, and makes it anew of them."""
        action_class = ENTRY_POINTS[name].load()
        parameters = inspect.signature(action_class).parameters
        arguments = {
            each.name: "x"
            for each in parameters.values()
            if each.default is NO_DEFAULT
        }
        action = action_class(**arguments)
        kept = {
            key: value
            for key, value in vars(action).items()
            if not key.startswith("_")
        }
        assert set(kept) == set(parameters)
        json.dumps(kept)

    def test_it_says_what_comes_of_running_it_twice(self, name):
        """Mistral may, where an executor died: a line ``:repeated: ...``."""
        assert "\n    :repeated: " in ENTRY_POINTS[name].load().__doc__

    def test_its_inputs_are_not_shown(self, name):
        action_class = ENTRY_POINTS[name].load()
        parameters = inspect.signature(action_class).parameters
        action = action_class(**dict.fromkeys(parameters, "s3cret"))
        assert "s3cret" not in repr(action)

    def test_its_docstring_tells_inputs_and_result(self, name):
        action_class = ENTRY_POINTS[name].load()
        text = inspect.getdoc(action_class) or ""
        for parameter in inspect.signature(action_class).parameters:
            assert f":param {parameter}:" in text
        assert ":returns:" in text
