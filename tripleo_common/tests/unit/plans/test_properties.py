"""What holds of merging and flattening for whatever they are given."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tripleo_common.plans import (
    heat_inputs,
    parameter_values,
    plan_environment,
    resource_tree,
)
from tripleo_common.plans.state import State

# The same examples in every run, however slow the machine is.
always = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=30,
    suppress_health_check=list(HealthCheck),
)

names = st.text("abcåÄ_1", min_size=1, max_size=4)
leaves = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)
    ),
    max_leaves=8,
)
mappings = st.dictionaries(names, values, max_size=4)

definitions = st.dictionaries(
    names,
    st.fixed_dictionaries({"Type": st.sampled_from(["String", "Json"])}),
    max_size=3,
)


def node(nested: Any) -> Any:
    return st.fixed_dictionaries(
        {},
        optional={
            "Type": names,
            "Description": st.text(max_size=3),
            "Parameters": definitions,
            "NestedParameters": st.dictionaries(names, nested, max_size=3),
        },
    )


trees = st.recursive(node(st.nothing()), node, max_leaves=6)


def merged(*layers: dict[str, Any]) -> dict[str, Any]:
    into: dict[str, Any] = {}
    for layer in layers:
        heat_inputs.merge(into, copy.deepcopy(layer))
    return into


@always
@given(mappings, mappings)
def test_a_merge_changes_neither_of_what_it_is_made_of(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    before = copy.deepcopy((first, second))
    into = dict(first)
    heat_inputs.merge(into, second)
    assert (first, second) == before


@always
@given(mappings, mappings)
def test_merging_again_changes_nothing(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    once = merged(first, second)
    assert merged(first, second, second) == once
    assert merged(once, {}) == once


@always
@given(mappings, mappings)
def test_a_merge_has_the_names_of_both_and_values_of_the_later(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    both = merged(first, second)
    assert set(both) == {*first, *second}
    for name, value in second.items():
        if value is not None and not isinstance(value, dict):
            assert both[name] == value
    for name in set(first) - set(second):
        assert both[name] == merged(first)[name]


@always
@given(mappings, mappings, mappings)
def test_parameters_merge_name_by_name(
    first: dict[str, Any], second: dict[str, Any], third: dict[str, Any]
) -> None:
    """Each value as a whole, whatever the steps are."""
    state = State(template="a", parameter_defaults=dict(first))
    for layer in (second, third):
        plan_environment.merge(state, plan_environment.PARAMETERS, layer)
    assert state.parameter_defaults == {**first, **second, **third}


@always
@given(trees)
def test_nothing_is_lost_when_a_tree_is_flattened(
    tree: dict[str, Any],
) -> None:
    before = copy.deepcopy(tree)
    flat = resource_tree.flatten(tree)
    assert tree == before
    resources = flat["resources"]
    nodes = list(resource_tree.walk(tree))
    assert len(resources) == len(nodes)
    assert set(flat["parameters"]) == {
        name for each in nodes for name in each.get("Parameters", {})
    }
    children = [
        child
        for each in resources.values()
        for child in each.get("resources", [])
    ]
    (root,) = set(resources) - set(children)
    assert resources[root]["name"] == "Root"
    assert len(set(children)) == len(children) == len(resources) - 1


@always
@given(trees)
def test_a_flat_tree_is_the_same_after_a_way_through_json(
    tree: dict[str, Any],
) -> None:
    again = json.loads(json.dumps(tree))
    assert resource_tree.flatten(again) == resource_tree.flatten(tree)


@always
@given(trees, mappings)
def test_any_value_is_compared_with_any_tree(
    tree: dict[str, Any], parameters: dict[str, Any]
) -> None:
    faults = parameter_values.check(tree, parameters)
    known = set(resource_tree.flatten(tree)["parameters"])
    assert set(faults.unknown) == set(parameters) - known
    for told in faults.wrong:
        assert told.split(" is ")[0] in set(parameters) & known
