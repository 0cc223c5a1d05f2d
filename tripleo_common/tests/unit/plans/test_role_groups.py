from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import role_groups
from tripleo_common.plans.store import Plan

TEMPLATE = """
heat_template_version: rocky
parameters:
  ComputeCount: {type: number, default: 1}
  ComputePolicies: {type: json, default: []}
  Image: {type: string, default: none}
  WebFlavor: {type: string, default: small}
resources:
  Network: {type: 'OS::Heat::None'}
  Compute:
    type: OS::Heat::ResourceGroup
    properties:
      count: {get_param: ComputeCount}
      removal_policies: {get_param: [ComputePolicies, 0]}
      resource_def:
        type: OS::TripleO::Compute
        properties: {Image: {get_param: Image}}
  web:
    type: OS::Heat::ResourceGroup
    properties:
      count: 3
      resource_def:
        type: web.yaml
        properties: {Flavor: {get_param: WebFlavor}}
  Odd:
    type: OS::Heat::ResourceGroup
    properties: {count: {yaql: {expression: '1', data: null}}}
"""
FLAVOR = {"CustomConstraint": "nova.flavor", "Default": "baremetal"}


def group(**parameters):
    member = {"Type": "X", "Parameters": parameters}
    return {
        "Type": "OS::Heat::ResourceGroup",
        "Parameters": [],
        "NestedParameters": {"0": member},
    }


TREE = {
    "Parameters": {
        "ComputeCount": {"Default": "2"},
        "ComputePolicies": {"Default": []},
        "Image": {"Default": "none"},
        "WebFlavor": {"Default": "small"},
    },
    "NestedParameters": {
        "Compute": group(
            Image={},
            NovaFlavor=FLAVOR,
            OvercloudComputeFlavor={**FLAVOR, "Default": "big"},
            Own={},
        ),
        "web": group(Flavor={"Default": "unused"}),
    },
}


@pytest.fixture
def plan(cloud):
    cloud.add_plan(
        "my_cloud",
        {
            "overcloud.yaml": TEMPLATE,
            "web.yaml": "heat_template_version: rocky",
            "overcloud-resource-registry-puppet.yaml": "",
        },
    )
    cloud.orchestration.stacks.validate = lambda **arguments: TREE
    return Plan(cloud, "my_cloud")


def identify(cloud, plan):
    return {r["resource"]: r for r in role_groups.identify(cloud, plan)}


def test_a_role_is_a_group_of_the_root_template(cloud, plan):
    assert list(identify(cloud, plan)) == ["Compute", "web", "Odd"]


def test_a_role_of_old_templates(cloud, plan):
    assert identify(cloud, plan)["Compute"] == {
        "name": "Compute",
        "resource": "Compute",
        "count": 2,
        "flavor": "baremetal",
        "parameters": [
            "ComputeCount",
            "ComputePolicies",
            "NovaFlavor",
            "OvercloudComputeFlavor",
            "Own",
        ],
    }


def test_of_two_flavors_the_one_that_is_set_counts(cloud, plan):
    with plan.changing() as state:
        state.parameter_defaults["OvercloudComputeFlavor"] = "big"
    assert identify(cloud, plan)["Compute"]["flavor"] == "big"


def test_a_hand_made_group(cloud, plan):
    assert identify(cloud, plan)["web"] == {
        "name": "web",
        "resource": "web",
        "count": 3,
        "flavor": "small",
        "parameters": [],
    }


def test_what_cannot_be_told_is_null(cloud, plan):
    odd = identify(cloud, plan)["Odd"]
    assert (odd["count"], odd["flavor"], odd["parameters"]) == (None, None, [])


class TestNames:
    def test_of_a_plan_with_roles_data(self, cloud, plan):
        files = cloud.object_store.containers["my_cloud"]
        files["roles_data.yaml"] = (b"- name: B\n- name: A", "")
        files["other.yaml"] = (b"- name: C", "")
        assert role_groups.names(plan) == ["B", "A"]
        assert role_groups.names(plan, "other.yaml") == ["C"]

    def test_of_a_plan_without(self, plan):
        assert role_groups.names(plan) == ["Compute", "web", "Odd"]

    def test_of_a_template_without_resources(self, cloud, plan):
        files = cloud.object_store.containers["my_cloud"]
        files["overcloud.yaml"] = (b"resources: [a]", "")
        assert role_groups.names(plan) == []

    def test_another_file_that_is_not_there_is_told(self, plan):
        with pytest.raises(errors.FileMissing, match=r"other\.yaml"):
            role_groups.names(plan, "other.yaml")
