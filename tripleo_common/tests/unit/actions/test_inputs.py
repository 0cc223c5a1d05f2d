from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.actions import inputs


class Action:
    def __init__(
        self,
        name: str = "a",
        count: int = 1,
        wait: float = 1.5,
        force: bool = False,
        values: dict[str, object] | None = None,
        wanted: dict[str, bool] | None = None,
        nodes: list[str] | None = None,
        unknown=None,
    ) -> None:
        self.name = name
        self.count = count
        self.wait = wait
        self.force = force
        self.values = values
        self.wanted = wanted
        self.nodes = nodes
        self.unknown = unknown


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"name": ""},
        {"count": -1},
        {"wait": 2},
        {"force": True},
        {"values": {"a": None, "b": [1]}},
        {"wanted": {"a": False}},
        {"nodes": []},
        {"unknown": object()},
    ],
)
def test_what_is_of_its_kind_passes(good):
    inputs.check(Action(**good))


@pytest.mark.parametrize(
    ("bad", "text"),
    [
        ({"name": None}, "name must be a text, not null."),
        ({"name": 7}, "name must be a text, not a whole number."),
        ({"count": True}, "count must be a whole number, not true or false."),
        ({"count": 1.5}, "count must be a whole number, not a number."),
        ({"wait": "1"}, "wait must be a number, not a text."),
        ({"force": 0}, "force must be true or false, not a whole number."),
        ({"force": "no"}, "force must be true or false, not a text."),
        ({"values": []}, "values must be a mapping or null, not a list."),
        (
            {"wanted": {"a": True, "b": None}},
            "wanted['b'] must be true or false, not null.",
        ),
        ({"nodes": {}}, "nodes must be a list or null, not a mapping."),
        ({"nodes": ["a", 1]}, "nodes[1] must be a text, not a whole number."),
    ],
)
def test_what_is_not_is_told(bad, text):
    with pytest.raises(errors.InvalidInput) as caught:
        inputs.check(Action(**bad))
    assert str(caught.value) == f"The input {text} Correct it and try again."


def test_a_value_is_not_told():
    with pytest.raises(errors.InvalidInput) as caught:
        inputs.check(Action(values="s3cret"))
    assert "s3cret" not in str(caught.value)


def test_an_action_that_names_unknown_types_is_left_alone():
    class Foreign:
        def __init__(self, name: NoSuchType) -> None:  # noqa: F821
            self.name = name

    inputs.check(Foreign(1))
