"""Ask each service something that only works if all of it does.

Every question carries a token, and goes as far as it can without changing
anything: to Heat's engine, Ironic's conductor, Mistral's executor.
"""

from __future__ import annotations

import contextlib
import json
import uuid
from dataclasses import dataclass
from typing import Any

import requests
import websocket
from keystoneauth1 import exceptions as keystone_errors
from keystoneauth1.session import Session

from tripleo_common.undercloud import errors

TIMEOUT = 20


@dataclass(frozen=True)
class Probe:
    """What a question needs.

    :param session: authenticated as the undercloud's admin.
    :param url: the address of each port, without a path.
    """

    session: Session
    url: dict[str, str]

    def get(self, port: str, path: str, **headers: str) -> Any:
        """Send an authenticated GET, and return the answer's JSON."""
        return self.request("GET", port, path, headers=headers)

    def request(self, method: str, port: str, path: str, **more: Any) -> Any:
        """Send an authenticated request, and return the answer's JSON."""
        headers = {"Accept": "application/json"} | more.pop("headers", {})
        response = self.session.request(
            self.url[port] + path,
            method,
            headers=headers,
            **({"timeout": TIMEOUT} | more),
        )
        return response.json() if response.content else None

    def expect(self, what: str, condition: object, answer: object) -> None:
        """Raise unless a condition on an answer holds."""
        if not condition:
            raise errors.RequestRefused(what, f"{answer!r:.300}")


def keystone(probe: Probe) -> None:
    """A new token is given out, and accepted."""
    probe.session.invalidate()
    probe.get("keystone", "/v3/auth/projects")


def mistral(probe: Probe) -> None:
    """An action runs in the executor."""
    answer = probe.request(
        "POST",
        "mistral",
        "/v2/action_executions",
        json={
            "name": "std.echo",
            "input": '{"output": "here"}',
            "params": '{"run_sync": true, "save_result": false}',
        },
    )
    done = answer.get("state") == "SUCCESS"
    probe.expect("Mistral's action std.echo", done, answer)


def zaqar(probe: Probe) -> None:
    """The queues are listed, and the websocket takes the token."""
    client = str(uuid.uuid4())
    probe.get("zaqar", "/v2/queues?limit=1", **{"Client-ID": client})
    connection = websocket.create_connection(
        probe.url["zaqar-websocket"], timeout=TIMEOUT
    )
    with contextlib.closing(connection):
        authenticate_websocket(probe, connection, client)


def swift(probe: Probe) -> None:
    """The account's containers are listed."""
    project = probe.session.get_project_id()
    probe.get("swift", f"/v1/AUTH_{project}?format=json&limit=1")


def heat(probe: Probe) -> None:
    """The engine lists the stacks, through the native and the CFN API."""
    project = probe.session.get_project_id()
    probe.get("heat", f"/v1/{project}/stacks?limit=1")
    # Without the header, the CFN API insists on an AWS signature.
    probe.get(
        "heat-cfn",
        "/v1/?Action=ListStacks&ContentType=JSON",
        **{"X-Auth-User": "admin"},
    )


def glance(probe: Probe) -> None:
    """The images are listed."""
    probe.get("glance", "/v2/images?limit=1")


def ironic(probe: Probe) -> None:
    """A conductor serves the drivers."""
    answer = probe.get("ironic", "/v1/drivers")
    served = answer["drivers"] and answer["drivers"][0]["hosts"]
    probe.expect("Ironic's list of drivers", served, answer)


def inspector(probe: Probe) -> None:
    """The introspections are listed."""
    probe.get("inspector", "/v1/introspection?limit=1")


def bmc(probe: Probe) -> None:
    """The systems are listed."""
    answer = probe.get("bmc", "/redfish/v1/Systems")
    probe.expect("The list of systems", answer.get("Members"), answer)


def authenticate_websocket(
    probe: Probe, connection: websocket.WebSocket, client: str
) -> None:
    """Send the frame with which every conversation with Zaqar begins."""
    project = str(probe.session.get_project_id())
    headers = {
        "X-Auth-Token": str(probe.session.get_token()),
        "X-Project-ID": project,
        "Client-ID": client,
    }
    frame = {"action": "authenticate", "headers": headers}
    connection.send(json.dumps(frame))
    answer = json.loads(connection.recv())
    accepted = answer["headers"]["status"] == 200
    probe.expect("Zaqar's websocket", accepted, answer["body"])


#: What a question may raise when the service is not well.
FAILURES = (
    errors.UndercloudError,
    OSError,
    keystone_errors.ClientException,
    requests.RequestException,
    websocket.WebSocketException,
)
