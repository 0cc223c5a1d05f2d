"""Deployments on real services, through Mistral's API."""

from __future__ import annotations

from pathlib import Path

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


def test_the_demo_makes_a_cloud_of_real_templates(
    undercloud: Client, command_line: CommandLine
) -> None:
    told = command_line.succeed("demo", "--keep", "--computes", "2")
    found = following.resources(undercloud.heat, "overcloud")
    assert len(found) > 300
    assert f"overcloud CREATE_COMPLETE: {len(found)} resources" in told
    assert "message tripleo.deployment.v1.deploy_plan on the queue" in told
    assert "Heat: " in told
    assert "Try next" in told
    stack = undercloud.heat.stacks.get("overcloud", resolve_outputs=False)
    assert stack.parameters["ComputeCount"] == "2"


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


def test_validations_are_not_promised(undercloud: Client) -> None:
    with (
        plans.small(undercloud) as plan,
        pytest.raises(errors.ActionFailed, match="runs no validations"),
    ):
        undercloud.run_workflow(DEPLOY, container=plan, run_validations=True)
