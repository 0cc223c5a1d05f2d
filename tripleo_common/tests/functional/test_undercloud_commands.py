"""What the command offers besides starting and ending an undercloud."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

from tripleo_common.tests.free_ports import free_base
from tripleo_common.tests.functional.command_line import CommandLine
from tripleo_common.tests.functional.test_undercloud import pids, wait_until
from tripleo_common.undercloud import cloud_file, ports, records, services
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.environments import find
from tripleo_common.undercloud.paths import Paths


def test_status_is_told_as_json(command_line: CommandLine) -> None:
    answer = json.loads(command_line.succeed("status", "--json"))
    assert answer["well"] is True
    found = {each["name"]: each["pid"] for each in answer["services"]}
    assert found == pids(command_line.state)


def test_openstack_finds_the_cloud_in_its_clouds_yaml(
    undercloud: Client,
) -> None:
    environ = {k: v for k, v in os.environ.items() if k[:3] != "OS_"}
    state = undercloud.paths.state
    file = state / cloud_file.CLOUDS
    openstack = find(undercloud.paths.cache, "control").bin / "openstack"
    done = subprocess.run(
        [
            *(openstack, "--os-cloud", cloud_file.CLOUD),
            *("catalog", "list", "-f", "json"),
        ],
        env=environ | {"OS_CLIENT_CONFIG_FILE": str(file)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    types = {each["Type"] for each in json.loads(done.stdout)}
    assert "workflowv2" in types


def test_logs_are_followed_over_a_restart(
    command_line: CommandLine, tmp_path: Path
) -> None:
    output = tmp_path / "followed"
    with output.open("w") as file:
        process = subprocess.Popen(
            command_line.arguments("logs", "-f", "-n", "1", "glance", "heat"),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until("the logs' ends", output.read_text)
        command_line.succeed("restart", "--quiet", "glance")
        record = records.find(
            Paths.find(str(command_line.state)), services.BY_NAME["glance"]
        )
        assert record is not None
        wait_until(
            "the new process's lines",
            lambda: f" {record.pid} INFO" in output.read_text(),
        )
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
    text = output.read_text()
    assert "glance | " in text
    assert "Traceback" not in text


def test_reset_leaves_nothing(other: CommandLine) -> None:
    base = free_base(28000)
    said = other.succeed("up", "--no-plan", "-q", "--base-port", str(base))
    assert said == ""
    refused = other("reset")
    assert refused.returncode == 1
    assert "its input is not a terminal" in refused.stderr
    assert len(pids(other.state)) == len(services.DEFAULT)
    assert "The undercloud is gone" in other.succeed("reset", "--yes")
    assert not other.state.exists()
    assert all(ports.is_free(n) for n in ports.numbers(base).values())
