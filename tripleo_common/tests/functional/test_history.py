"""The versions of a plan, on real services."""

from __future__ import annotations

from typing import Any

import pytest

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

UPDATE = "tripleo.plan_management.v1.update_deployment_plan"
ROLLBACK = "tripleo.plan_management.v1.rollback_deployment_plan"
SECRET = "s3cretOfAnOperator"


def history(undercloud: Client, plan: str, **inputs: Any) -> Any:
    return undercloud.run_action(
        "tripleo.plan.history", container=plan, **inputs
    )


def set_parameters(undercloud: Client, plan: str, **parameters: Any) -> None:
    undercloud.run_action(
        "tripleo.parameters.update", container=plan, parameters=parameters
    )


def read(undercloud: Client, plan: str, path: str) -> str:
    _, content = undercloud.swift.get_object(plan, path)
    return str(content.decode())


def objects(undercloud: Client, plan: str) -> set[str]:
    _, listing = undercloud.swift.get_container(plan, full_listing=True)
    return {entry["name"] for entry in listing}


def test_a_plan_goes_back_to_what_it_was(undercloud: Client) -> None:
    with plans.small(undercloud) as plan:
        set_parameters(undercloud, plan, ComputeCount=3, AdminPassword=SECRET)
        before = objects(undercloud, plan)
        undercloud.swift.put_object(plan, "nested/text.txt", "other")
        undercloud.swift.put_object(plan, "new.j2.yaml", "a: {{ roles[0] }}")
        told = {"parameter_defaults": {"ComputeCount": 4}}
        undercloud.run_workflow(UPDATE, container=plan, plan_environment=told)

        found = history(undercloud, plan)
        assert [each["version"] for each in found] == [3, 2, 1]
        assert {each["user"] for each in found} == {"admin"}
        assert {each["project"] for each in found} == {"admin"}
        assert [each["operation"] for each in found] == [
            UPDATE,
            "tripleo.parameters.update",
            "tripleo.plan_management.v1.create_deployment_plan",
        ]
        newest = found[0]["changes"]
        assert newest["files"] == {
            "added": ["new.j2.yaml"],
            "changed": ["nested/text.txt"],
            "removed": [],
        }
        assert newest["parameters"]["changed"] == {
            "ComputeCount": {"before": 3, "after": 4}
        }
        added = {"ComputeCount": 3, "AdminPassword": "***"}
        assert found[1]["changes"]["parameters"]["added"] == added
        stored = b"".join(
            undercloud.swift.get_object(f"{plan}-history", name)[1]
            for name in objects(undercloud, f"{plan}-history")
        )
        assert SECRET.encode() not in stored

        output = undercloud.run_workflow(
            ROLLBACK, container=plan, version=2, dry_run=True
        )
        assert output["changes"]["files"]["removed"] == ["new.j2.yaml"]
        assert history(undercloud, plan, limit=1)[0]["version"] == 3
        output = undercloud.run_workflow(
            ROLLBACK, container=plan, version=2, validate_stack=True
        )
        assert output["plan_version"] == 4
        assert objects(undercloud, plan) == before
        text = plans.SMALL["nested/text.txt"]
        assert read(undercloud, plan, "nested/text.txt") == text
        assert "ComputeCount: 3" in read(
            undercloud, plan, "plan-environment.yaml"
        )
        newest = history(undercloud, plan, limit=1)[0]
        assert (newest["version"], newest["restored"]) == (4, 2)

        # A plan that cannot be rendered any more is mended by that.
        undercloud.swift.put_object(plan, "overcloud.j2.yaml", "a: [")
        undercloud.run_action(
            "tripleo.templates.upload_plan_environment",
            container=plan,
            plan_environment={"parameter_defaults": {"ComputeCount": 5}},
        )
        with pytest.raises(errors.ActionFailed, match="It has 1 to 5"):
            undercloud.run_workflow(ROLLBACK, container=plan, version=9)
        undercloud.run_workflow(ROLLBACK, container=plan, version=1)
        parameters = undercloud.mistral.environments.get(plan).variables[
            "parameter_defaults"
        ]
        assert parameters == {}
    _, containers = undercloud.swift.get_account(full_listing=True)
    assert not [each for each in containers if plan in each["name"]]
