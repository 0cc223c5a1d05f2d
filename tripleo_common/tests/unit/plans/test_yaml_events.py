from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tripleo_common.plans import yaml_events

#: What YAML is put together from.
FRAGMENTS = [
    *("a", "b", "1", "-1.5", "0x1f", "true", "off", "~", "2020-01-01", "1_0"),
    *("'q'", '"\\n"', "<<", "=", "''", "é", "null", "1:30", ".inf"),
    *(": ", ":", "- ", ", ", "? ", "\n", "\n  ", "\n    ", " ", "# c\n"),
    *("[", "]", "{", "}", "&x ", "*x", "&y ", "*y", "|\n", ">-\n"),
    *("!!str ", "! ", "!t ", "---\n", "...\n", "<<: ", "*x, ", "a: ", "b: "),
]

PLAIN = [
    "",
    "# nothing",
    "a",
    "a: {b: [1, 2.5, true, ~, text, 'x', \"y\"], c: {}}\nd: []",
    "a: 1\na: 2",
    "1: a\ntrue: b\n~: c",
    "a: &x {b: 1}\nc: *x\nd: [*x, *x]",
    "a: &x text\nb: *x",
    "a: &x {b: 1, c: 2}\nd: {e: 0, <<: *x, c: 3}",
    "a: [&x {b: 1}, &y {b: 2, c: 2}]\nd: {<<: [*x, *y]}",
    "a: &x {b: 1}\nc: &y {<<: *x, d: 2}\ne: {<<: *y, b: 3, <<: *x}",
    "a: {'<<': {b: 1}}",
    "a: |\n  one\n  two\nb: >-\n  one\n  two",
    "%YAML 1.1\n---\na: 010\n...\n",
]
LEFT = [
    *("a: !!str 1", "? [a, b]\n: c", "a: &x [*x]", "a: *x", "a: =", "a: <<"),
    *(
        "a: &x b\n*x : c",
        "a: 1\n---\nb: 2",
        "{<<: 1}",
        "[&x a, &x b, *x]",
        "{<<: [1]}",
    ),
]


def stock(text: str) -> Any:
    return repr(yaml.load(text, Loader=yaml.CSafeLoader))


@pytest.mark.parametrize("text", PLAIN)
def test_it_is_what_pyyaml_makes_of_it(text):
    assert repr(yaml_events.build(text, yaml.CSafeLoader)) == stock(text)


@pytest.mark.parametrize("text", LEFT)
def test_what_plans_do_not_use_is_left_to_pyyaml(text):
    with pytest.raises(yaml_events.NotKnown):
        yaml_events.build(text, yaml.CSafeLoader)


def test_what_has_an_alias_is_one_object():
    built = yaml_events.build("a: &x [1]\nb: *x", yaml.CSafeLoader)
    assert built["a"] is built["b"]


@settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=500,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join))
def test_whatever_it_builds_pyyaml_builds_too(text):
    try:
        built = yaml_events.build(text, yaml.CSafeLoader)
    except (yaml_events.NotKnown, yaml.YAMLError, ValueError):
        return
    assert repr(built) == stock(text)
