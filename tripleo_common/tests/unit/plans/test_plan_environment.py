from __future__ import annotations

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.plans import plan_environment
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.plans.test_store import FILES


@pytest.fixture
def plan(cloud):
    cloud.add_plan(
        "my_cloud", FILES, parameter_defaults={"A": 1, "B": 2}, theirs={"a": 1}
    )
    return Plan(cloud, "my_cloud")


def variables(cloud):
    return cloud.workflow.environments.variables["my_cloud"]


def test_a_name_below_a_key_is_set(cloud, plan):
    plan_environment.update(plan, "parameter_defaults", "B", {"c": 3})
    assert variables(cloud)["parameter_defaults"] == {"A": 1, "B": {"c": 3}}


def test_a_name_below_a_key_is_dropped(cloud, plan):
    plan_environment.update(plan, "parameter_defaults", "B", delete=True)
    assert variables(cloud)["parameter_defaults"] == {"A": 1}


def test_a_key_is_replaced(cloud, plan):
    plan_environment.update(plan, "environments", value=[{"path": "a.yaml"}])
    assert variables(cloud)["environments"] == [{"path": "a.yaml"}]


def test_a_key_is_dropped(cloud, plan):
    plan_environment.update(plan, "parameter_defaults", delete=True)
    assert variables(cloud)["parameter_defaults"] == {}


def test_a_key_of_others_stays_where_it_is(cloud, plan):
    plan_environment.update(plan, "theirs", "b", 2)
    assert variables(cloud)["theirs"] == {"a": 1, "b": 2}
    plan_environment.update(plan, "theirs", delete=True)
    assert "theirs" not in variables(cloud)


def test_a_new_key_stands_in_the_file(cloud, plan):
    plan.process()
    plan_environment.update(plan, "derived_parameters", "A", 7)
    content = cloud.object_store.containers["my_cloud"]
    told = yaml.safe_load(content["plan-environment.yaml"][0])
    assert told["derived_parameters"] == {"A": 7}
    plan_environment.update(plan, "derived_parameters", delete=True)
    told = yaml.safe_load(content["plan-environment.yaml"][0])
    assert "derived_parameters" not in told


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        (("parameter_defaults", None, [1]), "must be a mapping"),
        (("environments", None, ["a.yaml"]), "each of environments must be"),
        (("environments", "a", 1), "holds no mapping"),
        (("template", None, None), "template must be a text"),
        (("template", None, None, True), "cannot do without"),
        (("mirror", None, {}), "cannot be set"),
        (("parameter_defaults", "C", None, True), "has no 'C' below"),
        (("unheard", "of", None, True), "has no 'of' below 'unheard'"),
    ],
)
def test_what_would_spoil_the_plan_is_refused(cloud, plan, inputs, text):
    before = dict(variables(cloud))
    with pytest.raises(errors.InvalidInput, match=text):
        plan_environment.update(plan, *inputs)
    assert variables(cloud) == before
