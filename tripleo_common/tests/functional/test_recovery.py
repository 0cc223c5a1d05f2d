"""What an undercloud has outlives whatever ends its processes.

These tests share an undercloud of their own beside the run's, in a folder
whose name is hard on shells and configuration files.
"""

from __future__ import annotations

import os
import signal
import subprocess
import uuid
from collections.abc import Iterator

import pytest

from tripleo_common.tests.free_ports import free_base
from tripleo_common.tests.functional import plans
from tripleo_common.tests.functional.command_line import TIMEOUT, CommandLine
from tripleo_common.tests.functional.test_undercloud import (
    TEMPLATE,
    pids,
    wait_until,
)
from tripleo_common.undercloud import services, status
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.paths import Paths


def begin(command: CommandLine, *more: str) -> subprocess.Popen[str]:
    """Start an ``up`` that somebody else is not to wait for."""
    return subprocess.Popen(
        command.arguments("up", "--no-plan", *more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def outputs(
    tmp_path_factory: pytest.TempPathFactory, command_line: CommandLine
) -> Iterator[tuple[CommandLine, list[str]]]:
    """The undercloud, and what two ``up`` at the same moment said."""
    folder = tmp_path_factory.mktemp("en ö i havet")
    command = CommandLine(folder / '\'s "state"')
    base = str(free_base(28000))
    started = [begin(command, "--base-port", base) for _ in range(2)]
    try:
        said = [process.communicate(timeout=TIMEOUT)[0] for process in started]
        assert [process.returncode for process in started] == [0, 0], said
        yield command, said
    finally:
        for process in started:
            process.kill()
        command("down")


@pytest.fixture
def second(outputs: tuple[CommandLine, list[str]]) -> CommandLine:
    return outputs[0]


def test_of_two_at_once_one_waits_and_says_so(
    outputs: tuple[CommandLine, list[str]],
) -> None:
    waited = [text for text in outputs[1] if "waiting for another" in text]
    assert len(waited) == 1
    assert waited[0].count("runs already") == len(services.DEFAULT)


def test_two_underclouds_do_not_know_of_each_other(
    undercloud: Client, second: CommandLine
) -> None:
    other = Client(Paths.find(str(second.state)))
    assert not set(undercloud.ports.values()) & set(other.ports.values())
    for client in (undercloud, other):
        found = {s.service: s.health for s in status.collect(client.paths)}
        assert set(found.values()) == {"well"}, found
    name = f"test-{uuid.uuid4().hex[:8]}"
    other.swift.put_container(name)
    _, containers = undercloud.swift.get_account(full_listing=True)
    assert name not in {container["name"] for container in containers}


def test_nothing_is_lost_when_everything_is_killed(
    second: CommandLine,
) -> None:
    client = Client(Paths.find(str(second.state)))
    with plans.uploaded(client) as name:
        client.run_action("tripleo.plan.create", container=name)
        client.zaqar.queue(name).post({"body": name, "ttl": 3600})
        client.ironic.node.create(driver="fake-hardware", name=name)
        client.heat.stacks.create(stack_name=name, template=TEMPLATE)
        wait_until(
            "the stack",
            lambda: (
                client.heat.stacks.get(name).stack_status == "CREATE_COMPLETE"
            ),
        )
        before = pids(second.state)
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)

        # The next start is killed in its middle, too.
        process = begin(second)
        wait_until("some processes", lambda: len(pids(second.state)) > 2)
        process.kill()
        process.communicate()
        second.succeed("up", "--no-plan")

        after = pids(second.state)
        assert set(after) == set(before)
        assert not set(after.values()) & set(before.values())
        assert name in client.run_action("tripleo.plan.list")
        text = client.swift.get_object(name, "nested/text.txt")[1]
        assert text.decode() == plans.SMALL["nested/text.txt"]
        assert list(client.messages(name)) == [name]
        assert client.ironic.node.get(name).name == name
        stack = client.heat.stacks.get(name)
        assert stack.stack_status == "CREATE_COMPLETE"
