from __future__ import annotations

from types import SimpleNamespace

import pytest
from mistral_lib.actions import types
from mistral_lib.actions.base import ActionSerializer
from mistral_lib.actions.context import ExecutionContext

from tripleo_common import errors
from tripleo_common.actions import base, plan
from tripleo_common.clients import Cloud
from tripleo_common.plans import operation
from tripleo_common.tests.unit.test_clients import security


class Greet(base.TripleOAction):
    def __init__(self, name):
        self.name = name

    def execute(self, cloud):
        if self.name is None:
            raise errors.PlanNotFound("my_cloud")
        return {"hello": self.name[0:]}


@pytest.fixture
def context():
    return SimpleNamespace(security=security())


def test_the_result_is_what_the_work_returns(context):
    assert Greet("you").run(context) == {"hello": "you"}


def test_a_known_error_is_a_failed_result_with_its_text(context):
    result = Greet(None).run(context)
    assert isinstance(result, types.Result)
    assert result.error == str(errors.PlanNotFound("my_cloud"))


def test_an_unknown_error_is_mistrals_to_record(context):
    with pytest.raises(TypeError):
        Greet(7).run(context)


class Tell(base.TripleOAction):
    def execute(self, cloud):
        return str(operation.current())


def test_others_are_told_the_workflow_and_its_execution(context):
    context.execution = ExecutionContext(
        workflow_name="tripleo.deployment.v1.deploy_plan",
        workflow_execution_id="id-7",
    )
    assert Tell().run(context) == (
        "tripleo.deployment.v1.deploy_plan (execution id-7)"
    )
    assert str(operation.current()) == "another caller"


def test_without_a_workflow_others_are_told_the_action(context, monkeypatch):
    context.execution = ExecutionContext()
    assert Tell().run(context) == "Tell"
    monkeypatch.setattr(plan.ListPlansAction, "execute", Tell.execute)
    assert plan.ListPlansAction().run(context) == "tripleo.plan.list"
    # As executors get it.
    serializer = ActionSerializer()
    rebuilt = serializer.deserialize(
        serializer.serialize(plan.ListPlansAction())
    )
    assert rebuilt.run(context) == "tripleo.plan.list"


def test_others_are_told_the_user(context):
    context.execution = ExecutionContext()
    context.security.user_name = "eva"
    context.security.project_name = "staff"
    assert Tell().run(context) == "Tell (user eva)"


def test_an_unreachable_cloud_is_a_failed_result():
    nowhere = SimpleNamespace(
        security=security(service_catalog=None, auth_uri=None)
    )
    assert "auth_url" in Greet("you").run(nowhere).error


@pytest.mark.parametrize(
    "name",
    [
        "get_baremetal_client",
        "get_image_client",
        "get_messaging_client",
        "get_object_client",
        "get_orchestration_client",
        "get_workflow_client",
    ],
)
def test_other_peoples_actions_get_the_services_own_clients(context, name):
    client = getattr(Greet("you"), name)(context)
    assert not type(client).__module__.startswith("tripleo_common.service")
    assert isinstance(Cloud.of_request(context.security), Cloud)


def test_an_input_of_a_wrong_kind_is_a_failed_result(context):
    class Typed(Greet):
        def __init__(self, name: str) -> None:
            super().__init__(name)

    assert "The input name must be a text" in Typed(7).run(context).error


def test_an_endless_text_is_cut(context):
    class Fails(Greet):
        def execute(self, cloud):
            raise errors.InvalidInput("x" * 5_000_000)

    assert len(Fails("you").run(context).error) < 5000


def test_long_work_needs_a_token_that_lasts():
    class Deploy(Greet):
        takes_minutes = True

    ending = SimpleNamespace(
        security=security(expires_at="2020-01-01T00:00:00.000000Z")
    )
    assert "Log in again" in Deploy("you").run(ending).error
    assert Greet("you").run(ending) == {"hello": "you"}
