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
        cloud,
        Plan(cloud, "my_cloud"),
        {"Map": {"b": 2}, "NtpServer": None},
        validate=False,
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
        parameters.update(cloud, Plan(cloud, "my_cloud"), wrong)


def test_parameters_of_a_missing_plan_are_refused(cloud):
    with pytest.raises(errors.PlanNotFound, match="There is no plan absent"):
        parameters.update(cloud, Plan(cloud, "absent"), {"a": 1})


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


@pytest.fixture
def cache_dir(options, tmp_path):
    """A cache of the test's own."""
    options("cache_dir", str(tmp_path / "cache"))
    options("cache_size", 16)


def test_get_asks_heat_once_for_the_same_plan(cloud, heat, cache_dir):
    cloud.add_plan("my_cloud", FILES, passwords={"AdminPassword": "s3cret7"})
    first = parameters.get(cloud, Plan(cloud, "my_cloud"))
    assert parameters.get(cloud, Plan(cloud, "my_cloud")) == first
    assert len(heat) == 1


@pytest.mark.parametrize("changed", ["file", "parameter", "password"])
def test_get_asks_heat_again_for_what_changed(cloud, heat, cache_dir, changed):
    cloud.add_plan("my_cloud", FILES)
    parameters.get(cloud, Plan(cloud, "my_cloud"))
    variables = cloud.workflow.environments.variables["my_cloud"]
    if changed == "file":
        files = cloud.object_store.containers["my_cloud"]
        files["overcloud-resource-registry-puppet.yaml"] = (
            b"parameter_defaults: {FromFile: 2}",
            "text/plain",
        )
    elif changed == "parameter":
        variables["parameter_defaults"] = {"NtpServer": "a.b"}
    else:
        variables["passwords"] = {"AdminPassword": "s3cret8"}
    parameters.get(cloud, Plan(cloud, "my_cloud"))
    assert len(heat) == 2


def test_the_stacks_name_is_told_to_templates_that_ask(cloud, heat):
    files = dict(FILES)
    files["overcloud.j2.yaml"] += "  RootStackName: {type: string}\n"
    cloud.add_plan("my_cloud", files)
    parameters.get(cloud, Plan(cloud, "my_cloud"))
    asked = heat[0]["environment"]["parameter_defaults"]
    assert asked["RootStackName"] == "my_cloud"


class TestValidation:
    """Heat answers with what the root template takes."""

    @pytest.fixture
    def plan(self, cloud):
        cloud.add_plan(
            "my_cloud", FILES, parameter_defaults={"ComputeCount": 1}
        )
        tree = {"Parameters": {"ComputeCount": {"Type": "Number"}}}
        cloud.orchestration.stacks.validate = lambda **_: tree
        return Plan(cloud, "my_cloud")

    def stored(self, cloud):
        variables = cloud.workflow.environments.variables["my_cloud"]
        return variables["parameter_defaults"]

    def test_what_fits_is_stored(self, cloud, plan):
        result = parameters.update(cloud, plan, {"ComputeCount": 2})
        assert self.stored(cloud) == {"ComputeCount": 2}
        assert result["environment_parameters"] == {"ComputeCount": 2}
        assert result["unknown"] == []
        tree = result["heat_resource_tree"]
        assert tree["parameters"]["ComputeCount"]["type"] == "Number"

    def test_all_that_is_wrong_is_told_and_nothing_stored(self, cloud, plan):
        with pytest.raises(errors.InvalidParameters) as caught:
            parameters.update(cloud, plan, {"ComputeCount": "x", "Cont": 1})
        assert 'ComputeCount is "x": it must be a number' in str(caught.value)
        assert "take no parameter Cont." in str(caught.value)
        assert self.stored(cloud) == {"ComputeCount": 1}

    def test_unknown_names_are_told(self, cloud, plan):
        """Clients of Newton set names that not every template takes."""
        result = parameters.update(cloud, plan, {"StackAction": "CREATE"})
        assert result["unknown"] == ["StackAction"]
        assert self.stored(cloud)["StackAction"] == "CREATE"

    def test_unknown_names_are_refused_on_request(self, cloud, plan):
        with pytest.raises(errors.InvalidParameters, match="no parameter No"):
            parameters.update(cloud, plan, {"No": 1}, known_only=True)
        assert self.stored(cloud) == {"ComputeCount": 1}

    def test_what_heat_refuses_is_compared_with_what_was(self, cloud, plan):
        """Heat tells one fault, where there are two."""
        tree = {"Parameters": {n: {"Type": "Number"} for n in ("A", "B")}}

        def validate(environment, **_):
            if "A" in environment["parameter_defaults"]:
                raise errors.ServiceError("Heat", "it", "A is bad", "", 400)
            return tree

        cloud.orchestration.stacks.validate = validate
        with pytest.raises(errors.InvalidParameters, match=r"A is .*; B is"):
            parameters.update(cloud, plan, {"A": "x", "B": "y"})
        with pytest.raises(errors.ServiceError, match="A is bad"):
            parameters.update(cloud, plan, {"A": 1})
        assert self.stored(cloud) == {"ComputeCount": 1}

    def test_a_plan_that_heat_refuses_anyway(self, cloud, plan):
        def validate(**_):
            raise errors.ServiceError("Heat", "it", "broken", "", 400)

        cloud.orchestration.stacks.validate = validate
        with pytest.raises(errors.ServiceError, match="broken"):
            parameters.update(cloud, plan, {"ComputeCount": 2})
        parameters.update(cloud, plan, {"ComputeCount": 3}, validate=False)
        assert self.stored(cloud) == {"ComputeCount": 3}

    def test_heats_refusal_tells_no_password(self, cloud, plan):
        variables = cloud.workflow.environments.variables["my_cloud"]
        variables["passwords"] = {"AdminPassword": "s3cretOfAdmin"}

        def validate(**_):
            raise errors.ServiceError("Heat", "it", '"s3cretOfAdmin"', "", 400)

        cloud.orchestration.stacks.validate = validate
        with pytest.raises(errors.ServiceError) as caught:
            parameters.validate(cloud, plan)
        assert "s3cret" not in str(caught.value)

    def test_other_keys_are_not_compared(self, cloud, plan):
        parameters.update(cloud, plan, {"a": 1}, key="derived_parameters")
        variables = cloud.workflow.environments.variables["my_cloud"]
        assert variables["mirror"]["rest"]["derived_parameters"] == {"a": 1}
        assert self.stored(cloud) == {"ComputeCount": 1}
