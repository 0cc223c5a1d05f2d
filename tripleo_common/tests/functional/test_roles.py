"""Roles and networks of real templates, on real services."""

from __future__ import annotations

import pytest
import yaml

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

PLANS = "tripleo.plan_management.v1."
IDENTIFY = "tripleo.role.v1.identify"
CUSTOM = [
    {
        "name": f"Custom{number}",
        "CountDefault": number,
        "HostnameFormatDefault": f"%stackname%-custom{number}-%index%",
        "ServicesDefault": ["OS::TripleO::Services::Sshd"],
        "networks": {"InternalApi": {"subnet": "internal_api_subnet"}},
        "tags": ["compute"],
    }
    for number in range(10)
]
GROUPS = """
heat_template_version: rocky
parameters:
  WebCount: {type: number, default: 2}
resources:
  Web:
    type: OS::Heat::ResourceGroup
    properties:
      count: {get_param: WebCount}
      resource_def: {type: member.yaml}
  Database:
    type: OS::Heat::ResourceGroup
    properties: {count: 1, resource_def: {type: member.yaml}}
"""
MEMBER = """
heat_template_version: rocky
parameters:
  Flavor: {type: string, default: small}
resources:
  value: {type: 'OS::Heat::Value', properties: {value: {get_param: Flavor}}}
"""


def text(undercloud: Client, plan: str, path: str) -> str:
    return undercloud.swift.get_object(plan, path)[1].decode()


def names(roles: list[dict]) -> list[str]:
    return [role["name"] for role in roles]


def test_roles_of_todays_templates(undercloud: Client) -> None:
    with plans.named(undercloud) as plan:
        undercloud.run_workflow(
            PLANS + "create_default_deployment_plan",
            container=plan,
            generate_passwords=False,
        )
        offered = undercloud.run_workflow(
            PLANS + "list_available_roles", container=plan
        )["available_roles"]
        assert {"Compute", "Controller", "HciCephAll"} <= set(names(offered))

        chosen = undercloud.run_workflow(
            PLANS + "select_roles",
            container=plan,
            role_names=["Compute", "Controller", "Networker"],
        )["selected_roles"]
        assert names(chosen) == ["Compute", "Controller", "Networker"]
        assert chosen == undercloud.run_action(
            "tripleo.role.list", container=plan, detail=True
        )
        # The templates that only some roles are rendered to are gone.
        with pytest.raises(Exception, match="404"):
            text(undercloud, plan, "puppet/blockstorage-role.yaml")

        networks = yaml.safe_load(
            text(
                undercloud,
                plan,
                "network-data-samples/default-network-isolation.yaml",
            )
        )
        told = undercloud.run_workflow(
            "tripleo.networks.v1.update_networks",
            container=plan,
            networks=networks,
        )["network_data"]
        assert told == networks

        before = text(undercloud, plan, "roles_data.yaml")
        for wrong, cause in (
            ([{"name": "A b", "ServicesDefault": []}], "role A b: name"),
            ([{**CUSTOM[0], "networks": ["Nowhere"]}], "Nowhere of role"),
        ):
            with pytest.raises(errors.ActionFailed, match=cause):
                undercloud.run_workflow(
                    PLANS + "update_roles", container=plan, roles=wrong
                )
        assert text(undercloud, plan, "roles_data.yaml") == before

        undercloud.run_workflow(
            PLANS + "update_roles", container=plan, roles=CUSTOM
        )
        checked = undercloud.run_workflow(
            PLANS + "validate_roles_and_networks", container=plan
        )
        assert names(checked["roles_data"]) == names(chosen + CUSTOM)
        assert checked["network_data"] == networks

        roles = undercloud.run_workflow(IDENTIFY, container=plan)["roles"]
        assert {role["name"]: role["count"] for role in roles} == {
            "Compute": 1,
            "Controller": 1,
            "Networker": 0,
            **{role["name"]: role["CountDefault"] for role in CUSTOM},
        }
        parameters = {role["name"]: role["parameters"] for role in roles}
        assert "Custom3Count" in parameters["Custom3"]
        assert "Custom3ServerMetadata" in parameters["Custom3"]


def test_roles_of_a_plan_without_roles_data(undercloud: Client) -> None:
    files = {
        "overcloud.yaml": GROUPS,
        "member.yaml": MEMBER,
        "overcloud-resource-registry-puppet.yaml": "parameter_defaults: {}",
    }
    with plans.uploaded(undercloud, files) as plan:
        undercloud.run_workflow(
            PLANS + "create_deployment_plan",
            container=plan,
            generate_passwords=False,
        )
        undercloud.run_action(
            "tripleo.parameters.update",
            container=plan,
            parameters={"WebCount": 5, "Flavor": "large"},
        )
        shared = {"flavor": "large"}
        assert undercloud.run_workflow(IDENTIFY, container=plan)["roles"] == [
            {
                "name": "Web",
                "resource": "Web",
                "count": 5,
                "parameters": ["Flavor", "WebCount"],
                **shared,
            },
            {
                "name": "Database",
                "resource": "Database",
                "count": 1,
                "parameters": ["Flavor"],
                **shared,
            },
        ]
        told = undercloud.run_action("tripleo.role.list", container=plan)
        assert told == ["Web", "Database"]


def test_what_heat_does_not_understand_is_told(undercloud: Client) -> None:
    files = {
        "overcloud.yaml": GROUPS.replace(
            "count: 1", "count: {yaql: {expression: '1 +', data: null}}"
        ),
        "member.yaml": MEMBER,
        "overcloud-resource-registry-puppet.yaml": "parameter_defaults: {}",
    }
    with plans.uploaded(undercloud, files) as plan:
        undercloud.run_action("tripleo.plan.create", container=plan)
        with pytest.raises(errors.ActionFailed) as caught:
            undercloud.run_workflow(IDENTIFY, container=plan)
        told = str(caught.value)
        assert "Heat could not do stacks.validate" in told
        assert "yaql" in told.lower()
        assert "Traceback" not in told
