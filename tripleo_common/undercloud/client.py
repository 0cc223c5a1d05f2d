"""Talk to an embedded undercloud from Python, as its admin.

For what comes after ``up``: plans, the demo, the tests. Everything goes
through the public API.
"""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from keystoneauth1.identity import v3
from keystoneauth1.session import Session

from tripleo_common.undercloud import errors, passwords, ports, rc, state
from tripleo_common.undercloud.config import REGION
from tripleo_common.undercloud.health import Probe
from tripleo_common.undercloud.paths import Paths

if TYPE_CHECKING:
    from tripleo_common.clients import Clients

POLL = 0.5
DONE = ("SUCCESS", "ERROR", "CANCELLED")


def make_session(url: str, password: str) -> Session:
    """Return a session of the undercloud's admin.

    :param url: Keystone's address.
    """
    return Session(
        auth=v3.Password(
            auth_url=f"{url}/v3",
            username="admin",
            password=password,
            project_name="admin",
            user_domain_id="default",
            project_domain_id="default",
        )
    )


class Client:
    """The undercloud of a state directory."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.ports = ports.numbers(state.load(paths).base_port)
        self.url = ports.urls(self.ports)
        password = passwords.load(paths)["admin"]
        self.session = make_session(self.url["keystone"], password)
        self.environ = rc.variables(self.url["keystone"], password)

    @property
    def probe(self) -> Probe:
        """Plain authenticated requests."""
        return Probe(self.session, self.url)

    @functools.cached_property
    def _clients(self) -> Clients:
        # Their imports take long, and not every command needs them.
        from tripleo_common.clients import Clients

        return Clients(self.session, REGION)

    @property
    def mistral(self) -> Any:
        """The client of the workflow service."""
        return self._clients.workflow

    @property
    def heat(self) -> Any:
        """The client of the orchestration service."""
        return self._clients.orchestration

    @property
    def swift(self) -> Any:
        """This thread's connection to the object store."""
        return self._clients.object_store

    @property
    def zaqar(self) -> Any:
        """The client of the messaging service."""
        return self._clients.messaging

    @property
    def glance(self) -> Any:
        """The client of the image service."""
        return self._clients.image

    @property
    def ironic(self) -> Any:
        """The client of the bare metal service."""
        return self._clients.baremetal

    def run_action(self, name: str, /, **inputs: Any) -> Any:
        """Run a Mistral action and wait for its result.

        :raises ActionFailed: with the text of Mistral's result.
        """
        answer = self.probe.request(
            "POST",
            "mistral",
            "/v2/action_executions",
            json={
                "name": name,
                "input": json.dumps(inputs),
                "params": json.dumps({"run_sync": True}),
            },
            # As long as Mistral itself waits for the executor.
            timeout=600,
        )
        result = json.loads(answer["output"] or "{}").get("result")
        if answer["state"] != "SUCCESS":
            raise errors.ActionFailed(name, _as_text(result))
        return result

    def start_workflow(self, name: str, /, **inputs: Any) -> str:
        """Start a workflow.

        :returns: the id of its execution.
        """
        answer = self.probe.request(
            "POST",
            "mistral",
            "/v2/executions",
            json={"workflow_name": name, "input": json.dumps(inputs)},
        )
        return str(answer["id"])

    def wait_for_execution(
        self, execution: str, timeout: float = 600
    ) -> tuple[str, dict[str, Any]]:
        """Wait until a workflow's execution ends.

        :returns: its state and its output.
        :raises WaitedTooLong: if it does not end in time.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            answer = self.probe.get("mistral", f"/v2/executions/{execution}")
            if answer["state"] in DONE:
                output = json.loads(answer["output"] or "{}")
                if answer.get("state_info"):
                    output.setdefault("message", answer["state_info"])
                return str(answer["state"]), output
            time.sleep(POLL)
        raise errors.WaitedTooLong(
            f"the end of the workflow execution {execution}", timeout
        )

    def run_workflow(
        self, name: str, /, timeout: float = 600, **inputs: Any
    ) -> dict[str, Any]:
        """Run a workflow to its end, and return its output.

        :raises ActionFailed: with the message of its output.
        """
        execution = self.start_workflow(name, **inputs)
        ended, output = self.wait_for_execution(execution, timeout)
        if ended != "SUCCESS":
            text = _as_text(output.get("message", output))
            raise errors.ActionFailed(f"{name} ({execution})", text)
        return output

    def messages(self, queue: str) -> Iterator[Any]:
        """Yield the bodies of a queue's messages, oldest first."""
        path = f"/v2/queues/{queue}/messages?echo=true&include_claimed=true"
        while path:
            answer = self.probe.get(
                "zaqar", path, **{"Client-ID": str(self._client_id)}
            )
            found = answer["messages"] if answer else []
            yield from (message["body"] for message in found)
            path = answer["links"][0]["href"] if found else ""

    @functools.cached_property
    def _client_id(self) -> str:
        import uuid

        return str(uuid.uuid4())


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
