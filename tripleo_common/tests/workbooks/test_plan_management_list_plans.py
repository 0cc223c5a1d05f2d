"""The workflow that lists plans."""

from __future__ import annotations

import pytest

from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    assert_failed,
    assert_told,
    posted,
    refused,
    refusing,
)

LIST = "tripleo.plan_management.v1.list_plans"


def test_plans_are_listed(engine: Engine, cloud: FakeCloud) -> None:
    for name in ("mine", "yours"):
        cloud.add_plan(name, {})
    execution = engine.run(LIST)
    assert execution.output == {
        "status": "SUCCESS",
        "message": "2 plans.",
        "plans": ["mine", "yours"],
        "incomplete_plans": [],
    }
    assert_told(execution, cloud, LIST, "SUCCESS", "2 plans.")
    assert posted(cloud)["payload"]["plans"] == ["mine", "yours"]


def test_half_plans_are_told_apart(engine: Engine, cloud: FakeCloud) -> None:
    cloud.add_plan("mine", {})
    Plan(cloud, "begun").create_container()
    execution = engine.run(LIST)
    assert execution.output["message"] == "1 plans, and 1 incomplete."
    assert execution.output["plans"] == ["mine"]
    half = {"name": "begun", "missing": "environment"}
    assert execution.output["incomplete_plans"] == [half]
    assert posted(cloud)["payload"]["incomplete_plans"] == [half]


def test_no_plans_are_a_list_too(engine: Engine, cloud: FakeCloud) -> None:
    """Clients since Rocky wait for the key, not for what is in it."""
    engine.run(LIST)
    assert posted(cloud)["payload"]["plans"] == []
    assert posted(cloud)["payload"]["incomplete_plans"] == []


@pytest.mark.parametrize("works_for", [0, 1])
def test_a_listing_that_fails_is_told(
    engine: Engine, cloud: FakeCloud, works_for: int
) -> None:
    environments = cloud.workflow.environments
    working = [environments.list] * works_for
    refuse = refusing(refused("Mistral"))
    environments.list = lambda **asked: (working or [refuse]).pop()(**asked)
    execution = engine.run(LIST)
    assert_failed(execution, cloud, LIST, str(refused("Mistral")))


def test_the_output_outlives_the_message(
    engine: Engine, cloud: FakeCloud
) -> None:
    cloud.add_plan("mine", {})
    cloud.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(LIST)
    assert execution.state == "SUCCESS"
    assert execution.output["plans"] == ["mine"]
