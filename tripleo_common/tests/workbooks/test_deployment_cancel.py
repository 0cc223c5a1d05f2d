"""The workflow that stops deployments."""

from __future__ import annotations

import pytest

from tripleo_common.deployments import watching
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    assert_failed,
    posted,
    refused,
    refusing,
)

CANCEL = "tripleo.deployment.v1.cancel"


@pytest.fixture
def planned(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> FakeCloud:
    """A cloud with a plan."""
    monkeypatch.setattr(watching, "PATIENCE", -1)
    cloud.add_plan("mine", TEMPLATES)
    return cloud


def test_heat_is_stopped_and_what_is_left_is_told(
    engine: Engine, planned: FakeCloud
) -> None:
    stack = planned.orchestration.stacks.add("mine", "UPDATE_IN_PROGRESS")
    planned.orchestration.resources.add("id-mine", "a", "UPDATE_FAILED")

    def stop(stack_id: str) -> None:
        stack.stack_status = "UPDATE_FAILED"

    planned.orchestration.actions.cancel_without_rollback = stop
    execution = engine.run(CANCEL, container="mine")
    assert execution.state == "SUCCESS"
    assert execution.output["stack_status"] == "UPDATE_FAILED"
    assert "Not complete: a UPDATE_FAILED." in execution.output["message"]
    assert posted(planned)["payload"]["unfinished"][0]["path"] == "a"


def test_nothing_to_stop(engine: Engine, planned: FakeCloud) -> None:
    execution = engine.run(CANCEL, container="mine")
    assert execution.output["message"] == (
        "Cancelled on plan mine: nothing. It has no stack."
    )
    assert "watch" not in execution.ran


def test_heat_that_does_not_answer_is_told(
    engine: Engine, planned: FakeCloud
) -> None:
    planned.orchestration.stacks.get = refusing(refused("Heat"))
    execution = engine.run(CANCEL, container="mine")
    assert_failed(execution, planned, CANCEL, str(refused("Heat")))
