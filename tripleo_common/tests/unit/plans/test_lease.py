from __future__ import annotations

import datetime
import os
import subprocess

import pytest

from tripleo_common import errors
from tripleo_common.plans import lease, names, operation, processes
from tripleo_common.plans.lease import Lease

PLAN = "my_cloud"


class Clock:
    """Passes when somebody sleeps."""

    def __init__(self):
        self.seconds = 1000.0
        self.slept = 0

    def monotonic(self):
        return self.seconds

    def sleep(self, seconds):
        self.slept += 1
        self.seconds += seconds

    def now(self):
        start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        return start + datetime.timedelta(seconds=self.seconds)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(lease, "time", clock)
    monkeypatch.setattr(lease, "_now", clock.now)
    return clock


@pytest.fixture
def environments(cloud):
    return cloud.workflow.environments


def abandon(cloud, plan=PLAN):
    """A lease whose holder was killed."""
    Lease(cloud, plan)._acquire()


def test_a_lease_tells_who_holds_it_and_is_marked_when_released(
    cloud, environments, clock
):
    with (
        operation.running(
            "tripleo.deployment.v1.deploy_plan", "id-7", "admin", "staff"
        ),
        Lease(cloud, PLAN).held(),
    ):
        held = dict(environments.variables["lease.my_cloud.1"])
    owner = held.pop("owner")
    assert held.pop("process") == processes.own()
    assert held == {
        "plan": "my_cloud",
        "operation": "tripleo.deployment.v1.deploy_plan",
        "execution": "id-7",
        "user": "admin",
        "project": "staff",
        "since": "2026-01-01 00:16:40.000+00:00",
        "expiry": "2026-01-01 00:18:40.000+00:00",
        "released": False,
    }
    assert len(owner.split(":")) == 3
    assert environments.variables["lease.my_cloud.1"]["released"] is True


def test_only_the_newest_generation_is_kept(cloud, environments):
    for _ in range(12):
        with Lease(cloud, PLAN).held():
            assert len(environments.variables) == 1
    assert set(environments.variables) == {"lease.my_cloud.12"}


def test_a_failure_releases_it(cloud, clock):
    with pytest.raises(KeyError), Lease(cloud, PLAN).held():
        raise KeyError
    with Lease(cloud, PLAN).held():
        assert clock.slept == 0


def test_the_loser_waits_and_is_told_who_is_faster(cloud, clock):
    with operation.running(
        "tripleo.deployment.v1.deploy_plan", "id-7", "admin", "staff"
    ):
        abandon(cloud)
    began = clock.seconds
    with pytest.raises(errors.PlanBusy) as caught, Lease(cloud, PLAN).held():
        pass
    assert lease.PATIENCE <= clock.seconds - began < lease.PATIENCE + 1
    assert str(caught.value) == (
        "Plan my_cloud is being changed by tripleo.deployment.v1.deploy_plan "
        "(execution id-7, user admin), since 2026-01-01 00:16:40.000+00:00 "
        "(20 seconds ago). Wait until that is done (openstack workflow "
        "execution show id-7) and try again. Should its process have been "
        "killed, the plan is free from 2026-01-01 00:18:50.000+00:00 on."
    )


def test_a_loser_takes_it_as_soon_as_it_is_released(cloud, clock, monkeypatch):
    first = Lease(cloud, PLAN)
    first._acquire()

    def release_after_three(seconds):
        clock.slept += 1
        if clock.slept == 3:
            first._release()

    monkeypatch.setattr(clock, "sleep", release_after_three)
    with Lease(cloud, PLAN).held():
        assert clock.slept == 3


def test_a_dead_holders_lease_is_taken_over_after_its_end(
    cloud, environments, clock
):
    abandon(cloud)
    clock.seconds += 120 + lease.SKEW
    with Lease(cloud, PLAN).held():
        assert set(environments.variables) == {"lease.my_cloud.2"}


def test_the_lease_of_a_process_that_was_killed_here_is_free_at_once(
    cloud, environments, clock
):
    abandon(cloud)
    killed = subprocess.Popen(["sleep", "60"])
    try:
        held = processes.own().replace(f" {os.getpid()} ", f" {killed.pid} ")
        where = held.rpartition(" ")[0]
        start = processes._start(killed.pid)
        environments.variables["lease.my_cloud.1"]["process"] = (
            f"{where} {start}"
        )
        assert Lease(cloud, PLAN)._attempt() is not None
    finally:
        killed.kill()
        killed.wait()
    assert Lease(cloud, PLAN)._attempt() is None


def test_a_repeated_action_waits_for_the_lease_that_it_left(cloud, clock):
    with operation.running("tripleo.plan_management.v1.x", "id-7"):
        abandon(cloud)
        started = clock.seconds
        with Lease(cloud, PLAN).held():
            assert clock.seconds - started >= lease._lifetime() + lease.SKEW


def test_a_holder_that_stood_still_writes_no_more(cloud, clock):
    slow = Lease(cloud, PLAN)
    with slow.held():
        clock.seconds += 120 + lease.SKEW
        with (
            Lease(cloud, PLAN).held(),
            pytest.raises(errors.LeaseLost, match="120 seconds"),
        ):
            slow.check()


def test_it_does_not_write_even_if_nobody_took_over(cloud, clock):
    slow = Lease(cloud, PLAN)
    with slow.held():
        clock.seconds += 120
        with pytest.raises(errors.LeaseLost, match="lease_seconds"):
            slow.check()


def test_a_check_soon_after_asks_nobody(cloud, environments, clock):
    holder = Lease(cloud, PLAN)
    with holder.held():
        environments.requests.clear()
        clock.seconds += 39
        holder.check()
        assert not environments.requests


def test_a_check_renews_a_lease_that_a_third_has_passed_of(
    cloud, environments, clock
):
    holder = Lease(cloud, PLAN)
    with holder.held():
        for _ in range(10):
            clock.seconds += 60
            holder.check()
        with pytest.raises(errors.PlanBusy), Lease(cloud, PLAN).held():
            pass
        assert environments.requests["PUT"] == 10


def test_a_long_request_gets_a_long_lease(cloud, clock):
    holder = Lease(cloud, PLAN)
    with holder.held():
        holder.check(needed=600)
        clock.seconds += 550
        with pytest.raises(errors.PlanBusy), Lease(cloud, PLAN).held():
            pass


def test_a_lease_that_is_gone_cannot_be_renewed(cloud, environments, clock):
    holder = Lease(cloud, PLAN)
    with holder.held():
        environments.variables.clear()
        clock.seconds += 60
        with pytest.raises(errors.LeaseLost):
            holder.check()


def test_a_renewal_that_takes_too_long_does_not_count(
    cloud, environments, clock, monkeypatch
):
    holder = Lease(cloud, PLAN)
    stored = environments.update

    def slowly(**arguments):
        clock.seconds += 61
        stored(**arguments)

    with holder.held():
        clock.seconds += 60
        monkeypatch.setattr(environments, "update", slowly)
        with pytest.raises(errors.LeaseLost):
            holder.check()


def test_an_operation_within_another_does_not_wait_for_itself(
    cloud, environments, clock
):
    holder = Lease(cloud, PLAN)
    with holder.held():
        with holder.held():
            pass
        assert not environments.variables["lease.my_cloud.1"]["released"]
    assert environments.variables["lease.my_cloud.1"]["released"]
    assert clock.slept == 0


def test_who_creates_a_generation_that_came_and_went_has_not_won(
    cloud, environments, clock, monkeypatch
):
    """Between its look and its creation, two others came and went."""
    create = environments.create

    def after_two_others(**arguments):
        monkeypatch.setattr(environments, "create", create)
        for _ in range(2):
            with Lease(cloud, PLAN).held():
                pass
        assert set(environments.variables) == {"lease.my_cloud.2"}
        create(**arguments)

    monkeypatch.setattr(environments, "create", after_two_others)
    with Lease(cloud, PLAN).held():
        assert set(environments.variables) == {"lease.my_cloud.3"}
    assert clock.slept == 1


def test_the_lease_of_a_deleted_plan_leaves_no_trace(cloud, environments):
    for _ in range(2):
        with Lease(cloud, PLAN).held():
            pass
    wanted = Lease(cloud, PLAN)
    with wanted.held():
        wanted.dissolve()
    assert not environments.variables
    with wanted.held():
        assert list(environments.variables) == ["lease.my_cloud.1"]
    assert environments.variables["lease.my_cloud.1"]["released"]


@pytest.mark.parametrize("error", [errors.PlanNotFound, errors.NotAPlan])
def test_what_is_no_plan_keeps_no_lease(cloud, environments, error):
    with pytest.raises(error), Lease(cloud, PLAN).held():
        raise error(PLAN)
    assert not environments.variables


def test_who_slept_through_a_deletion_steps_back(
    cloud, environments, clock, monkeypatch
):
    """He creates a generation above that of the plan's new holder."""
    for _ in range(5):
        with Lease(cloud, PLAN).held():
            pass
    create = environments.create

    def sleep_then_create(**arguments):
        monkeypatch.setattr(environments, "create", create)
        deleter = Lease(cloud, PLAN)
        with deleter.held():
            deleter.dissolve()
        abandon(cloud)
        create(**arguments)

    monkeypatch.setattr(environments, "create", sleep_then_create)
    assert Lease(cloud, PLAN)._attempt().generation == 1
    assert list(environments.variables) == ["lease.my_cloud.1"]


def test_a_release_that_mistral_does_not_take_is_no_failure(
    cloud, environments, monkeypatch
):
    def unreachable(**arguments):
        raise errors.ServiceUnreachable("Mistral", "PUT", "no", "Wait.")

    with Lease(cloud, PLAN).held():
        monkeypatch.setattr(environments, "update", unreachable)
    assert environments.variables["lease.my_cloud.1"]["released"] is False


def test_an_environment_without_an_end_does_not_stand_in_the_way(
    cloud, environments, clock
):
    environments.variables["lease.my_cloud.4"] = {"expiry": "soon"}
    with Lease(cloud, PLAN).held():
        assert clock.slept == 0
        assert set(environments.variables) == {"lease.my_cloud.5"}


@pytest.mark.parametrize(
    "other", ["my_clou", "my_cloud.1", "y_cloud", "My_cloud", "x" * 200]
)
def test_plans_do_not_wait_for_others(cloud, clock, other):
    abandon(cloud, other)
    with Lease(cloud, PLAN).held():
        assert clock.slept == 0


def test_it_costs_five_requests(cloud, environments):
    with Lease(cloud, PLAN).held():
        pass
    environments.requests.clear()
    with Lease(cloud, PLAN).held():
        pass
    assert environments.requests == {
        "LIST": 2,
        "POST": 1,
        "PUT": 1,
        "DELETE": 1,
    }


class TestNames:
    @pytest.mark.parametrize("plan", ["o", "a.b", "a.1", "x" * 200])
    def test_they_fit_mistral_and_are_told_from_plans(self, plan):
        name = names.lease(plan, 10**9)
        assert len(name) <= 200
        assert names.generation(plan, name) == 10**9
        assert names.is_lease(name)
        with pytest.raises(errors.InvalidPlanName, match="kept for leases"):
            names.check(name)

    def test_long_names_that_begin_alike_differ(self):
        assert names.lease("x" * 199 + "a", 1) != names.lease(
            "x" * 199 + "b", 1
        )

    def test_other_names_with_lease_in_it_are_plans(self):
        for name in ("lease", "lease.1", "lease.a.b", "my.lease.a.1"):
            assert names.check(name) == name
            assert not names.is_lease(name)


def test_it_is_known_whether_somebody_held_it_since_a_look(cloud):
    own = Lease(cloud, PLAN)
    for _ in range(2):
        seen = own.look()
        with own.held(seen):
            assert own.undisturbed
    seen = own.look()
    with Lease(cloud, PLAN).held():
        pass
    with own.held(seen):
        assert not own.undisturbed
    with own.held():
        assert not own.undisturbed


def test_a_plan_that_was_made_anew_since_a_look_was_not_undisturbed(cloud):
    own, other = Lease(cloud, PLAN), Lease(cloud, PLAN)
    with own.held():
        pass
    seen = own.look()
    with other.held():
        other.dissolve()
    with own.held(seen):
        assert not own.undisturbed
