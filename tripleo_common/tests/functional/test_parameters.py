"""What a plan's templates take, told by the real Heat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

FILES = {
    **plans.SMALL,
    "overcloud.j2.yaml": (
        "heat_template_version: rocky\n"
        "parameters:\n"
        "{% for role in roles %}"
        "  {{role.name}}Count:\n"
        "    {type: number, default: 1, constraints: [range: {min: 0}]}\n"
        "{% endfor %}"
        "  AdminPassword: {type: string, hidden: true}\n"
        "  RootStackName: {type: string}\n"
        "resources:\n"
        "  Controller:\n"
        "    type: OS::Heat::ResourceGroup\n"
        "    properties: {count: 1, resource_def: {type: role.yaml}}\n"
    ),
    "role.yaml": (
        "heat_template_version: rocky\n"
        "parameter_groups:\n"
        "- {label: deprecated, parameters: [OldName]}\n"
        "parameters:\n"
        "  OldName: {type: string, default: ''}\n"
        "  Mode:\n"
        "    type: string\n"
        "    default: fast\n"
        "    constraints: [allowed_values: [fast, safe]]\n"
        "  Names: {type: comma_delimited_list, default: ''}\n"
        "  Extra: {type: json, default: {}}\n"
        "  Debug: {type: boolean, default: false}\n"
        "resources:\n"
        "  NetworkConfig: {type: network.yaml}\n"
    ),
    "network.yaml": (
        "heat_template_version: rocky\n"
        "resources:\n"
        "  OsNetConfigImpl:\n"
        "    type: OS::Heat::SoftwareConfig\n"
        "    properties:\n"
        "      config:\n"
        "        str_replace:\n"
        "          template: |\n"
        "            #!/bin/bash\n"
        "            echo '$network_config' > config.json\n"
        "          params:\n"
        "            $network_config:\n"
        "              network_config: [{type: interface, name: nic1}]\n"
    ),
    "plan-samples/plan-environment-derived.yaml": (
        "description: Derived\nparameter_defaults: {Mode: safe}\n"
    ),
}


@pytest.fixture(scope="module")
def plan(undercloud: Client) -> Iterator[str]:
    """The name of a plan whose templates ask for something."""
    with plans.uploaded(undercloud, FILES) as name:
        undercloud.run_workflow(
            "tripleo.plan_management.v1.create_deployment_plan", container=name
        )
        yield name


@pytest.fixture(autouse=True)
def _reset(undercloud: Client, plan: str) -> None:
    undercloud.run_action("tripleo.parameters.reset", container=plan)


def stored(undercloud: Client, plan: str) -> dict[str, Any]:
    variables = undercloud.mistral.environments.get(plan).variables
    return dict(variables["parameter_defaults"])


def test_the_tree_is_the_same_in_both_forms(
    undercloud: Client, plan: str
) -> None:
    told = undercloud.run_action("tripleo.parameters.get", container=plan)
    again = undercloud.run_action("tripleo.parameters.get", container=plan)
    assert told == again
    tree = told["heat_resource_tree"]
    group = tree["NestedParameters"]["Controller"]
    (role,) = group["NestedParameters"].values()
    assert role["Parameters"]["Mode"]["AllowedValues"] == ["fast", "safe"]
    flat = undercloud.run_action(
        "tripleo.parameters.get_flatten", container=plan
    )["heat_resource_tree"]
    assert flat["parameters"]["Mode"]["allowedValues"] == ["fast", "safe"]
    assert len(flat["resources"]) == 4
    variables = undercloud.mistral.environments.get(plan).variables
    password = variables["passwords"]["AdminPassword"]
    assert password not in json.dumps([told, flat])


def test_what_fits_is_stored_and_told(undercloud: Client, plan: str) -> None:
    values = {
        "ComputeCount": "2",
        "Mode": "safe",
        "Names": ["a", "b"],
        "Extra": {"a": 1},
        "Debug": "yes",
        "Typo": 1,
    }
    told = undercloud.run_action(
        "tripleo.parameters.update", container=plan, parameters=values
    )
    assert stored(undercloud, plan) == values
    assert told["unknown"] == ["Typo"]
    assert told["environment_parameters"] == values
    parameters = told["heat_resource_tree"]["parameters"]
    assert parameters["Mode"]["default"] == "safe"


def test_all_that_does_not_fit_is_told(undercloud: Client, plan: str) -> None:
    values = {
        "ComputeCount": -1,
        "ControllerCount": "many",
        "Mode": "slow",
        "Extra": "text",
        "Debug": "perhaps",
        "AdminPassword": ["s3cretList"],
        "Typo": 1,
    }
    with pytest.raises(errors.ActionFailed) as caught:
        undercloud.run_action(
            "tripleo.parameters.update", container=plan, parameters=values
        )
    text = str(caught.value)
    for said in (
        "ComputeCount is -1: it must be at least 0",
        'ControllerCount is "many": it must be a number',
        'Mode is "slow": it must be one of fast, safe',
        'Extra is "text": it must be a mapping or a list',
        'Debug is "perhaps": it must be true or false',
        "AdminPassword is ***: it must be a text",
        "Its templates take no parameter Typo.",
    ):
        assert said in text
    assert "s3cretList" not in text
    assert stored(undercloud, plan) == {}


def test_what_had_better_not_be_set(undercloud: Client, plan: str) -> None:
    values = {"OldName": "x", "Typo": 1}
    undercloud.run_workflow(
        "tripleo.plan_management.v1.update_parameters",
        container=plan,
        parameters=values,
    )
    told = undercloud.run_workflow(
        "tripleo.plan_management.v1.get_deprecated_parameters", container=plan
    )
    assert told["deprecated"] == [
        {"parameter": "OldName", "deprecated": True, "user_defined": True}
    ]
    assert told["unused"] == ["Typo"]


def test_a_sample_is_taken_over(undercloud: Client, plan: str) -> None:
    told = undercloud.run_workflow(
        "tripleo.plan_management.v1.list_sample_plans", container=plan
    )
    assert [each["name"] for each in told["available_plans"]] == ["derived"]
    undercloud.run_workflow(
        "tripleo.plan_management.v1.select_sample_plan",
        container=plan,
        sample_plan_name="derived",
    )
    assert stored(undercloud, plan) == {"Mode": "safe"}
    undercloud.run_action(
        "tripleo.plan.update_plan_environment",
        container=plan,
        env_key="parameter_defaults",
        parameter="Mode",
        delete=True,
    )
    assert stored(undercloud, plan) == {}


def test_what_heat_would_configure(undercloud: Client, plan: str) -> None:
    told = undercloud.run_action(
        "tripleo.parameters.get_network_config",
        container=plan,
        role_name="Controller",
    )
    assert told == {"network_config": [{"type": "interface", "name": "nic1"}]}


def test_passwords_and_keys_rotate(undercloud: Client, plan: str) -> None:
    def kept() -> dict[str, Any]:
        variables = undercloud.mistral.environments.get(plan).variables
        return dict(variables["passwords"])

    before = kept()
    undercloud.run_workflow(
        "tripleo.plan_management.v1.rotate_passwords",
        container=plan,
        password_list=["AdminPassword"],
    )
    told = undercloud.run_action(
        "tripleo.parameters.rotate_fernet_keys", container=plan
    )
    after = kept()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"AdminPassword", "KeystoneFernetKeys"}
    assert after["KeystoneFernetKeys"] == told


def test_what_follows_from_machines(undercloud: Client, plan: str) -> None:
    """There are none, and no Nova."""
    undercloud.run_action(
        "tripleo.parameters.update_role", container=plan, role="compute"
    )
    assert stored(undercloud, plan) == {
        "ComputeCount": 0,
        "OvercloudComputeFlavor": "baremetal",
    }
    with pytest.raises(errors.ActionFailed, match="has no compute service"):
        undercloud.run_action(
            "tripleo.parameters.get_profile_of_flavor", flavor_name="baremetal"
        )
    node = {
        "pm_type": "redfish",
        "pm_addr": "192.0.2.1",
        "pm_user": "root",
        "pm_password": "fencingPassword",
        "ports": [{"address": "52:54:00:00:00:01"}],
    }
    undercloud.run_workflow(
        "tripleo.parameters.v1.generate_fencing_parameters",
        nodes_json=[node],
        queue_name=plan,
    )
    (body,) = undercloud.messages(plan)
    told = body["payload"]["fencing_parameters"]["parameter_defaults"]
    (device,) = told["FencingConfig"]["devices"]
    assert device["agent"] == "fence_redfish"
    assert device["params"]["passwd"] == "fencingPassword"
