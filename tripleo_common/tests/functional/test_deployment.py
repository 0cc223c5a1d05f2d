"""Deployments on real services, through Mistral's API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tripleo_common.tests.functional import plans
from tripleo_common.tests.functional.command_line import CommandLine
from tripleo_common.undercloud import errors, following, records, services
from tripleo_common.undercloud.client import Client

DEPLOY = "tripleo.deployment.v1.deploy_plan"


def deploy(undercloud: Client, plan: str, **inputs: object) -> str:
    """Deploy a plan; what becomes of its stack."""
    follower = following.Follower(undercloud.heat, plan)
    undercloud.run_workflow(DEPLOY, container=plan, **inputs)
    return follower.follow(900)


@pytest.fixture(scope="module")
def demo(command_line: CommandLine) -> str:
    """What the demo told; its cloud stands."""
    return command_line.succeed("demo", "--keep", "--computes", "2")


def test_the_demo_makes_a_cloud_of_real_templates(
    undercloud: Client, demo: str
) -> None:
    told = demo
    found = following.resources(undercloud.heat, "overcloud")
    assert len(found) > 300
    assert f"overcloud CREATE_COMPLETE: {len(found)} resources" in told
    assert "message tripleo.deployment.v1.deploy_plan on the queue" in told
    assert "Heat: " in told
    assert "Try next" in told
    stack = undercloud.heat.stacks.get("overcloud", resolve_outputs=False)
    assert stack.parameters["ComputeCount"] == "2"


def test_a_plan_whose_stack_stands_is_told_and_kept(
    undercloud: Client, demo: str
) -> None:
    def run(action: str, **inputs: object) -> Any:
        return undercloud.run_action(action, container="overcloud", **inputs)

    variables = undercloud.mistral.environments.get("overcloud").variables
    password = variables["passwords"]["AdminPassword"]
    scripts = run("tripleo.deployment.overcloudrc")
    assert f"export OS_PASSWORD={password}\n" in scripts["overcloudrc"]
    told = run("tripleo.parameters.get")
    assert told["environment_parameters"]["ComputeCount"] == 2
    assert password not in str(told)
    assert run("tripleo.deployment.validate") is None
    roles = {role["name"]: role for role in run("tripleo.role.identify")}
    assert roles["Compute"]["count"] == 2
    with pytest.raises(errors.ActionFailed, match="since Victoria"):
        run("tripleo.parameters.get_network_config", role_name="Compute")
    with pytest.raises(errors.ActionFailed, match="no compute service"):
        undercloud.run_action(
            "tripleo.parameters.get_profile_of_flavor", flavor_name="control"
        )
    with pytest.raises(errors.ActionFailed, match=r"stack .* still exists"):
        undercloud.run_workflow(
            "tripleo.plan_management.v1.delete_deployment_plan",
            container="overcloud",
        )


def test_the_passwords_of_a_cloud_that_stands_are_not_made_anew(
    undercloud: Client, demo: str
) -> None:
    environments = undercloud.mistral.environments
    before = environments.get("overcloud").variables
    lost = {**before, "passwords": {}, "mirror": None}
    environments.update(name="overcloud", variables=lost)
    try:
        with pytest.raises(
            errors.ActionFailed, match="Heat does not tell them"
        ):
            undercloud.run_action(
                "tripleo.parameters.generate_passwords", container="overcloud"
            )
    finally:
        environments.update(name="overcloud", variables=before)


def test_any_plan_can_be_prepared(
    undercloud: Client, command_line: CommandLine, tmp_path: Path
) -> None:
    roles = tmp_path / "roles.yaml"
    roles.write_text(plans.SMALL["roles_data.yaml"] + "- name: Database\n")
    with plans.small(undercloud) as plan:
        path = "environments/deployed-networks.yaml"
        undercloud.swift.put_object(plan, path, "parameter_defaults: {}")
        told = command_line.succeed(
            "prepare",
            plan,
            "--roles-file",
            str(roles),
            "--controllers",
            "3",
            "--count",
            "Database=2",
        )
        assert "Controller: 3, Compute: 1, Database: 2" in told
        parameters = undercloud.mistral.environments.get(plan).variables[
            "parameter_defaults"
        ]
        assert f"{plan}-database-1" in parameters["NodePortMap"]
        assert parameters["DatabaseCount"] == 2


def test_a_stack_is_created_and_updated(undercloud: Client) -> None:
    with plans.small(undercloud) as plan:
        assert deploy(undercloud, plan, timeout=5) == "CREATE_COMPLETE"
        undercloud.run_action(
            "tripleo.parameters.update",
            container=plan,
            parameters={"ComputeCount": 4},
        )
        assert deploy(undercloud, plan) == "UPDATE_COMPLETE"
        stack = undercloud.heat.stacks.get(plan, resolve_outputs=False)
        assert stack.parameters["ComputeCount"] == "4"
        with pytest.raises(
            errors.ActionFailed, match=r"stack .* still exists"
        ):
            undercloud.run_action("tripleo.plan.delete", container=plan)


def test_the_final_message_tells_that_heat_has_begun(
    undercloud: Client,
) -> None:
    with plans.small(undercloud) as plan:
        undercloud.run_workflow(DEPLOY, container=plan, queue_name=plan)
        (body,) = undercloud.messages(plan)
        assert body["type"] == DEPLOY
        assert body["payload"]["status"] == "SUCCESS"


def test_a_template_that_heat_refuses_is_told_in_heats_words(
    undercloud: Client,
) -> None:
    files = {
        **plans.SMALL,
        "nested/värde.yaml": "heat_template_version: rocky\n"
        "resources: {a: {type: 'OS::No::Such'}}\n",
    }
    with plans.uploaded(undercloud, files) as plan:
        undercloud.run_workflow(
            "tripleo.plan_management.v1.create_deployment_plan", container=plan
        )
        with pytest.raises(
            errors.ActionFailed, match="OS::No::Such"
        ) as caught:
            undercloud.run_workflow(DEPLOY, container=plan, queue_name=plan)
        assert "HTTP 400" in str(caught.value)
        (body,) = undercloud.messages(plan)
        assert body["payload"]["status"] == "FAILED"


def test_without_heat_a_deployment_fails_with_a_clear_text(
    undercloud: Client, command_line: CommandLine
) -> None:
    with plans.small(undercloud) as plan:
        records.end(undercloud.paths, services.choose(["heat"]))
        try:
            with pytest.raises(errors.ActionFailed, match="Heat could not"):
                undercloud.run_workflow(
                    DEPLOY, container=plan, queue_name=plan
                )
            (body,) = undercloud.messages(plan)
            execution = undercloud.mistral.executions.get(
                body["payload"]["execution_id"]
            )
        finally:
            command_line.succeed("up")
        assert body["payload"]["status"] == "FAILED"
        assert "endpoint in the catalog" in body["payload"]["message"]
        assert execution.state == "ERROR"
