"""A plan is looked at before it is deployed, on real services."""

from __future__ import annotations

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud.client import Client

CHECK = "tripleo.plan_management.v1.check_deployment_plan"


def test_all_that_is_wrong_is_found_at_once(undercloud: Client) -> None:
    template = plans.SMALL["overcloud.j2.yaml"].replace(
        "resources:",
        "  ControllerImage: {type: string, default: no-such-image}\n"
        "  NtpServer: {type: string}\n"
        "resources:",
    )
    files = {**plans.SMALL, "overcloud.j2.yaml": template}
    with plans.uploaded(undercloud, files) as plan:
        (half,) = undercloud.run_workflow(CHECK, container=plan)["findings"]
        assert half["check"] == "plan"
        assert "is incomplete" in half["message"]

        undercloud.run_workflow(
            "tripleo.plan_management.v1.create_deployment_plan",
            container=plan,
            generate_passwords=False,
        )
        undercloud.run_action(
            "tripleo.parameters.update",
            container=plan,
            parameters={"ControllerCount": 90000, "Typo": 1},
            validate=False,
        )
        output = undercloud.run_workflow(CHECK, container=plan)
        assert output["ready"] is False
        told = {
            (each["check"], each["status"]): each["message"]
            for each in output["findings"]
        }
        assert "NtpServer has no value" in told["parameters", "failed"]
        assert "parameter Typo" in told["parameters", "warning"]
        assert "AdminPassword" in told["passwords", "failed"]
        assert "need 90001 nodes" in told["nodes", "failed"]
        assert "no-such-image" in told["images", "failed"]


def test_the_default_plan_needs_no_nodes(undercloud: Client) -> None:
    """Its machines are there already, and images for them are not named."""
    told = undercloud.run_action("tripleo.plan.check", container="overcloud")
    checks = {each["check"] for each in told["findings"]}
    assert not checks & {"plan", "passwords", "nodes", "images", "stack"}
