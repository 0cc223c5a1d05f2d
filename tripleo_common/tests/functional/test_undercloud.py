"""The embedded undercloud itself, through its command and its services."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
import requests
import websocket

from tripleo_common.tests.free_ports import free_base
from tripleo_common.tests.functional.command_line import CommandLine
from tripleo_common.undercloud import (
    health,
    identity,
    images,
    ports,
    records,
    services,
    status,
)
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.paths import Paths

TEMPLATE = """\
heat_template_version: 2018-08-31
resources:
  text:
    type: OS::Heat::RandomString
"""


def pids(state: Path) -> dict[str, int]:
    """Return the processes that run, by their services' names."""
    paths = Paths.find(str(state))
    found = {s.name: records.find(paths, s) for s in services.SERVICES}
    return {n: r.pid for n, r in found.items() if r and r.is_alive()}


def wait_until(what: str, condition: Any, seconds: float = 60) -> Any:
    """Wait until a condition holds, and return what it returns."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s for {what}")


def test_the_catalog_names_all_services(undercloud: Client) -> None:
    access = undercloud.session.auth.get_access(undercloud.session)
    found = {
        (entry["type"], entry["name"]): {
            endpoint["interface"]: (endpoint["region_id"], endpoint["url"])
            for endpoint in entry["endpoints"]
        }
        for entry in access.service_catalog.catalog
    }
    served = {p for s in services.named(services.DEFAULT) for p in s.ports}
    wanted = [entry for entry in identity.CATALOG if entry[2] in served]
    assert set(found) == {(kind, name) for kind, name, *_ in wanted}
    for kind, name, port, _ in wanted:
        endpoints = found[kind, name]
        assert set(endpoints) == {"public", "internal", "admin"}
        for region, url in endpoints.values():
            assert region == "regionOne"
            assert url.startswith(undercloud.url[port])


def test_each_service_answers_a_token(undercloud: Client) -> None:
    found = {s.service: s.health for s in status.collect(undercloud.paths)}
    assert found == dict.fromkeys(services.DEFAULT, "well")


@pytest.mark.parametrize(
    ("port", "path"),
    [
        ("keystone", "/v3/auth/projects"),
        ("mistral", "/v2/workflows"),
        ("zaqar", "/v2/queues"),
        ("swift", "/v1/AUTH_x"),
        ("heat", "/v1/x/stacks"),
        ("glance", "/v2/images"),
        ("ironic", "/v1/nodes"),
    ],
)
def test_no_service_answers_without_one(
    undercloud: Client, port: str, path: str
) -> None:
    headers = {"Client-ID": str(uuid.uuid4())}
    url = undercloud.url[port] + path
    response = requests.get(url, headers=headers, timeout=30)
    assert response.status_code in (401, 403)


def test_nothing_listens_beyond_loopback(undercloud: Client) -> None:
    numbers = {hex(n)[2:].upper() for n in undercloud.ports.values()}
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    local = [line.split()[1].split(":") for line in lines]
    found = {address for address, port in local if port in numbers}
    assert found == {"0100007F"}


def test_images_are_there(undercloud: Client) -> None:
    found = {i.name: i.status for i in undercloud.glance.images.list()}
    wanted = {image.name: "active" for image in images.wanted()}
    assert wanted.items() <= found.items()


def test_swift_has_what_plans_need(undercloud: Client) -> None:
    answer = requests.get(undercloud.url["swift"] + "/info", timeout=30)
    assert {
        "bulk_upload",
        "bulk_delete",
        "slo",
        "symlink",
        "tempurl",
        "versioned_writes",
    } <= set(answer.json())


def test_ironic_has_its_drivers(undercloud: Client) -> None:
    found = {driver.name for driver in undercloud.ironic.driver.list()}
    assert {"fake-hardware", "redfish", "manual-management"} <= found


def test_heat_creates_a_stack(undercloud: Client) -> None:
    name = f"test-{uuid.uuid4().hex[:8]}"
    stacks = undercloud.heat.stacks
    created = stacks.create(stack_name=name, template=TEMPLATE)
    stack = created["stack"]["id"]

    def ended() -> Any:
        found = stacks.get(stack)
        return found.stack_status != "CREATE_IN_PROGRESS" and found

    assert wait_until("a stack", ended).stack_status == "CREATE_COMPLETE"
    stacks.delete(stack)


@pytest.mark.parametrize(
    "action",
    [
        "glance.images_list",
        "heat.stacks_list",
        "ironic.node_list",
        # It calls Mistral back while Mistral waits for it.
        "mistral.workflows_list",
        "swift.get_account",
        "zaqar.queue_messages",
    ],
)
def test_mistrals_own_actions_reach_the_services(
    undercloud: Client, action: str
) -> None:
    inputs = {"queue_name": "nobody"} if action.startswith("zaqar") else {}
    assert undercloud.run_action(action, **inputs) is not None


def test_our_actions_and_workflows_are_there(undercloud: Client) -> None:
    names = {w.name for w in undercloud.mistral.workflows.list()}
    assert any(name.startswith("tripleo.") for name in names)
    assert "overcloud" in undercloud.run_action("tripleo.plan.list")


def test_a_message_arrives_on_the_websocket(undercloud: Client) -> None:
    queue = f"test-{uuid.uuid4().hex[:8]}"
    client = str(uuid.uuid4())
    connection = websocket.create_connection(
        undercloud.url["zaqar-websocket"], timeout=30
    )

    def ask(action: str, **body: Any) -> Any:
        headers = {
            "Client-ID": client,
            "X-Project-ID": undercloud.session.get_project_id(),
        }
        frame = {"action": action, "headers": headers, "body": body}
        connection.send(json.dumps(frame))
        return json.loads(connection.recv())

    with contextlib.closing(connection):
        probe = undercloud.probe
        health.authenticate_websocket(probe, connection, client)
        made = ask("queue_create", queue_name=queue)
        assert made["headers"]["status"] == 201
        heard = ask("subscription_create", queue_name=queue, ttl=300)
        assert heard["headers"]["status"] == 201
        undercloud.zaqar.queue(queue).post({"body": {"n": 1}, "ttl": 300})
        assert json.loads(connection.recv())["body"] == {"n": 1}
    assert list(undercloud.messages(queue)) == [{"n": 1}]


def test_a_message_may_be_a_mebibyte(undercloud: Client) -> None:
    queue = f"test-{uuid.uuid4().hex[:8]}"
    text = "x" * 1_000_000
    undercloud.zaqar.queue(queue).post({"body": text, "ttl": 300})
    assert list(undercloud.messages(queue)) == [text]


def test_openstack_lists_the_workflows(command_line: CommandLine) -> None:
    output = command_line.succeed(
        "exec",
        "--",
        *("openstack", "workflow", "list"),
        *("-f", "value", "-c", "Name"),
    )
    assert "tripleo.plan_management.v1" in output


def test_a_second_up_changes_nothing(command_line: CommandLine) -> None:
    before = pids(command_line.state)
    assert set(before) == set(services.DEFAULT)
    output = command_line.succeed("up")
    assert pids(command_line.state) == before
    assert output.count("runs already") == len(services.DEFAULT)
    assert "\x1b" not in output


def test_status_shows_each_service(
    command_line: CommandLine, undercloud: Client
) -> None:
    output = command_line.succeed("status")
    for service in services.named(services.DEFAULT):
        assert service.name in output
        assert str(undercloud.ports[service.ports[0]]) in output


def test_restart_starts_one_service_again(command_line: CommandLine) -> None:
    before = pids(command_line.state)
    command_line.succeed("restart", "glance")
    after = pids(command_line.state)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"glance"}


def test_data_outlive_down_and_up(
    command_line: CommandLine, undercloud: Client
) -> None:
    name = f"test-{uuid.uuid4().hex[:8]}"
    undercloud.swift.put_container(name)
    undercloud.swift.put_object(name, "object", "content")
    undercloud.mistral.environments.create(name=name, variables="{}")
    undercloud.ironic.node.create(driver="fake-hardware", name=name)
    undercloud.zaqar.queue(name).post({"body": name, "ttl": 300})
    undercloud.heat.stacks.create(stack_name=name, template=TEMPLATE)

    command_line.succeed("down")
    assert pids(command_line.state) == {}
    assert all(ports.is_free(n) for n in undercloud.ports.values())
    command_line.succeed("up", "--no-plan")

    assert undercloud.swift.get_object(name, "object")[1] == b"content"
    assert undercloud.mistral.environments.get(name).name == name
    assert undercloud.ironic.node.get(name).name == name
    assert list(undercloud.messages(name)) == [name]
    assert undercloud.heat.stacks.get(name).stack_name == name


def test_a_taken_port_is_named(undercloud: Client, other: CommandLine) -> None:
    keystone = undercloud.ports["keystone"]
    done = other("up", "--base-port", str(keystone))
    assert done.returncode == 1
    assert f"keystone wants port {keystone}" in done.stderr
    pid = pids(undercloud.paths.state)["keystone"]
    assert f"(process {pid})" in done.stderr
    assert pids(other.state) == {}


def test_a_service_that_cannot_start_is_named(other: CommandLine) -> None:
    paths = Paths.find(str(other.state))
    paths.prepare()
    # A folder, where Heat wants to read a file.
    (paths.data / "heat.prepared").mkdir()
    base = free_base(28000)
    done = other("up", "--no-plan", "--base-port", str(base))
    assert done.returncode == 1
    assert "The service heat ended at its start with exit" in done.stderr
    assert "Is a directory" in done.stderr
    assert pids(other.state) == {}
    assert all(ports.is_free(n) for n in ports.numbers(base).values())


def test_an_interrupted_up_leaves_nothing(other: CommandLine) -> None:
    base = free_base(28000)
    process = subprocess.Popen(
        other.arguments("up", "--no-plan", "--base-port", str(base)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        wait_until("all processes", lambda: len(pids(other.state)) == 7)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert b"interrupted" in error
    assert pids(other.state) == {}
