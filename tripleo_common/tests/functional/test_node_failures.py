"""What becomes of nodes when something goes wrong, on the real Ironic."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tripleo_common.tests.functional import nodes, plans
from tripleo_common.tests.functional.command_line import CommandLine
from tripleo_common.tests.functional.test_undercloud import pids, wait_until
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

PATIENCE = 600
ERASE = [{"step": "erase_devices_metadata", "interface": "deploy"}]


@contextlib.contextmanager
def silent_bmc() -> Iterator[tuple[str, threading.Event]]:
    """A BMC that answers nothing until it is told to, and then refuses.

    Whoever asks it about a node holds the node's lock for as long.
    """
    speak = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            speak.wait(PATIENCE)
            self.send_error(404)

        def log_message(self, *args: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", speak
    finally:
        speak.set()
        server.shutdown()
        server.server_close()


def register(undercloud: Client, **inputs: Any) -> dict[str, Any]:
    return undercloud.run_workflow(
        nodes.WF + "register_or_update",
        queue_name=plans.new_name(),
        timeout=2 * PATIENCE,
        **inputs,
    )


def redfish(url: str) -> dict[str, Any]:
    return nodes.machine(
        pm_type="redfish",
        pm_addr=url,
        pm_user="admin",
        pm_password=nodes.PASSWORD,
        pm_system_id="/redfish/v1/Systems/1",
    )


def test_nodes_that_are_locked_and_bmcs_that_do_not_answer(
    undercloud: Client,
) -> None:
    with nodes.removed(undercloud), silent_bmc() as (url, speak):
        machines = [redfish(url), redfish("http://127.0.0.1:9")]
        machines.append(nodes.machine())
        told = register(
            undercloud, nodes_json=machines, initial_state="enroll"
        )
        uuids = [node["uuid"] for node in told["registered_nodes"]]
        execution = undercloud.start_workflow(
            nodes.WF + "manage",
            node_uuids=uuids[:2],
            queue_name=plans.new_name(),
        )
        wait_until(
            "the node's lock",
            lambda: undercloud.ironic.node.get(uuids[0]).reservation,
            PATIENCE,
        )
        for each in machines:
            each["resource_class"] = "locked"
        # Of the other one, too, which is locked as well or is not by now.
        del machines[1]
        with pytest.raises(errors.ActionFailed, match="is locked by host"):
            register(undercloud, nodes_json=machines, initial_state="enroll")
        classes = [
            undercloud.ironic.node.get(uuid).resource_class for uuid in uuids
        ]
        assert classes == ["baremetal", "baremetal", "locked"]
        speak.set()
        state, output = undercloud.wait_for_execution(execution, PATIENCE)
        assert state == "ERROR"
        reasons = {each["uuid"]: each["result"] for each in output["message"]}
        assert reasons.keys() == set(uuids[:2])
        assert "did not become manageable. It is enroll." in reasons[uuids[1]]
        assert nodes.PASSWORD not in json.dumps(output)
        # The same again completes it.
        told = register(
            undercloud, nodes_json=machines, initial_state="enroll"
        )
        assert [each["uuid"] for each in told["updated"]] == [uuids[0]]
        # One machine cannot be two nodes.
        mac = machines[1]["ports"]
        with pytest.raises(errors.ActionFailed) as caught:
            register(undercloud, nodes_json=[{**machines[0], "ports": mac}])
        text = str(caught.value)
        assert "it is several nodes of Ironic" in text
        assert uuids[0] in text
        assert uuids[2] in text


def test_a_node_that_is_deleted_while_it_is_cleaned(
    undercloud: Client,
) -> None:
    with nodes.registered(undercloud, 1, deploy_interface="direct") as (uuid,):
        execution = undercloud.start_workflow(
            nodes.WF + "manual_cleaning",
            node_uuid=uuid,
            clean_steps=ERASE,
            queue_name=plans.new_name(),
        )
        wait_until(
            "a node that waits for its ramdisk",
            lambda: (
                undercloud.ironic.node.get(uuid).provision_state
                == "clean wait"
            ),
            PATIENCE,
        )
        undercloud.ironic.node.set_maintenance(uuid, True)
        undercloud.ironic.node.delete(uuid)
        state, output = undercloud.wait_for_execution(execution, PATIENCE)
        assert state == "ERROR"
        assert "It was deleted in the meantime." in output["message"]


def test_ironic_ends_while_nodes_are_registered(
    command_line: CommandLine, undercloud: Client
) -> None:
    machines = [nodes.machine() for _ in range(100)]
    names = {each["name"] for each in machines}

    def made() -> list[Any]:
        listed = undercloud.ironic.node.list(limit=0)
        return [node for node in listed if node.name in names]

    with nodes.removed(undercloud):
        execution = undercloud.start_workflow(
            nodes.WF + "register_or_update",
            nodes_json=machines,
            queue_name=plans.new_name(),
        )
        wait_until("the first nodes", lambda: len(made()) > 20, PATIENCE)
        os.kill(pids(command_line.state)["ironic"], signal.SIGKILL)
        state, output = undercloud.wait_for_execution(execution, PATIENCE)
        assert state == "ERROR"
        assert "Ironic" in json.dumps(output["message"])
        command_line.succeed("up", "--no-plan")
        told = register(undercloud, nodes_json=machines)
        assert [each["name"] for each in told["registered_nodes"]] == [
            each["name"] for each in machines
        ]
        found = made()
        assert len(found) == 100
        assert {node.provision_state for node in found} == {"manageable"}
        uuids = {node.uuid for node in found}
        ports = Counter(
            port.node_uuid
            for port in undercloud.ironic.port.list(limit=0, detail=True)
        )
        assert {ports[uuid] for uuid in uuids} == {1}
