from __future__ import annotations

from types import SimpleNamespace

import pytest

from tripleo_common import errors
from tripleo_common.deployments import failures

LATE = "2026-01-01T00:00:09Z"


@pytest.fixture
def stack(cloud):
    """A stack of three levels, in which things failed."""
    add = cloud.orchestration.resources.add
    add("id-mine", "controllers", "CREATE_FAILED")
    add("id-controllers", "0", "CREATE_FAILED")
    add(
        "id-0",
        "config",
        "CREATE_FAILED",
        resource_type="OS::Heat::SoftwareDeployment",
        resource_status_reason="Error: deploy_status_code: 1",
        updated_time=LATE,
    )
    add(
        "id-mine",
        "other",
        "CREATE_FAILED",
        resource_status_reason="CREATE aborted (user triggered cancel)",
    )
    add("id-mine", "good", "CREATE_COMPLETE")
    return cloud.orchestration.stacks.add("mine", "CREATE_FAILED")


@pytest.fixture
def output(cloud):
    """What the software said that failed."""
    values = {
        "deploy_stdout": "a\nb",
        "deploy_stderr": "x" * 5000 + "\nthe cause\n",
        "deploy_status_code": "1",
    }
    cloud.orchestration.software_deployments.known["id-config"] = (
        SimpleNamespace(server_id="server-1", output_values=values)
    )
    return values


def test_the_first_cause_comes_first(cloud, stack, output):
    first, second = failures.find(cloud, stack)
    assert first.path == "controllers.0.config"
    assert first.server == "server-1"
    assert first.status_code == 1
    assert first.stdout == "a\nb"
    assert len(first.stderr) < 4100
    assert first.stderr.endswith("the cause\n")
    # Heat gave it up as the other one failed, though it says so earlier.
    assert second.path == "other"


def test_it_is_told_on_one_line(cloud, stack, output):
    text = failures.told(cloud, stack)
    assert text == (
        "The stack mine is CREATE_FAILED. controllers.0.config "
        "(OS::Heat::SoftwareDeployment): Error: deploy_status_code: 1 (exit "
        "status 1): the cause. For more run tripleo.deployment.v1.explain."
    )


def test_without_an_output_the_reason_is_told(cloud, stack):
    first, _ = failures.find(cloud, stack)
    assert first.to_dict() == {
        "path": "controllers.0.config",
        "type": "OS::Heat::SoftwareDeployment",
        "status": "CREATE_FAILED",
        "reason": "Error: deploy_status_code: 1",
        "time": LATE,
        "id": "id-config",
    }


def test_failures_are_told_by_host(cloud, stack, output):
    told = failures.by_host(failures.find(cloud, stack), "mine")
    assert list(told) == ["server-1", "mine"]
    assert told["server-1"][0][0] == "controllers.0.config"
    assert told["mine"][0][1]["reason"].startswith("CREATE aborted")


def test_passwords_do_not_turn_up(cloud, stack, output):
    cloud.add_plan("mine", {}, passwords={"AdminPassword": "s3cret-word"})
    output["deploy_stderr"] = "login with s3cret-word failed"
    first = failures.find(cloud, stack)[0]
    assert first.stderr == "login with *** failed"


def test_a_stack_that_failed_by_itself(cloud):
    stack = cloud.orchestration.stacks.add(
        "mine", "CREATE_FAILED", stack_status_reason="Create timed out"
    )
    (found,) = failures.find(cloud, stack)
    assert (found.path, found.reason) == ("mine", "Create timed out")


def test_where_heat_does_not_tell_more(cloud, stack, monkeypatch):
    def refuse(*args, **named):
        raise errors.ServiceError("Heat", "it", "HTTP 500", "Wait.")

    monkeypatch.setattr(cloud.orchestration.resources, "list", refuse)
    assert failures.told(cloud, stack).startswith(
        "The stack mine is CREATE_FAILED. mine: because. "
    )


def test_a_good_stack_has_none(cloud):
    stack = cloud.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    assert failures.find(cloud, stack) == []
