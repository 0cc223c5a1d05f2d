"""The workflow that deletes plans."""

from __future__ import annotations

import copy

import pytest

from tripleo_common import errors
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    assert_failed,
    assert_succeeded,
    refused,
    refusing,
)

DELETE = "tripleo.plan_management.v1.delete_deployment_plan"


def test_a_plan_is_deleted(engine: Engine, cloud: FakeCloud) -> None:
    cloud.add_plan("mine", TEMPLATES)
    cloud.object_store.add("mine-messages", {"a": "A"}, plan=False)
    execution = engine.run(DELETE, container="mine")
    assert_succeeded(execution, cloud, DELETE, "Plan mine deleted.")
    assert cloud.object_store.containers == {}
    assert cloud.workflow.environments.variables == {}


def test_a_plan_whose_stack_stands_is_not_deleted(
    engine: Engine, cloud: FakeCloud
) -> None:
    cloud.add_plan("mine", TEMPLATES)
    cloud.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    before = copy.deepcopy(cloud.object_store.containers)
    execution = engine.run(DELETE, container="mine")
    error = errors.StackInUse("mine", "CREATE_COMPLETE")
    assert_failed(execution, cloud, DELETE, str(error))
    assert cloud.object_store.containers == before
    assert "mine" in cloud.workflow.environments.plans


def test_what_is_no_plan_stays(engine: Engine, cloud: FakeCloud) -> None:
    cloud.workflow.environments.variables["ssh_keys"] = {"private_key": "x"}
    execution = engine.run(DELETE, container="ssh_keys")
    error = errors.NotAPlan("ssh_keys", "Mistral environment")
    assert_failed(execution, cloud, DELETE, str(error))
    assert "ssh_keys" in cloud.workflow.environments.variables


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("orchestration.stacks", "get"),
        ("object_store", "get_account"),
        ("object_store", "delete_container"),
    ],
)
def test_a_deletion_that_failed_can_be_repeated(
    engine: Engine,
    cloud: FakeCloud,
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    call: str,
) -> None:
    cloud.add_plan("mine", TEMPLATES)
    target = cloud
    for name in service.split("."):
        target = getattr(target, name)
    with monkeypatch.context() as patch:
        patch.setattr(target, call, refusing(refused("It")))
        execution = engine.run(DELETE, container="mine")
    assert_failed(execution, cloud, DELETE, str(refused("It")))
    assert engine.run(DELETE, container="mine").state == "SUCCESS"
    assert cloud.object_store.containers == {}
    assert cloud.workflow.environments.variables == {}


def test_a_plan_is_gone_whether_its_message_arrives_or_not(
    engine: Engine, cloud: FakeCloud
) -> None:
    cloud.add_plan("mine", TEMPLATES)
    cloud.messaging.queue = refusing(ZAQAR_DOWN)
    assert engine.run(DELETE, container="mine").state == "SUCCESS"
    assert cloud.object_store.containers == {}
