"""The workflow that other packages' workflows tell their end with."""

from __future__ import annotations

from typing import Any

import pytest
from mistral import exceptions as mistral_errors

from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.engine import Engine, Execution
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    posted,
    refusing,
)

SEND = "tripleo.messaging.v1.send"
WORK = "somebody.else.v1.work"
WORKBOOK = """
version: '2.0'
name: somebody.else.v1
workflows:
  work:
    input:
      - status: SUCCESS
      - message: Done.
      - payload: {found: 3}
      - cloud_name: null
      - admin_password: null
    tasks:
      tell:
        workflow: tripleo.messaging.v1.send
        input:
          queue_name: tripleo
          type: <% execution().name %>
          execution: <% execution() %>
          status: <% $.status %>
          message: <% $.message %>
          payload: <% $.payload %>
          plan_name: <% $.cloud_name %>
"""


@pytest.fixture(scope="module")
def _somebody_elses(running_engine: Engine) -> None:
    """A workflow of another package, which tells its end."""
    running_engine.load(WORKBOOK)


@pytest.fixture(autouse=True)
def _work(_somebody_elses: None, cloud: FakeCloud) -> None:
    """Each test has it, and a cloud."""


def sent(engine: Engine) -> Execution:
    """The execution of the sub-workflow."""
    return engine.execution(engine.executions()[SEND])


def test_the_message_is_about_the_workflow_that_sends(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(WORK)
    assert execution.state == "SUCCESS"
    body = posted(cloud)
    payload = body["payload"]
    assert body["type"] == WORK
    assert (payload["status"], payload["message"]) == ("SUCCESS", "Done.")
    assert payload["found"] == 3
    assert payload["execution"]["name"] == WORK
    assert payload["execution"]["id"] == execution.id
    assert payload["execution_id"] == execution.id
    assert payload["root_execution_id"] == execution.id


def test_the_outputs_are_what_was_sent(
    engine: Engine, cloud: FakeCloud
) -> None:
    engine.run(WORK)
    assert sent(engine).output == posted(cloud)


def test_secrets_in_the_workflows_input_are_masked(
    engine: Engine, cloud: FakeCloud
) -> None:
    engine.run(WORK, admin_password="of-admin")
    asked = posted(cloud)["payload"]["execution"]["input"]
    assert asked["admin_password"] == "***"
    assert asked["message"] == "Done."


def test_a_failure_that_was_told_fails_the_workflow(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(WORK, status="FAILED", message="No power.")
    payload = posted(cloud)["payload"]
    assert (payload["status"], payload["message"]) == ("FAILED", "No power.")
    assert (sent(engine).state, execution.state) == ("ERROR", "ERROR")
    assert sent(engine).state_info == "No power."
    assert "No power." in str(execution.state_info)


@pytest.mark.parametrize("failures", [1, 5])
def test_a_queue_that_comes_back_gets_the_message_once(
    engine: Engine, cloud: FakeCloud, failures: int
) -> None:
    queue, down = cloud.messaging.queue, refusing(ZAQAR_DOWN)
    answers = iter([*[down] * failures, queue])

    def answer(*args: Any, **kwargs: Any) -> Any:
        return next(answers)(*args, **kwargs)

    cloud.messaging.queue = answer
    execution = engine.run(WORK)
    assert execution.state == "SUCCESS"
    assert posted(cloud)["payload"]["message"] == "Done."
    assert engine.delays == [1] * failures


def test_a_queue_that_stays_down_is_tried_six_times(
    engine: Engine, cloud: FakeCloud
) -> None:
    cloud.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(WORK)
    assert execution.state == "ERROR"
    assert str(ZAQAR_DOWN) in str(sent(engine).state_info)
    assert engine.delays == [1] * 5
    assert sent(engine).ran == ["post"]


def test_a_failure_keeps_its_reason_when_the_queue_is_down(
    engine: Engine, cloud: FakeCloud
) -> None:
    cloud.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(WORK, status="FAILED", message="No power.")
    assert execution.state == "ERROR"
    assert sent(engine).state_info == "No power."
    assert engine.delays == [1] * 5


def test_the_status_is_one_that_clients_know(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(WORK, status="BROKEN")
    assert execution.state == "ERROR"
    assert "not 'BROKEN'" in str(sent(engine).state_info)
    assert cloud.messaging.posted == []


def test_the_plan_that_the_caller_names_is_told(
    engine: Engine, cloud: FakeCloud
) -> None:
    engine.run(WORK, cloud_name="mine")
    assert posted(cloud)["payload"]["plan_name"] == "mine"


def test_an_execution_is_needed(engine: Engine) -> None:
    with pytest.raises(mistral_errors.InputException, match="execution"):
        engine.run(SEND, message="Done.")


def test_undeclared_inputs_are_refused(engine: Engine) -> None:
    with pytest.raises(mistral_errors.InputException, match="unheard_of"):
        engine.run(SEND, execution={"id": "1"}, unheard_of=True)


BROKEN = """
version: '2.0'
name: tripleo.broken.v1
workflows:
  work:
    input:
      - admin_password: correct-horse
      - queue_name: tripleo
    tasks:
      step:
        action: std.noop
        publish:
          lost: <% $.no_such_thing.at_all %>
        on-error: noop
"""
REPORT = "tripleo.messaging.v1.report"


@pytest.fixture(scope="module")
def _broken(running_engine: Engine) -> None:
    """A workflow whose expression fails."""
    running_engine.load(BROKEN)


@pytest.mark.usefixtures("_broken")
def test_what_mistral_ended_is_reported_in_its_words(
    engine: Engine, cloud: FakeCloud
) -> None:
    broken = engine.run("tripleo.broken.v1.work")
    assert broken.state == "ERROR"
    assert cloud.messaging.posted == []
    assert engine.run(REPORT, execution_id=broken.id).state == "SUCCESS"
    body = posted(cloud)
    payload = body["payload"]
    assert body["type"] == "tripleo.broken.v1.work"
    assert payload["status"] == "FAILED"
    assert "no_such_thing.at_all" in payload["message"]
    assert "Traceback" not in payload["message"]
    assert payload["execution_id"] == broken.id
    assert "correct-horse" not in str(body)


def test_a_report_waits_ten_minutes_for_the_queue(
    engine: Engine, cloud: FakeCloud
) -> None:
    about = engine.run(WORK).id
    cloud.messaging.posted.clear()
    queue, down = cloud.messaging.queue, refusing(ZAQAR_DOWN)
    answers = iter([down, down, queue])

    def answer(*args: Any, **kwargs: Any) -> Any:
        return next(answers)(*args, **kwargs)

    cloud.messaging.queue = answer
    assert engine.run(REPORT, execution_id=about).state == "SUCCESS"
    assert posted(cloud)["payload"]["execution_id"] == about
    assert engine.delays == [10, 10]
