"""Who changes a plan, where many want to: on the real Mistral."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent import futures
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.clients import Cloud
from tripleo_common.plans import lease, operation
from tripleo_common.plans.lease import Lease
from tripleo_common.tests.functional import plans
from tripleo_common.tests.functional.test_undercloud import wait_until
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.paths import Paths

UPDATE = "tripleo.plan_management.v1.update_deployment_plan"
DEPLOY = "tripleo.deployment.v1.deploy_plan"
PROCESSES = 8
# Few, since each run has to be quick; 200 and 50 for a thorough one.
ROUNDS = int(os.environ.get("TRIPLEO_UNDERCLOUD_LEASE_ROUNDS", "3"))
CHANGES = int(os.environ.get("TRIPLEO_UNDERCLOUD_LEASE_CHANGES", "5"))

# One process imports the clients, the others are its copies.
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload([__name__, "mistralclient.api.client"])


def _cloud(state: str) -> Cloud:
    return Cloud(Client(Paths.find(state)).session)


def _race(state: str, plan: str, barrier: Barrier, won: list[int]) -> None:
    """Try once a round, all at once; the winner waits for the others."""
    cloud = _cloud(state)
    for number in range(ROUNDS):
        wanted = Lease(cloud, plan)
        barrier.wait(120)
        winner = wanted._attempt() is None
        barrier.wait(120)
        if winner:
            won.append(number)
            wanted._release()
        barrier.wait(120)


def _hold_for_ever(
    state: str, plan: str, lifetime: float, started: Barrier
) -> None:
    lease._lifetime = lambda: lifetime  # type: ignore[attr-defined]
    with (
        operation.running(
            "tripleo.deployment.v1.deploy_plan", "id-7", "eva", "staff"
        ),
        Lease(_cloud(state), plan).held(),
    ):
        started.wait(120)
        signal.pause()


@contextlib.contextmanager
def _holder(state: str, plan: str, lifetime: float) -> Iterator[Any]:
    """A process that holds the plan's lease and does not renew it."""
    started = _SERVER.Barrier(2)
    holder = _SERVER.Process(
        target=_hold_for_ever, args=(state, plan, lifetime, started)
    )
    holder.start()
    try:
        started.wait(120)
        yield holder
    finally:
        holder.kill()
        holder.join()


@pytest.fixture
def plan(undercloud: Client):
    """A plan's name; its leases go when the test ends."""
    name = plans.new_name()
    yield name
    for each in undercloud.mistral.environments.list():
        if each.name.startswith(f"lease.{name}."):
            undercloud.mistral.environments.delete(each.name)


def test_of_many_processes_one_wins_each_round(
    undercloud: Client, plan: str
) -> None:
    state = str(undercloud.paths.state)
    with _SERVER.Manager() as manager:
        won = manager.list()
        barrier = _SERVER.Barrier(PROCESSES)
        processes = [
            _SERVER.Process(target=_race, args=(state, plan, barrier, won))
            for _ in range(PROCESSES)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert Counter(won) == dict.fromkeys(range(ROUNDS), 1)


def test_a_killed_holders_plan_is_taken_over_at_once(
    undercloud: Client, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = str(undercloud.paths.state)
    monkeypatch.setattr(lease, "PATIENCE", 0)
    wanted = Lease(_cloud(state), plan)
    with (
        _holder(state, plan, lifetime=600),
        pytest.raises(
            errors.PlanBusy,
            match=rf"Plan {plan} is being changed by tripleo\.deployment"
            r"\.v1\.deploy_plan \(execution id-7, user eva\), since 20.*"
            r"\([0-9]+ seconds ago\).*try again",
        ),
        wanted.held(),
    ):
        pass
    with wanted.held():
        assert wanted._generation == 2


def test_a_holder_that_stands_still_is_succeeded(
    undercloud: Client, plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = str(undercloud.paths.state)
    monkeypatch.setattr(lease, "SKEW", 0.5)
    monkeypatch.setattr(lease, "PATIENCE", 120)
    wanted = Lease(_cloud(state), plan)
    with _holder(state, plan, lifetime=3), wanted.held():
        assert wanted._generation == 2


def test_an_execution_says_what_it_waits_for(undercloud: Client) -> None:
    """Until it gives up, or until the holder is killed."""

    def description(execution: str) -> str:
        found = undercloud.mistral.executions.get(execution)
        return str(found.description or "")

    state = str(undercloud.paths.state)
    with plans.small(undercloud) as plan:
        said = (
            f"for plan {plan}, which {{}} being changed by tripleo.deployment."
            "v1.deploy_plan (execution id-7, user eva) since 20"
        )
        with _holder(state, plan, lifetime=3600) as holder:
            loser = undercloud.start_workflow(UPDATE, container=plan)
            ended, output = undercloud.wait_for_execution(loser)
            assert ended == "ERROR"
            assert "(execution id-7, user eva), since" in output["message"]
            assert " seconds ago). Wait until" in output["message"]
            waited = f"Waited {said.format('was')}"
            assert description(loser).startswith(waited)

            winner = undercloud.start_workflow(UPDATE, container=plan)
            waits = f"Waiting {said.format('is')}"
            wait_until(
                "the execution to say that it waits",
                lambda: description(winner).startswith(waits),
            )
            holder.kill()
            ended, output = undercloud.wait_for_execution(winner)
            assert (ended, output["status"]) == ("SUCCESS", "SUCCESS")
            assert description(winner).startswith(waited)


def test_workflows_at_once_lose_nothing(undercloud: Client) -> None:
    """Two updates, and a deployment between them."""
    with plans.small(undercloud) as plan:
        told: list[dict[str, Any]] = [{"first": {"a": 1}}, {"second": 2}]
        executions = [
            undercloud.start_workflow(
                UPDATE, container=plan, plan_environment=told[0]
            ),
            undercloud.start_workflow(DEPLOY, container=plan),
            undercloud.start_workflow(
                UPDATE, container=plan, plan_environment=told[1]
            ),
        ]
        for execution in executions:
            ended, output = undercloud.wait_for_execution(execution)
            assert ended == "SUCCESS", output
        _, mirror = undercloud.swift.get_object(plan, "plan-environment.yaml")
        assert yaml.safe_load(mirror).items() >= {**told[0], **told[1]}.items()
        *later, _ = undercloud.run_action(
            "tripleo.plan.history", container=plan
        )
        added = {
            each["execution"]: each["changes"]["other"]["added"]
            for each in later
        }
        assert added == {executions[0]: ["first"], executions[2]: ["second"]}


def test_two_callers_lose_nothing(undercloud: Client) -> None:
    def update(caller: str, plan: str) -> None:
        for number in range(CHANGES):
            undercloud.run_action(
                "tripleo.parameters.update",
                container=plan,
                parameters={f"{caller}{number}": number},
            )

    with plans.small(undercloud) as plan:
        with futures.ThreadPoolExecutor(2) as pool:
            tasks = [pool.submit(update, each, plan) for each in "AB"]
            for task in tasks:
                task.result()
        variables = undercloud.mistral.environments.get(plan).variables
        assert variables["parameter_defaults"] == {
            f"{caller}{number}": number
            for caller in "AB"
            for number in range(CHANGES)
        }
