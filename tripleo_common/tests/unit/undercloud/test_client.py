from __future__ import annotations

import json
from typing import Any

import pytest
import requests_mock
from keystoneauth1 import token_endpoint
from keystoneauth1.session import Session

from tripleo_common.undercloud import client, errors, passwords, state
from tripleo_common.undercloud.paths import Paths

URL = "http://127.0.0.1:4001/v2"


@pytest.fixture
def undercloud(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> client.Client:
    state.choose(paths, state.Wanted(4000), False)
    passwords.ensure(paths)
    monkeypatch.setattr(client, "POLL", 0)
    found = client.Client(paths)
    found.session = Session(auth=token_endpoint.Token("http://none", "token"))
    return found


def execution(name: str, output: Any, info: str | None = None) -> Any:
    return {"state": name, "output": json.dumps(output), "state_info": info}


def test_an_actions_result_is_returned(
    undercloud: client.Client, requests_mock: requests_mock.Mocker
) -> None:
    answer = execution("SUCCESS", {"result": ["overcloud"]})
    sent = requests_mock.post(f"{URL}/action_executions", json=answer)
    assert undercloud.run_action("tripleo.plan.list", name="x") == [
        "overcloud"
    ]
    body = sent.last_request.json()
    assert json.loads(body["input"]) == {"name": "x"}
    assert json.loads(body["params"]) == {"run_sync": True}


def test_an_actions_error_is_mistrals_text(
    undercloud: client.Client, requests_mock: requests_mock.Mocker
) -> None:
    answer = execution("ERROR", {"result": "There is no plan x."})
    requests_mock.post(f"{URL}/action_executions", json=answer)
    with pytest.raises(errors.ActionFailed) as caught:
        undercloud.run_action("tripleo.plan.delete", container="x")
    assert str(caught.value) == (
        "tripleo.plan.delete failed: There is no plan x."
    )


def test_a_workflow_is_awaited(
    undercloud: client.Client, requests_mock: requests_mock.Mocker
) -> None:
    requests_mock.post(f"{URL}/executions", json={"id": "e1"})
    requests_mock.get(
        f"{URL}/executions/e1",
        [
            {"json": execution("RUNNING", None)},
            {"json": execution("SUCCESS", {"status": "SUCCESS"})},
        ],
    )
    output = undercloud.run_workflow("tripleo.example", container="x")
    assert output == {"status": "SUCCESS"}


def test_a_failed_workflow_tells_its_message(
    undercloud: client.Client, requests_mock: requests_mock.Mocker
) -> None:
    requests_mock.post(f"{URL}/executions", json={"id": "e1"})
    failed = execution("ERROR", {"message": "No room."}, "Failure caused ...")
    requests_mock.get(f"{URL}/executions/e1", json=failed)
    with pytest.raises(errors.ActionFailed, match=r"\(e1\) failed: No room."):
        undercloud.run_workflow("tripleo.example")


def test_without_a_message_there_is_mistrals(
    undercloud: client.Client, requests_mock: requests_mock.Mocker
) -> None:
    failed = execution("ERROR", {}, "The expression is wrong.")
    requests_mock.get(f"{URL}/executions/e1", json=failed)
    ended, output = undercloud.wait_for_execution("e1")
    assert ended == "ERROR"
    assert output == {"message": "The expression is wrong."}


def test_waiting_is_bounded(
    undercloud: client.Client, requests_mock: requests_mock.Mocker
) -> None:
    running = execution("RUNNING", None)
    requests_mock.get(f"{URL}/executions/e1", json=running)
    with pytest.raises(errors.WaitedTooLong, match="workflow execution e1"):
        undercloud.wait_for_execution("e1", timeout=0.01)


def test_all_pages_of_a_queue_are_read(
    undercloud: client.Client, requests_mock: requests_mock.Mocker
) -> None:
    def page(bodies: list[int], marker: int) -> Any:
        href = f"/v2/queues/tripleo/messages?marker={marker}"
        messages = [{"body": body} for body in bodies]
        return {"messages": messages, "links": [{"href": href}]}

    base = "http://127.0.0.1:4002/v2/queues/tripleo/messages"
    requests_mock.get(base, json=page([1, 2], 2))
    requests_mock.get(f"{base}?marker=2", json=page([3], 3))
    requests_mock.get(f"{base}?marker=3", json=page([], 3))
    assert list(undercloud.messages("tripleo")) == [1, 2, 3]
