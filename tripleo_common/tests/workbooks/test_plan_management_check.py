"""The workflow that looks at a plan before it is deployed."""

from __future__ import annotations

from tripleo_common import errors
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    assert_failed,
    assert_told,
    posted,
)

CHECK = "tripleo.plan_management.v1.check_deployment_plan"


def test_what_is_found_is_told(engine: Engine, cloud: FakeCloud) -> None:
    cloud.add_plan("mine", TEMPLATES)
    execution = engine.run(CHECK, container="mine")
    output = execution.output
    assert execution.state == "SUCCESS"
    assert output["ready"] is False
    (finding,) = [f for f in output["findings"] if f["check"] == "nodes"]
    assert finding["status"] == "failed"
    count = len(output["findings"])
    message = f"Plan mine is not ready to be deployed; {count} findings."
    assert output["message"] == message
    assert_told(execution, cloud, CHECK, "SUCCESS", message)
    assert posted(cloud)["payload"]["findings"] == output["findings"]
    assert posted(cloud)["payload"]["ready"] is False


def test_a_plan_that_is_ready(engine: Engine, cloud: FakeCloud) -> None:
    cloud.add_plan("mine", TEMPLATES)
    # As Heat tells it where nothing is missing.
    cloud.orchestration.stacks.validate = lambda **_: {}
    for name in ("one", "two"):
        cloud.machines.add_node(
            name, provision_state="available", maintenance=False
        )
    execution = engine.run(CHECK, container="mine")
    assert execution.output["ready"] is True
    assert execution.output["message"].startswith("Plan mine is ready")


def test_what_is_not_there_cannot_be_checked(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(CHECK, container="mine")
    error = errors.PlanNotFound("mine")
    assert_failed(execution, cloud, CHECK, str(error))
