"""Mistral is killed while it updates a plan, and while it deletes one.

Swift is stopped in the middle of its work, so that Mistral is killed there
however fast the machine is.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tripleo_common.tests.functional import plans
from tripleo_common.tests.functional.command_line import CommandLine
from tripleo_common.tests.functional.test_interrupted_creation import NOTICED
from tripleo_common.tests.functional.test_plan_deletion import traces
from tripleo_common.tests.functional.test_undercloud import pids, wait_until
from tripleo_common.tests.functional.test_updating import (
    commit,
    git,
    objects,
    variables,
)
from tripleo_common.undercloud.client import Client

UPDATE = "tripleo.plan_management.v1.update_deployment_plan"
DELETE = "tripleo.plan_management.v1.delete_deployment_plan"
#: So many that Swift has to be busy with them for seconds.
FILES = {f"more/{number}.yaml": f"a: {number}\n" for number in range(1000)}


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A repository of the small plan's templates, and many files more."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    for path, text in {**plans.SMALL, **FILES}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    commit(tmp_path)
    return f"file://{tmp_path}#main"


@contextlib.contextmanager
def killed_when(
    command: CommandLine, what: str, begun: Callable[[], bool]
) -> Iterator[None]:
    """Kill Mistral when Swift has begun what is started in this block."""
    yield
    wait_until(what, begun, NOTICED)
    swift = pids(command.state)["swift"]
    os.kill(swift, signal.SIGSTOP)
    try:
        os.kill(pids(command.state)["mistral"], signal.SIGKILL)
    finally:
        os.kill(swift, signal.SIGCONT)
    command.succeed("restart", "mistral")


def more(undercloud: Client, plan: str) -> int:
    """How many of the many files are in a plan's container."""
    return len(FILES.keys() & objects(undercloud, plan))


def test_changes_that_were_cut_off_are_repeated(
    undercloud: Client, command_line: CommandLine, url: str
) -> None:
    with plans.small(undercloud) as plan:
        told = {"parameter_defaults": {"ComputeCount": 3}}
        update = {
            "container": plan,
            "source_url": url,
            "plan_environment": told,
        }
        with killed_when(
            command_line,
            "the update's first file",
            lambda: more(undercloud, plan) > 0,
        ):
            updating = undercloud.start_workflow(UPDATE, **update)
        undercloud.run_workflow(UPDATE, **update)
        assert more(undercloud, plan) == len(FILES)
        after = variables(undercloud, plan)
        assert after["parameter_defaults"] == {"ComputeCount": 3}
        found = undercloud.run_action("tripleo.plan.history", container=plan)
        assert [each["version"] for each in found] == [2, 1]
        added = found[0]["changes"]["files"]["added"]
        assert set(added) == FILES.keys()

        with killed_when(
            command_line,
            "the deletion of the first file",
            lambda: more(undercloud, plan) < len(FILES),
        ):
            deleting = undercloud.start_workflow(DELETE, container=plan)
        undercloud.run_workflow(DELETE, container=plan)
        assert not traces(undercloud, plan)
        for lost in (updating, deleting):
            state, _ = undercloud.wait_for_execution(lost, NOTICED)
            assert state == "ERROR"
        assert not traces(undercloud, plan)
