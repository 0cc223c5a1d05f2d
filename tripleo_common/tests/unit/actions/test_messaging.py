from __future__ import annotations

from types import SimpleNamespace

import pytest

from tripleo_common.actions.messaging import NotifyAction
from tripleo_common.clients import Cloud


@pytest.fixture
def context(cloud, monkeypatch):
    monkeypatch.setattr(Cloud, "of_request", lambda security: cloud)
    for name in ("own", "other"):
        cloud.workflow.executions.known[name] = SimpleNamespace(
            id=name,
            workflow_name=f"tripleo.{name}.v1",
            input="{}",
            created_at="",
            updated_at="",
        )
    return SimpleNamespace(
        security=None, execution=SimpleNamespace(workflow_execution_id="own")
    )


def test_the_message_is_about_the_workflow_that_asks(cloud, context):
    NotifyAction(queue_name="q", payload={"plans": []}).run(context)
    ((queue, body),) = cloud.messaging.posted
    assert queue == "q"
    assert body["type"] == "tripleo.own.v1"
    assert body["payload"]["plans"] == []


def test_another_execution_and_type_can_be_told(cloud, context):
    NotifyAction(execution_id="other", type="mine").run(context)
    ((queue, body),) = cloud.messaging.posted
    assert queue == "tripleo"
    assert body["type"] == "mine"
    assert body["payload"]["execution_id"] == "other"


def test_the_queue_is_the_one_that_the_workflow_was_asked_to_tell(
    cloud, context
):
    cloud.workflow.executions.known["own"].input = '{"queue_name": "mine"}'
    NotifyAction().run(context)
    ((queue, _),) = cloud.messaging.posted
    assert queue == "mine"


def test_called_outside_of_a_workflow_it_fails_with_advice(cloud, context):
    context.execution.workflow_execution_id = None
    assert "pass execution_id" in NotifyAction().run(context).error
    assert not cloud.messaging.posted
