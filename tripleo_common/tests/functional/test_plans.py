"""Plans on real services, through Mistral's API."""

from __future__ import annotations

import json

import pytest

from tripleo_common.plans import passwords
from tripleo_common.tests.functional import plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

CREATE = "tripleo.plan_management.v1.create_deployment_plan"
CREATE_DEFAULT = "tripleo.plan_management.v1.create_default_deployment_plan"


def variables(undercloud: Client, plan: str) -> dict:
    return undercloud.mistral.environments.get(plan).variables


def objects(undercloud: Client, plan: str) -> set[str]:
    _, listing = undercloud.swift.get_container(plan, full_listing=True)
    return {entry["name"] for entry in listing}


def test_the_default_plan_is_made_of_the_installed_templates(
    undercloud: Client,
) -> None:
    assert "overcloud" in undercloud.run_action("tripleo.plan.list")
    stored = objects(undercloud, "overcloud")
    assert {"overcloud.j2.yaml", "overcloud.yaml"} <= stored
    assert len(stored) > 700
    assert set(variables(undercloud, "overcloud")["passwords"]) == set(
        passwords.kinds()
    )


def test_a_plan_of_own_templates(undercloud: Client) -> None:
    with plans.uploaded(undercloud) as plan:
        output = undercloud.run_workflow(
            CREATE, container=plan, queue_name=plan
        )
        assert output == {
            "status": "SUCCESS",
            "message": f"Plan {plan} created.",
        }
        assert plan in undercloud.run_action("tripleo.plan.list")
        assert "overcloud.yaml" in objects(undercloud, plan)
        (body,) = undercloud.messages(plan)
        assert body["type"] == CREATE
        assert body["payload"]["status"] == "SUCCESS"
        assert body["payload"]["plan_name"] == plan
        undercloud.run_action("tripleo.plan.delete", container=plan)
        assert plan not in undercloud.run_action("tripleo.plan.list")


def test_a_plan_without_passwords(undercloud: Client) -> None:
    with plans.uploaded(undercloud) as plan:
        undercloud.run_workflow(
            CREATE, container=plan, generate_passwords=False
        )
        assert not variables(undercloud, plan)["passwords"]


@pytest.mark.parametrize("workflow", [CREATE, CREATE_DEFAULT])
def test_an_existing_plan_is_refused_and_stays(
    undercloud: Client, workflow: str
) -> None:
    with plans.small(undercloud) as plan:
        before = variables(undercloud, plan)
        with pytest.raises(errors.ActionFailed, match="already exists"):
            undercloud.run_workflow(workflow, container=plan)
        assert variables(undercloud, plan) == before
        assert "overcloud.yaml" in objects(undercloud, plan)


def test_a_template_that_does_not_render_fails_the_creation(
    undercloud: Client,
) -> None:
    files = {**plans.SMALL, "bad.j2.yaml": "\n{{ roles[9].name }}"}
    with plans.uploaded(undercloud, files) as plan:
        with pytest.raises(
            errors.ActionFailed, match=r"bad\.j2\.yaml, line 2"
        ):
            undercloud.run_workflow(CREATE, container=plan, queue_name=plan)
        (body,) = undercloud.messages(plan)
        assert body["payload"]["status"] == "FAILED"
        assert "bad.j2.yaml, line 2" in body["payload"]["message"]
        assert objects(undercloud, plan) == set(files)
        undercloud.run_action("tripleo.plan.delete", container=plan)


def test_parameters_merge(undercloud: Client) -> None:
    with plans.small(undercloud) as plan:
        for parameters in ({"ComputeCount": 2}, {"NtpServer": "ä"}):
            undercloud.run_action(
                "tripleo.parameters.update",
                container=plan,
                parameters=parameters,
            )
        assert variables(undercloud, plan)["parameter_defaults"] == {
            "ComputeCount": 2,
            "NtpServer": "ä",
        }


def test_results_can_be_stored_too(undercloud: Client) -> None:
    """As python-tripleoclient since Ocata calls actions."""
    with plans.small(undercloud) as plan:
        answer = undercloud.mistral.action_executions.create(
            "tripleo.parameters.update",
            {"container": plan, "parameters": {"ComputeCount": 3}},
            save_result=True,
            run_sync=True,
        )
        result = json.loads(answer.output)["result"]
        assert result["variables"]["parameter_defaults"] == {"ComputeCount": 3}


def test_environments_are_put_in_force(undercloud: Client) -> None:
    with plans.small(undercloud) as plan:
        path = "nested/extra.yaml"
        undercloud.swift.put_object(plan, path, "parameter_defaults: {}")
        undercloud.run_action(
            "tripleo.heat_capabilities.update",
            container=plan,
            environments={path: True},
        )
        assert {"path": path} in variables(undercloud, plan)["environments"]


def test_passwords_stay_as_they_are(undercloud: Client) -> None:
    with plans.small(undercloud) as plan:
        before = variables(undercloud, plan)["passwords"]
        told = undercloud.run_action(
            "tripleo.parameters.generate_passwords", container=plan
        )
        assert told == before


def test_what_heat_needs_is_told(undercloud: Client) -> None:
    with plans.small(undercloud) as plan:
        result = undercloud.run_action(
            "tripleo.templates.process", container=plan
        )
        assert set(result["files"]) == {"nested/värde.yaml", "nested/text.txt"}
        assert result["stack_name"] == plan


@pytest.mark.parametrize(
    ("action", "inputs", "text"),
    [
        ("tripleo.plan.create_container", {"container": "1a"}, "begins with"),
        ("tripleo.plan.create", {"container": "absent"}, "no plan absent"),
        ("tripleo.plan.delete", {"container": "absent"}, "no plan absent"),
        (
            "tripleo.templates.process",
            {"container": "absent"},
            "no plan absent",
        ),
        (
            "tripleo.parameters.update",
            {"container": "overcloud", "parameters": [1]},
            "must be a mapping",
        ),
        (
            "tripleo.deployment.deploy",
            {"container": "overcloud", "timeout": "soon"},
            "timeout must be a whole number",
        ),
    ],
)
def test_bad_inputs_are_told(
    undercloud: Client, action: str, inputs: dict, text: str
) -> None:
    with pytest.raises(errors.ActionFailed, match=text) as caught:
        undercloud.run_action(action, **inputs)
    assert "Traceback" not in str(caught.value)
    assert "tripleo_common" not in str(caught.value)
