from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from tripleo_common.tests.unit.undercloud.test_following import resource
from tripleo_common.undercloud import demo, errors


class Client:
    """An undercloud on which the deployment begins as *outcome* tells."""

    heat = None

    def __init__(self, outcome, told=True):
        self.outcome = outcome
        self.told = told
        self.actions = []

    def run_action(self, name, **inputs):
        self.actions.append((name, inputs))

    def start_workflow(self, name, **inputs):
        self.started = (name, inputs)
        return "1234"

    def wait_for_execution(self, execution, timeout):
        return "SUCCESS", self.outcome

    def messages(self, queue):
        assert queue == self.started[1]["queue_name"]
        if self.told:
            payload = {**self.outcome, "execution_id": "1234"}
            yield {"type": self.started[0], "payload": payload}


@pytest.fixture
def run(monkeypatch):
    """Run the demo; whether it went well, and what it told."""

    def run(client, status="CREATE_COMPLETE", found=()):
        monkeypatch.setattr(demo, "prepare", lambda *_, **__: {})
        monkeypatch.setattr(
            demo.following,
            "Follower",
            lambda heat, plan: SimpleNamespace(follow=lambda *_: status),
        )
        monkeypatch.setattr(
            demo.following, "resources", lambda heat, plan: list(found)
        )
        screen = io.StringIO()
        went_well = demo.Demo(client, Console(file=screen, width=100)).run()
        return went_well, screen.getvalue()

    return run


BEGUN = {"status": "SUCCESS", "message": "It has begun."}


def test_a_cloud_is_told_with_the_time_that_each_step_took(run):
    client = Client(BEGUN)
    found = [resource("root", "Controller", "1")]
    went_well, told = run(client, found=found)
    assert went_well
    assert "SUCCESS: It has begun." in told
    assert "create the stack" in told
    assert told.endswith("overcloud CREATE_COMPLETE: 1 resources\n")
    assert client.actions[0][0] == "tripleo.parameters.update"


def test_a_failure_is_told_with_the_path_of_what_failed(run):
    found = [
        resource("root", "Controller", "1", "CREATE_FAILED", "inside"),
        resource("1", "Server", "2", "CREATE_FAILED", "no host"),
    ]
    went_well, told = run(Client(BEGUN), "CREATE_FAILED", found)
    assert not went_well
    assert "Controller.Server: no host" in told
    assert "overcloud CREATE_FAILED: 2 resources" in told


def test_a_deployment_that_does_not_begin_is_told(run):
    with pytest.raises(errors.ActionFailed, match="Heat is away"):
        run(Client({"status": "FAILED", "message": "Heat is away."}))


def test_without_a_message_the_executions_output_tells(run):
    went_well, told = run(Client(BEGUN, told=False))
    assert went_well
    assert "no message came" in told
    assert "SUCCESS: It has begun." in told
