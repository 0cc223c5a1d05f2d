"""The workflows that tell and choose environments."""

from __future__ import annotations

import pytest

from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    assert_failed,
    assert_told,
    refusing,
)

GET = "tripleo.heat_environments.v1.get"
UPDATE = "tripleo.heat_environments.v1.update"
FILES = {
    "base.yaml": "",
    "capabilities-map.yaml": (
        "topics: [{title: Options, environment_groups: [{environments: ["
        "{file: environments/a.yaml, requires: [base.yaml]}]}]}]"
    ),
    "environments/a.yaml": "",
    "environments/b.yaml": "",
}


@pytest.fixture
def plan(cloud: FakeCloud) -> FakeCloud:
    cloud.add_plan("mine", FILES, environments=[{"path": "base.yaml"}])
    return cloud


def test_the_topics_are_told(engine: Engine, plan: FakeCloud) -> None:
    execution = engine.run(GET, container="mine")
    message = "The capabilities of plan mine."
    assert_told(execution, plan, GET, "SUCCESS", message)
    told = execution.output["capabilities"]
    assert list(told) == ["Options", "Other"]
    ((_, body),) = plan.messaging.posted
    assert body["payload"]["capabilities"] == told


def test_environments_are_chosen(engine: Engine, plan: FakeCloud) -> None:
    environments = {"environments/b.yaml": True, "base.yaml": False}
    execution = engine.run(UPDATE, container="mine", environments=environments)
    message = "The environments of plan mine are chosen."
    assert_told(execution, plan, UPDATE, "SUCCESS", message)
    ((_, body),) = plan.messaging.posted
    for told in (execution.output, body["payload"]):
        assert told["plan_environment"]["environments"] == [
            {"path": "environments/b.yaml"}
        ]


def test_what_later_clients_send_is_taken(
    engine: Engine, plan: FakeCloud
) -> None:
    execution = engine.run(
        UPDATE,
        container="mine",
        environments=["environments/a.yaml", "base.yaml"],
        purge_missing=True,
        sort_environments=True,
    )
    assert execution.state == "SUCCESS"
    variables = plan.workflow.environments.variables["mine"]
    assert variables["environments"] == [
        {"path": "base.yaml"},
        {"path": "environments/a.yaml"},
    ]


def test_a_choice_that_breaks_a_rule_fails(
    engine: Engine, plan: FakeCloud
) -> None:
    environments = {"environments/a.yaml": True, "base.yaml": False}
    execution = engine.run(UPDATE, container="mine", environments=environments)
    text = execution.output["message"]
    assert_failed(execution, plan, UPDATE, text)
    assert "environments/a.yaml requires base.yaml" in text


@pytest.mark.parametrize("workflow", [GET, UPDATE])
def test_a_plan_that_is_not_there_is_told(
    engine: Engine, cloud: FakeCloud, workflow: str
) -> None:
    inputs = {"environments": {}} if workflow == UPDATE else {}
    execution = engine.run(workflow, container="mine", **inputs)
    text = execution.output["message"]
    assert_failed(execution, cloud, workflow, text)
    assert "There is no plan mine" in text


def test_a_lost_message_fails_nothing(
    engine: Engine, plan: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan.messaging, "queue", refusing(ZAQAR_DOWN))
    assert engine.run(GET, container="mine").state == "SUCCESS"
