"""The workflow that goes back to an earlier version of a plan."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tripleo_common import errors
from tripleo_common.plans import versions
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    assert_failed,
    assert_told,
    posted,
    refusing,
)

CREATE = "tripleo.plan_management.v1.create_deployment_plan"
UPDATE = "tripleo.plan_management.v1.update_deployment_plan"
ROLLBACK = "tripleo.plan_management.v1.rollback_deployment_plan"
AGAIN = "Plan mine is again what its version 1 was."


@pytest.fixture
def changed(engine: Engine, cloud: FakeCloud) -> FakeCloud:
    """A cloud with a plan of two versions, made by workflows."""
    cloud.object_store.add("mine", TEMPLATES)
    engine.run(CREATE, container="mine")
    files = cloud.object_store.containers["mine"]
    files["extra.j2.yaml"] = (b"a: {{ roles | length }}\n", "text")
    told = {"parameter_defaults": {"ComputeCount": 3}}
    engine.run(UPDATE, container="mine", plan_environment=told)
    cloud.messaging.posted.clear()
    return cloud


def listed(cloud: FakeCloud) -> list[dict[str, Any]]:
    return versions.listed(Plan(cloud, "mine"))


def kept(cloud: FakeCloud) -> tuple[Any, Any]:
    return copy.deepcopy(
        (cloud.object_store.containers, cloud.workflow.environments.plans)
    )


def test_one_workflow_is_one_version(changed: FakeCloud) -> None:
    second, first = listed(changed)
    assert (first["operation"], second["operation"]) == (CREATE, UPDATE)
    assert second["changes"]["files"]["added"] == ["extra.j2.yaml"]
    assert second["changes"]["parameters"]["added"] == {"ComputeCount": 3}


def test_a_plan_is_what_it_was(engine: Engine, changed: FakeCloud) -> None:
    execution = engine.run(ROLLBACK, container="mine", version=1)
    output = execution.output
    assert (output["status"], output["message"]) == ("SUCCESS", AGAIN)
    assert_told(execution, changed, ROLLBACK, "SUCCESS", AGAIN)
    assert output["plan_version"] == 3
    assert output["changes"]["files"]["removed"] == ["extra.j2.yaml"]
    payload = posted(changed)["payload"]
    assert payload["changes"] == output["changes"]
    assert payload["plan_version"] == 3
    files = changed.object_store.containers["mine"]
    assert not {"extra.j2.yaml", "extra.yaml"} & set(files)
    newest = listed(changed)[0]
    assert (newest["version"], newest["restored"]) == (3, 1)
    assert newest["operation"] == ROLLBACK
    assert execution.ran == ["process_templates", "roll_back", "succeeded"]


def test_a_dry_run_only_tells(engine: Engine, changed: FakeCloud) -> None:
    before = kept(changed)
    execution = engine.run(ROLLBACK, container="mine", version=1, dry_run=True)
    assert execution.output["message"] == (
        "Nothing was changed; this is how version 1 of plan mine differs."
    )
    removed = execution.output["changes"]["parameters"]["removed"]
    assert removed == {"ComputeCount": 3}
    assert execution.output["plan_version"] == 2
    assert kept(changed) == before


def test_an_unknown_version_changes_nothing(
    engine: Engine, changed: FakeCloud
) -> None:
    before = kept(changed)
    execution = engine.run(ROLLBACK, container="mine", version=9)
    error = errors.VersionNotFound("mine", 9, [1, 2])
    assert_failed(execution, changed, ROLLBACK, str(error))
    assert kept(changed) == before


def test_heat_is_asked_first_on_request(
    engine: Engine, changed: FakeCloud
) -> None:
    refusal = errors.ServiceError("Heat", "it", "HTTP 400: no", "Mend it.")
    changed.orchestration.stacks.validate = refusing(refusal)
    before = kept(changed)
    execution = engine.run(
        ROLLBACK, container="mine", version=1, validate_stack=True
    )
    assert_failed(execution, changed, ROLLBACK, str(refusal))
    assert kept(changed) == before


def test_what_cannot_be_rendered_afterwards_is_told(
    engine: Engine, changed: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = errors.ServiceError("Swift", "it", "HTTP 507: full", "Free it.")
    monkeypatch.setattr(Plan, "process", refusing(refusal))
    execution = engine.run(ROLLBACK, container="mine", version=1)
    message = (
        f"{refusal} The plan is that version already, but for what is "
        "rendered; correct this, and update it."
    )
    assert_failed(execution, changed, ROLLBACK, message)
    assert listed(changed)[0]["restored"] == 1


@pytest.mark.parametrize("call", ["put_container", "put_object"])
def test_a_creation_that_cannot_be_recorded_leaves_nothing(
    engine: Engine, cloud: FakeCloud, call: str
) -> None:
    cloud.object_store.add("mine", TEMPLATES)
    before = kept(cloud)
    refusal = errors.ServiceError("Swift", "it", "HTTP 507: full", "Free it.")
    works = getattr(cloud.object_store, call)

    def refuse(name: str, *args: Any, **named: Any) -> None:
        if name == "mine-history":
            raise refusal
        works(name, *args, **named)

    setattr(cloud.object_store, call, refuse)
    execution = engine.run(CREATE, container="mine")
    assert_failed(execution, cloud, CREATE, str(refusal))
    assert kept(cloud) == before


def test_a_lost_message_is_no_failure(
    engine: Engine, changed: FakeCloud
) -> None:
    changed.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(ROLLBACK, container="mine", version=1)
    assert execution.state == "SUCCESS"
