"""The doctor finds what is wrong with an undercloud, and leaves no trace."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

from tripleo_common.tests.functional.command_line import CommandLine
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.doctor.finding import Level
from tripleo_common.workbooks import load_all


def examine(command_line: CommandLine) -> tuple[int, dict[str, Any]]:
    """Run the doctor; its exit status, and its findings by their names."""
    done: subprocess.CompletedProcess[str] = command_line("doctor", "--json")
    answer = json.loads(done.stdout)
    return done.returncode, {f["check"]: f for f in answer["findings"]}


def traces(undercloud: Client) -> dict[str, set[str]]:
    """All that the doctor makes some of."""
    mistral, swift = undercloud.mistral, undercloud.swift
    return {
        "workflows": {each.name for each in mistral.workflows.list()},
        "executions": {each.id for each in mistral.executions.list()},
        "tasks": {each.id for each in mistral.tasks.list()},
        "actions": {each.id for each in mistral.action_executions.list()},
        "environments": {e.name for e in mistral.environments.list()},
        "containers": {c["name"] for c in swift.get_account()[1]},
        "queues": queues(undercloud),
        "stacks": {each.id for each in undercloud.heat.stacks.list()},
    }


def queues(undercloud: Client) -> set[str]:
    """The names of all queues; Zaqar tells twenty at a time."""
    found: set[str] = set()
    path = "/v2/queues?limit=20"
    while path:
        answer = undercloud.probe.get(
            "zaqar", path, **{"Client-ID": str(uuid.uuid4())}
        )
        page = {each["name"] for each in answer["queues"]}
        path = answer["links"][0]["href"] if page - found else ""
        found |= page
    return found


def test_an_undercloud_that_is_well(
    command_line: CommandLine, undercloud: Client
) -> None:
    before = traces(undercloud)
    status, found = examine(command_line)
    assert traces(undercloud) == before
    errors = [f for f in found.values() if f["level"] == Level.ERROR]
    assert (status, errors) == (0, [])
    for check in (
        "api.baremetal",
        "heat.json_body",
        "mistral.actions",
        "mistral.action_inputs",
        "mistral.field_size",
        "mistral.other_actions",
        "swift.bulk_upload",
        "zaqar.message_size",
        *(f"workbook.{workbook.name}" for workbook in load_all()),
    ):
        assert found[check]["level"] == Level.OK, found[check]


def test_what_is_wrong_is_found_and_the_fixes_mend_it(
    command_line: CommandLine, undercloud: Client
) -> None:
    plan = f"half-{uuid.uuid4().hex[:8]}"
    undercloud.swift.put_container(
        plan, {"X-Container-Meta-Usage-Tripleo": "plan"}
    )
    undercloud.mistral.workflows.delete("tripleo.messaging.v1.send")
    image = endpoint_of(undercloud, "image")
    try:
        set_enabled(undercloud, image, False)
        status, found = examine(command_line)
    finally:
        set_enabled(undercloud, image, True)
    workbook = found["workbook.tripleo.messaging.v1"]
    try:
        assert status == 1
        assert found["catalog.image"]["level"] == Level.ERROR
        assert "it is internal in regionOne" in found["catalog.image"]["found"]
        assert "tripleo.messaging.v1.send" in workbook["found"]
        assert found[f"plan.{plan}"]["level"] == Level.WARNING
    finally:
        for fix in (workbook["fix"], remove(found[f"plan.{plan}"]["fix"])):
            # tripleo-workbooks is beside the python that runs this.
            command = f"PATH={Path(sys.executable).parent}:$PATH; {fix}"
            command_line.succeed("exec", "--", "bash", "-c", command)
    status, found = examine(command_line)
    assert status == 0, found
    assert found["workbook.tripleo.messaging.v1"]["level"] == Level.OK
    assert f"plan.{plan}" not in found


def remove(fix: str) -> str:
    """The command of a fix that removes half a plan."""
    return fix.partition("or remove it: ")[2]


def endpoint_of(undercloud: Client, service_type: str) -> str:
    """The id of a service's public endpoint."""
    keystone = undercloud.probe
    services = keystone.get("keystone", f"/v3/services?type={service_type}")
    service = services["services"][0]["id"]
    path = f"/v3/endpoints?service_id={service}&interface=public"
    return str(keystone.get("keystone", path)["endpoints"][0]["id"])


def set_enabled(undercloud: Client, endpoint: str, enabled: bool) -> None:
    undercloud.probe.request(
        "PATCH",
        "keystone",
        f"/v3/endpoints/{endpoint}",
        json={"endpoint": {"enabled": enabled}},
    )
