from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import parameters
from tripleo_common.plans.store import Plan


def test_parameters_merge_name_by_name(cloud):
    cloud.add_plan(
        "my_cloud",
        {},
        parameter_defaults={"ComputeCount": 1, "Map": {"a": 1}},
        passwords={"AdminPassword": "s3cret"},
    )
    result = parameters.update(
        Plan(cloud, "my_cloud"), {"Map": {"b": 2}, "NtpServer": None}
    )
    expected = {"ComputeCount": 1, "Map": {"b": 2}, "NtpServer": None}
    stored = cloud.workflow.environments.variables["my_cloud"]
    assert stored["parameter_defaults"] == expected
    assert stored["passwords"] == {"AdminPassword": "s3cret"}
    assert result["name"] == "my_cloud"
    assert result["variables"]["parameter_defaults"] == expected
    assert "passwords" not in result["variables"]


@pytest.mark.parametrize("wrong", [None, "ComputeCount=2", ["a"], 7])
def test_what_is_no_mapping_is_refused(cloud, wrong):
    cloud.add_plan("my_cloud", {})
    with pytest.raises(errors.InvalidInput, match="must be a mapping"):
        parameters.update(Plan(cloud, "my_cloud"), wrong)


def test_parameters_of_a_missing_plan_are_refused(cloud):
    with pytest.raises(errors.PlanNotFound, match="There is no plan absent"):
        parameters.update(Plan(cloud, "absent"), {"a": 1})


def test_a_reset_drops_the_parameters_only(cloud):
    cloud.add_plan(
        "my_cloud",
        {},
        parameter_defaults={"ComputeCount": 1},
        passwords={"AdminPassword": "s3cret"},
    )
    plan = Plan(cloud, "my_cloud")
    result = parameters.reset(plan)
    stored = cloud.workflow.environments.variables["my_cloud"]
    assert stored["parameter_defaults"] == {}
    assert stored["passwords"] == {"AdminPassword": "s3cret"}
    assert stored["template"] == "overcloud.yaml"
    assert result["name"] == "my_cloud"
    assert result["variables"]["parameter_defaults"] == {}
    assert "passwords" not in result["variables"]
    # Mistral repeats an action whose executor died.
    assert parameters.reset(plan) == result


@pytest.mark.parametrize("key", ["passwords", "role_tags"])
def test_a_reset_drops_another_variable_on_request(cloud, key):
    cloud.add_plan(
        "my_cloud",
        {},
        parameter_defaults={"ComputeCount": 1},
        **{key: {"a": "b"}},
    )
    parameters.reset(Plan(cloud, "my_cloud"), key)
    stored = cloud.workflow.environments.variables["my_cloud"]
    assert not stored.get(key)
    assert stored["parameter_defaults"] == {"ComputeCount": 1}


@pytest.mark.parametrize("key", ["template", "environments", None, ["a"]])
def test_what_a_plan_needs_is_not_dropped(cloud, key):
    cloud.add_plan("my_cloud", {})
    before = dict(cloud.workflow.environments.variables["my_cloud"])
    with pytest.raises(errors.InvalidInput, match="cannot do without"):
        parameters.reset(Plan(cloud, "my_cloud"), key)
    assert cloud.workflow.environments.variables["my_cloud"] == before


FILES = {
    "roles_data.yaml": "- name: Compute\n",
    "overcloud.j2.yaml": (
        "heat_template_version: rocky\n"
        "parameters:\n"
        "{% for role in roles %}"
        "  {{role.name}}Count: {type: number, default: 1}\n"
        "{% endfor %}"
    ),
    "overcloud-resource-registry-puppet.yaml": (
        "parameter_defaults: {FromFile: 1}\n"
    ),
}


@pytest.fixture
def heat(cloud):
    """What Heat was asked to validate; it answers with what it was sent."""
    asked = []

    def validate(**arguments):
        asked.append(arguments)
        defaults = arguments["environment"]["parameter_defaults"]
        return {
            "Parameters": {
                name: {"Default": value} for name, value in defaults.items()
            }
        }

    cloud.orchestration.stacks.validate = validate
    return asked


def test_get_tells_what_heat_and_what_operators_say(cloud, heat):
    cloud.add_plan("my_cloud", FILES, parameter_defaults={"NtpServer": "a.b"})
    before = dict(cloud.object_store.containers["my_cloud"])
    result = parameters.get(cloud, Plan(cloud, "my_cloud"))
    assert result == {
        "heat_resource_tree": {
            "Parameters": {
                "FromFile": {"Default": 1},
                "NtpServer": {"Default": "a.b"},
            }
        },
        "mistral_environment_parameters": {"NtpServer": "a.b"},
        "environment_parameters": {"NtpServer": "a.b"},
    }
    (asked,) = heat
    assert asked["show_nested"] is True
    assert list(asked["template"]["parameters"]) == ["ComputeCount"]
    assert cloud.object_store.containers["my_cloud"] == before


def test_get_tells_no_generated_password(cloud, heat):
    generated = {
        "AdminPassword": "s3cretOfAdmin",
        "MigrationSshKey": {"private_key": "--s3cret\nof key--"},
    }
    cloud.add_plan("my_cloud", FILES, passwords=generated)
    result = parameters.get(cloud, Plan(cloud, "my_cloud"))
    (asked,) = heat
    assert asked["environment"]["parameter_defaults"] == {
        **generated,
        "FromFile": 1,
    }
    told = result["heat_resource_tree"]["Parameters"]
    assert told["AdminPassword"] == {"Default": "***"}
    assert told["MigrationSshKey"] == {"Default": {"private_key": "***"}}


def test_get_of_half_a_plan_tells_which_half(cloud, heat):
    cloud.workflow.environments.variables["my_cloud"] = {"template": "a"}
    with pytest.raises(errors.PlanIncomplete, match="its container does not"):
        parameters.get(cloud, Plan(cloud, "my_cloud"))
    assert heat == []
