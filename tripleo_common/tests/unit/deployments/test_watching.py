from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.deployments import watching


@pytest.fixture(autouse=True)
def _short_looks(monkeypatch):
    monkeypatch.setattr(watching, "PATIENCE", -1)


def test_what_a_stack_was_before_does_not_count(cloud):
    """A stack's status changes a moment after Heat was asked to update it."""
    stack = cloud.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    since = watching.mark(stack)
    watch = watching.begin("mine", 60)
    assert not watching.look(cloud, watch, "ended", since)["settled"]
    stack.updated_time = "2026-01-02T00:00:00Z"
    told = watching.look(cloud, watch, "ended", since)
    assert told["settled"]
    assert told["succeeded"]


def test_a_rollback_is_no_good_end(cloud):
    cloud.orchestration.stacks.add("mine", "ROLLBACK_COMPLETE")
    told = watching.look(cloud, watching.begin("mine", 60), "ended")
    assert told["settled"]
    assert not told["succeeded"]


def test_while_heat_is_away_nothing_is_decided(cloud, monkeypatch):
    def refuse(*args, **named):
        raise errors.ServiceUnreachable("Heat", "it", "refused", "Wait.")

    monkeypatch.setattr(cloud.orchestration.stacks, "get", refuse)
    told = watching.look(cloud, watching.begin("mine", 60), "gone")
    assert not told["settled"]
    assert told["message"].startswith("Heat does not answer: ")


def test_by_its_id_a_stack_that_is_gone_is_gone(cloud):
    cloud.orchestration.stacks.add("mine", "DELETE_COMPLETE")
    watch = watching.begin("id-mine", 60)
    assert watching.look(cloud, watch, "gone")["succeeded"]


@pytest.mark.parametrize(
    "watch",
    [
        {},
        {"deadline": "soon", "stack": "a", "timeout": 1},
        {"deadline": "2026-01-01", "stack": "a", "timeout": 1},
        {"deadline": 7, "stack": "a", "timeout": 1},
    ],
)
def test_somebody_elses_watch_is_refused(cloud, watch):
    with pytest.raises(errors.InvalidInput, match="begin_watch"):
        watching.look(cloud, watch, "ended")


def test_another_end_is_refused(cloud):
    with pytest.raises(errors.InvalidInput, match="until must be one of"):
        watching.look(cloud, watching.begin("mine", 1), "lunch")


@pytest.mark.parametrize(("stack", "timeout"), [("", 5), ("mine", 0)])
def test_a_watch_needs_a_stack_and_a_time(stack, timeout):
    with pytest.raises(errors.InvalidInput):
        watching.begin(stack, timeout)


def test_a_stack_is_quiet_when_all_in_it_are(cloud):
    cloud.orchestration.stacks.add("mine", "UPDATE_FAILED")
    inner = cloud.orchestration.stacks.add(
        "inner", "UPDATE_IN_PROGRESS", id="id-inner"
    )
    add = cloud.orchestration.resources.add
    add("id-mine", "inner", "UPDATE_FAILED")
    add("id-inner", "leaf", "UPDATE_IN_PROGRESS")
    watch = watching.begin("mine", 60)
    assert not watching.look(cloud, watch, "quiet")["settled"]
    # The resource itself may be left behind as it is.
    inner.stack_status = "UPDATE_FAILED"
    assert watching.look(cloud, watch, "quiet")["succeeded"]
