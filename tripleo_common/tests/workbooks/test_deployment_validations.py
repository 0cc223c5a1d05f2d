"""Validations before and after a deployment."""

from __future__ import annotations

from typing import Any

import pytest

from tripleo_common.deployments import watching
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks import validations
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.validations import playbooks

DEPLOY = "tripleo.deployment.v1.deploy_plan"
NOT_DEPLOYED = f"Plan mine was not deployed. {validations.FAILED}"


@pytest.fixture
def planned(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> FakeCloud:
    """A cloud with a plan, and a Heat that deploys it at once."""
    monkeypatch.setattr(watching, "PATIENCE", -1)
    cloud.add_plan("mine", TEMPLATES)
    stacks = cloud.orchestration.stacks
    create = stacks.create

    def create_at_once(**arguments: Any) -> Any:
        stacks.add("mine", "CREATE_COMPLETE")
        return create(**arguments)

    monkeypatch.setattr(stacks, "create", create_at_once)
    return cloud


def ending(cloud: FakeCloud) -> tuple[str, str]:
    """The status and the text of the deployment's one message."""
    ((status, message),) = [
        (body["payload"]["status"], body["payload"]["message"])
        for _, body in cloud.messaging.posted
        if body["type"] == DEPLOY
    ]
    return status, message


def test_what_passes_is_deployed(
    engine: Engine, planned: FakeCloud, ran: list[Any]
) -> None:
    execution = engine.run(DEPLOY, container="mine", run_validations=True)
    assert execution.state == "SUCCESS"
    assert [job["playbook"] for job in ran] == ["good.yaml"]
    assert len(planned.orchestration.stacks.created) == 1
    assert ending(planned)[0] == "SUCCESS"


def test_what_fails_is_not_deployed(
    engine: Engine, planned: FakeCloud, ran: list[Any]
) -> None:
    bad = validations.PLAYBOOK.format("pre-deployment").encode()
    stored = planned.object_store.containers[playbooks.CONTAINER]
    stored["bad.yaml"] = (bad, "text/plain")
    execution = engine.run(DEPLOY, container="mine", run_validations=True)
    assert (execution.state, execution.state_info) == ("ERROR", NOT_DEPLOYED)
    assert ending(planned) == ("FAILED", NOT_DEPLOYED)
    assert planned.orchestration.stacks.created == []


def test_without_validations_nothing_is_promised(
    engine: Engine, planned: FakeCloud
) -> None:
    execution = engine.run(DEPLOY, container="mine", run_validations=True)
    assert execution.state == "ERROR"
    assert "There is no validation in the groups" in execution.state_info
    assert planned.orchestration.stacks.created == []


def test_in_the_end_servers_are_validated(
    engine: Engine, planned: FakeCloud, ran: list[Any]
) -> None:
    execution = engine.run(
        DEPLOY, container="mine", run_validations=True, wait=True
    )
    assert (execution.state, execution.state_info) == (
        "ERROR",
        validations.FAILED,
    )
    assert ending(planned) == ("FAILED", validations.FAILED)
    assert len(planned.orchestration.stacks.created) == 1
    names = sorted(job["playbook"] for job in ran)
    assert names == ["bad.yaml", "empty.yaml", "good.yaml"]
