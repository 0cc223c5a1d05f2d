from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import sample_plans
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.plans.test_store import FILES

SAMPLES = {
    "plan-samples/README.rst": "",
    "plan-samples/plan-environment-derived.yaml": (
        "name: overcloud\n"
        "description: Derived\n"
        "parameter_defaults: {A: 1, B: 2}\n"
        "workflow_parameters: {w: {x: 1}}\n"
    ),
    "plan-samples/openstack/plan-environment.yaml": (
        "template: other.yaml\nenvironments: [{path: other-env.yaml}]\n"
    ),
    "plan-samples/openstack/roles_data.yaml": "- name: Other\n",
    "plan-samples/incomplete/roles_data.yaml": "",
}


@pytest.fixture
def plan(cloud):
    cloud.add_plan(
        "my_cloud",
        FILES | SAMPLES,
        parameter_defaults={"A": "own"},
        passwords={"AdminPassword": "s3cret"},
    )
    return Plan(cloud, "my_cloud")


def variables(cloud):
    return cloud.workflow.environments.variables["my_cloud"]


def test_samples_are_told_by_name(plan):
    first, second = sample_plans.available(plan)
    assert (first["name"], first["description"]) == ("derived", "Derived")
    assert (second["name"], second["template"]) == ("openstack", "other.yaml")


def test_a_sample_leaves_what_is_set(cloud, plan):
    sample_plans.select(plan, "derived")
    stored = variables(cloud)
    assert stored["parameter_defaults"] == {"A": "own", "B": 2}
    assert stored["passwords"] == {"AdminPassword": "s3cret"}
    assert stored["mirror"]["rest"] == {
        "description": "Derived",
        "workflow_parameters": {"w": {"x": 1}},
    }


def test_a_samples_other_files_go_to_the_top(cloud, plan):
    sample_plans.select(plan, "openstack")
    assert variables(cloud)["template"] == "other.yaml"
    assert variables(cloud)["environments"] == [{"path": "other-env.yaml"}]
    files = cloud.object_store.containers["my_cloud"]
    assert files["roles_data.yaml"][0] == b"- name: Other\n"
    assert "plan-environment.yaml" not in files


def test_a_plan_to_be_begins_with_the_sample(cloud, plan):
    del cloud.workflow.environments.variables["my_cloud"]
    sample_plans.select(plan, "openstack")
    files = cloud.object_store.containers["my_cloud"]
    assert b"other.yaml" in files["plan-environment.yaml"][0]


def test_a_sample_that_is_not_there_is_told(plan):
    with pytest.raises(errors.NotFound, match="There are: derived, openstack"):
        sample_plans.select(plan, "incomplete")


def test_a_sample_of_another_form_is_told(cloud, plan):
    files = cloud.object_store.containers["my_cloud"]
    files["plan-samples/bad/plan-environment.yaml"] = (
        b"environments: {a: 1}",
        "text",
    )
    with pytest.raises(errors.InvalidFile, match=r"bad/plan-env.*be a list"):
        sample_plans.available(plan)
