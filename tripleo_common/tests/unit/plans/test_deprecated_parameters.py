from __future__ import annotations

from tripleo_common.plans import deprecated_parameters
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.plans.test_store import FILES


def test_what_had_better_not_be_set(cloud):
    cloud.add_plan(
        "my_cloud",
        FILES | {"roles_data.yaml": "- name: Compute\n"},
        parameter_defaults={
            "Old": 1,
            "Typo": 2,
            "ComputeParameters": {"ForRoles": 1, "New": 2, "Nothing": 3},
        },
    )
    nested = {
        "Parameters": {"Old": {}, "Older": {}, "New": {}},
        "ParameterGroups": [
            {"label": "deprecated", "parameters": ["Older", "Old"]},
            {"label": "other", "parameters": ["New"]},
        ],
    }
    tree = {
        "Parameters": {"ForRoles": {"Tags": ["role_specific"]}},
        "NestedParameters": {"a": nested},
    }
    cloud.orchestration.stacks.validate = lambda **_: tree
    assert deprecated_parameters.find(cloud, Plan(cloud, "my_cloud")) == {
        "deprecated": [
            {"parameter": "Old", "deprecated": True, "user_defined": True},
            {"parameter": "Older", "deprecated": True, "user_defined": False},
        ],
        "unused": ["Typo"],
        "invalid_role_specific": ["New", "Nothing"],
    }


def test_a_plan_without_roles(cloud):
    files = {k: v for k, v in FILES.items() if k != "roles_data.yaml"}
    files["overcloud.yaml"] = "heat_template_version: rocky\n"
    cloud.add_plan("my_cloud", files, environments=[])
    told = deprecated_parameters.find(cloud, Plan(cloud, "my_cloud"))
    assert told == {
        "deprecated": [],
        "unused": [],
        "invalid_role_specific": [],
    }
