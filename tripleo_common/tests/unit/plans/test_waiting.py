from __future__ import annotations

from types import SimpleNamespace

import pytest

from tripleo_common import errors
from tripleo_common.plans import operation
from tripleo_common.plans.waiting import Notice

HOLDER = "tripleo.deployment.v1.deploy_plan (execution id-7, user admin)"
WAITING = f"Waiting for plan mine, which is being changed by {HOLDER} since T."
WAITED = f"Waited for plan mine, which was being changed by {HOLDER} since T."


@pytest.fixture
def executions(cloud):
    cloud.workflow.executions.known["id-1"] = SimpleNamespace(description="")
    return cloud.workflow.executions


def wait(cloud, execution="id-1"):
    with (
        operation.running("update", execution),
        Notice(cloud, "mine") as notice,
    ):
        for _ in range(3):
            notice.tell(HOLDER, "T")


def test_the_execution_says_it_once(cloud, executions):
    wait(cloud)
    assert executions.described == [("id-1", WAITING), ("id-1", WAITED)]


def test_its_own_description_comes_back(cloud, executions):
    executions.known["id-1"].description = "of somebody"
    wait(cloud)
    assert executions.described[-1] == ("id-1", "of somebody")


def test_who_does_not_wait_says_nothing(cloud, executions):
    with operation.running("update", "id-1"), Notice(cloud, "mine"):
        pass
    assert executions.described == []


def test_a_call_of_an_action_has_no_execution(cloud, executions):
    wait(cloud, "")
    assert executions.described == []


def test_a_wait_that_cannot_be_told_is_a_wait(cloud, executions):
    def refuse(*args, **named):
        raise errors.ServiceError("Mistral", "it", "HTTP 403", "Ask.")

    executions.get = executions.update = refuse
    wait(cloud)
