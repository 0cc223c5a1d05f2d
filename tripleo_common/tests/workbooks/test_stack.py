"""The workflows that watch and delete stacks."""

from __future__ import annotations

import pytest

from tripleo_common.deployments import watching
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    assert_failed,
    assert_succeeded,
    posted,
    refused,
    refusing,
)

NAME = "tripleo.stack.v1."
ENDED = NAME + "wait_for_stack_complete_or_failed"
GONE = NAME + "wait_for_stack_does_not_exist"
BEGUN = NAME + "wait_for_stack_in_progress"
DELETE = NAME + "delete_stack"


@pytest.fixture(autouse=True)
def _short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "PATIENCE", -1)


@pytest.mark.parametrize(
    ("workflow", "then"),
    [(ENDED, "UPDATE_COMPLETE"), (BEGUN, "UPDATE_IN_PROGRESS")],
)
def test_a_stack_is_looked_at_until_it_is_so_far(
    engine: Engine,
    cloud: FakeCloud,
    monkeypatch: pytest.MonkeyPatch,
    workflow: str,
    then: str,
) -> None:
    before = {ENDED: "UPDATE_IN_PROGRESS", BEGUN: "CREATE_COMPLETE"}[workflow]
    stack = cloud.orchestration.stacks.add("mine", before)
    looks = iter([before, before, then])

    def get(name: str, resolve_outputs: bool = True) -> object:
        stack.stack_status = next(looks)
        return stack

    monkeypatch.setattr(cloud.orchestration.stacks, "get", get)
    execution = engine.run(workflow, stack="mine")
    told = f"The stack mine is {then}."
    assert_succeeded(execution, cloud, workflow, told)
    assert next(looks, None) is None


def test_a_failed_stack_fails_with_its_first_cause(
    engine: Engine, cloud: FakeCloud
) -> None:
    cloud.orchestration.stacks.add("mine", "CREATE_FAILED")
    resources = cloud.orchestration.resources
    resources.add("id-mine", "outer", "CREATE_FAILED")
    resources.add(
        "id-outer",
        "inner",
        "CREATE_FAILED",
        resource_status_reason="no such image",
    )
    told = (
        "The stack mine is CREATE_FAILED. outer.inner (OS::Heat::Value): no "
        "such image. For more run tripleo.deployment.v1.explain."
    )
    execution = engine.run(ENDED, stack="mine")
    assert_failed(execution, cloud, ENDED, told)


@pytest.mark.parametrize("workflow", [ENDED, BEGUN])
def test_a_stack_that_is_not_there(
    engine: Engine, cloud: FakeCloud, workflow: str
) -> None:
    told = "There is no stack mine. List the stacks with openstack stack list."
    assert_failed(engine.run(workflow, stack="mine"), cloud, workflow, told)


def test_a_stack_that_takes_too_long(
    engine: Engine, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.orchestration.stacks.add("mine", "UPDATE_IN_PROGRESS")
    begin = watching.begin

    def begun_long_ago(
        stack: str, timeout: int, minutes: bool = False
    ) -> dict[str, object]:
        return {
            **begin(stack, timeout, minutes),
            "deadline": "2020-01-01T00:00:00+00:00",
        }

    monkeypatch.setattr(watching, "begin", begun_long_ago)
    execution = engine.run(ENDED, stack="mine", timeout=7)
    message = posted(cloud)["payload"]["message"]
    assert "in vain, for 7 seconds. The stack mine is UPDATE_IN_PROGR" in (
        message
    )
    assert_failed(execution, cloud, ENDED, message)


def test_a_stack_that_is_gone(engine: Engine, cloud: FakeCloud) -> None:
    told = "The stack mine does not exist any more."
    assert_succeeded(engine.run(GONE, stack="mine"), cloud, GONE, told)


def test_a_deletion_that_fails(engine: Engine, cloud: FakeCloud) -> None:
    cloud.orchestration.stacks.add("mine", "DELETE_FAILED")
    told = (
        "The stack mine is DELETE_FAILED. mine (OS::Heat::Stack): because. "
        "For more run tripleo.deployment.v1.explain."
    )
    assert_failed(engine.run(GONE, stack="mine"), cloud, GONE, told)


def test_a_stack_is_deleted(engine: Engine, cloud: FakeCloud) -> None:
    cloud.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    execution = engine.run(DELETE, stack="mine")
    told = "The stack id-mine does not exist any more."
    assert_succeeded(execution, cloud, DELETE, told)
    assert cloud.orchestration.stacks.deleted == ["mine"]


def test_a_stack_that_is_not_there_need_not_be_deleted(
    engine: Engine, cloud: FakeCloud
) -> None:
    told = "There is no stack mine; nothing is to be deleted."
    assert_succeeded(engine.run(DELETE, stack="mine"), cloud, DELETE, told)


def test_heats_refusal_to_delete_is_told(
    engine: Engine, cloud: FakeCloud
) -> None:
    cloud.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    cloud.orchestration.stacks.delete = refusing(refused("Heat"))
    execution = engine.run(DELETE, stack="mine")
    assert_failed(execution, cloud, DELETE, str(refused("Heat")))


@pytest.mark.parametrize("queue", [None, "tripleo"])
def test_all_stacks_are_listed(
    engine: Engine, cloud: FakeCloud, queue: str | None
) -> None:
    cloud.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    execution = engine.run(NAME + "_heat_stacks_list", queue_name=queue)
    (stack,) = execution.output["stacks"]
    assert stack["stack_name"] == "mine"
    if queue:
        assert posted(cloud)["payload"]["stacks"] == [stack]
    else:
        assert not cloud.messaging.posted
