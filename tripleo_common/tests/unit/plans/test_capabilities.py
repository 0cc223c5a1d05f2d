from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import capabilities
from tripleo_common.plans.store import Plan


@pytest.fixture
def plan(cloud):
    cloud.add_plan(
        "my_cloud",
        {"a.yaml": "", "b.j2.yaml": "", "c.yaml": ""},
        environments=[{"path": "c.yaml"}, {"data": {"parameters": {}}}],
        passwords={"AdminPassword": "s3cret"},
    )
    return Plan(cloud, "my_cloud")


def test_files_are_put_in_force_last_and_in_order(plan):
    result = capabilities.select(plan, {"b.yaml": True, "a.yaml": True})
    assert plan.state().environments == [
        {"path": "c.yaml"},
        {"data": {"parameters": {}}},
        {"path": "b.yaml"},
        {"path": "a.yaml"},
    ]
    assert result["environments"] == plan.state().environments
    assert "passwords" not in result


def test_files_are_put_out_of_force(plan):
    capabilities.select(plan, {"c.yaml": False, "a.yaml": False})
    assert plan.state().environments == [{"data": {"parameters": {}}}]


def test_what_is_in_force_keeps_its_place(plan):
    capabilities.select(plan, {"c.yaml": True})
    assert plan.state().environments[0] == {"path": "c.yaml"}


def test_a_file_that_is_not_in_the_plan_is_refused(plan):
    with pytest.raises(errors.FileMissing, match=r"no file d\.yaml"):
        capabilities.select(plan, {"a.yaml": True, "d.yaml": True})
    assert len(plan.state().environments) == 2


@pytest.mark.parametrize(
    "wrong", [None, ["a.yaml"], {"a.yaml": "yes"}, {"a.yaml": None}]
)
def test_other_inputs_are_refused(plan, wrong):
    with pytest.raises(errors.InvalidInput, match="true or false"):
        capabilities.select(plan, wrong)
