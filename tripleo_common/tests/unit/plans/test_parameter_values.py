from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tripleo_common.plans import parameter_values

CASES = yaml.safe_load(
    Path(__file__).with_name("value_cases.yaml").read_text()
)


def tree(**definitions):
    return {"Parameters": definitions}


@pytest.mark.parametrize("case", CASES, ids=lambda c: str(c["definition"]))
def test_values_fit_or_it_is_told_what_is_asked(case):
    asked = tree(Name=case["definition"])
    for value in [None, *case["good"]]:
        assert parameter_values.check(asked, {"Name": value}).wrong == []
    for value, wanted in case.get("bad", {}).items():
        (told,) = parameter_values.check(asked, {"Name": value}).wrong
        assert told.startswith("Name is ")
        assert told.endswith(f": it must be {wanted}")


@pytest.mark.parametrize("value", [["a"], {"a": 1}])
def test_what_is_no_text_is_told(value):
    asked = tree(Name={"Type": "String"})
    (told,) = parameter_values.check(asked, {"Name": value}).wrong
    assert told.endswith("it must be a text")


def test_every_fault_is_told_at_once():
    asked = tree(A={"Type": "Number"}, B={"Type": "Json"})
    faults = parameter_values.check(asked, {"A": "x", "B": 1, "C": 2, "D": 3})
    assert len(faults.wrong) == 2
    assert faults.unknown == ["C", "D"]


def test_nested_templates_ask_too():
    nested = {"Parameters": {"Name": {"Type": "Number"}}}
    asked = {"NestedParameters": {"a": {"NestedParameters": {"b": nested}}}}
    (told,) = parameter_values.check(asked, {"Name": "x"}).wrong
    assert "a number" in told


def test_what_the_template_around_sets_is_not_asked_for():
    nested = {"Parameters": {"Name": {"Type": "Number", "Value": 7}}}
    asked = {"NestedParameters": {"a": nested}}
    faults = parameter_values.check(asked, {"Name": "x"})
    assert (faults.wrong, faults.unknown) == ([], [])


@pytest.mark.parametrize(
    ("name", "more"), [("Plain", {"NoEcho": "true"}), ("AdminPassword", {})]
)
def test_a_secret_is_not_told(name, more):
    asked = tree(**{name: {"Type": "String", "MinLength": 9, **more}})
    (told,) = parameter_values.check(asked, {name: "s3cret"}).wrong
    assert told == f"{name} is ***: it must be at least 9 long"


def test_a_long_value_is_cut():
    asked = tree(Name={"Type": "Number"})
    (told,) = parameter_values.check(asked, {"Name": "x" * 5000}).wrong
    assert len(told) < 200
