"""Machines that boot the ramdisk of ironic-python-agent, as Ironic sees it.

A node of the type fake-hardware has no machine. :class:`Machines` brings one
to each node that waits for its ramdisk: it boots, looks itself up, and tells
its inventory (to Ironic, or to ironic-inspector), or calls back and does the
clean steps that it is told to do. The node's interfaces must be those of
:data:`INTERFACES`.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import requests
from keystoneauth1 import exceptions as ks_exc

from tripleo_common import errors
from tripleo_common.tests.functional import agent_api
from tripleo_common.tests.functional.simulated_machine import Machine
from tripleo_common.undercloud.client import Client

#: Of a node of the type fake-hardware, whose boot and power are fake.
INTERFACES = {"deploy_interface": "direct", "inspect_interface": "agent"}

_AGENT_VERSION = "11.4.0"
#: What the agent speaks: it sends its certificate since 1.68.
_API = {"X-OpenStack-Ironic-API-Version": "1.84"}
_PAUSE = 0.5
_TIMEOUT = 60
#: What a list of nodes tells of each.
_FIELDS = ["uuid", "provision_state", "provision_updated_at"]


class Machines:
    """The machines of all nodes that there are.

    :param machine: makes the machine of a node from its MAC addresses.
    :param inspector: whether ironic-inspector, too, is looked at.
    """

    def __init__(
        self,
        undercloud: Client,
        machine: Callable[[list[str]], Machine] = Machine,
        inspector: bool = False,
    ) -> None:
        # Of its own: its threads share no client with the test.
        self._client = Client(undercloud.paths)
        self._machine = machine
        self._inspector = inspector
        self._machines: dict[str, Machine] = {}
        self._booted: dict[str, tuple[str, str]] = {}
        #: Those whose boot came to its end.
        self._ended: list[str] = []
        self._agents: dict[str, agent_api.Agent] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._address = self._certificate = ""

    def of(self, uuid: str) -> Machine:
        """The machine of a node; its inside may be changed."""
        with self._lock:
            if uuid not in self._machines:
                ports = self._client.ironic.port.list(
                    node=uuid, fields=["address"]
                )
                macs = [port.address for port in ports]
                self._machines[uuid] = self._machine(macs)
            return self._machines[uuid]

    @contextlib.contextmanager
    def running(self) -> Iterator[Machines]:
        """Have them boot whenever their nodes want it, meanwhile."""
        watcher = threading.Thread(target=self._watch, daemon=True)
        with agent_api.served(self._agents) as (address, certificate):
            self._address, self._certificate = address, certificate
            watcher.start()
            try:
                yield self
            finally:
                self._stop.set()
                watcher.join()

    def _watch(self) -> None:
        while not self._stop.wait(_PAUSE):
            # Services that are away come back, or the test fails by itself.
            with contextlib.suppress(
                errors.TripleOError,
                ks_exc.ClientException,
                requests.RequestException,
            ):
                self._look()

    def _look(self) -> None:
        # Whoever waits after that waits for another boot.
        while self._ended:
            self._booted.pop(self._ended.pop(), None)
        waiting: dict[str, tuple[str, str]] = {}
        for node in self._client.ironic.node.list(limit=0, fields=_FIELDS):
            state = node.provision_state
            if state == "inspect wait":
                waiting[node.uuid] = state, node.provision_updated_at
            elif state in ("clean wait", "cleaning"):
                waiting[node.uuid] = "clean wait", ""
        for told in self._introspected():
            if told["state"] == "waiting":
                waiting[told["uuid"]] = "inspector", told["started_at"]
        for uuid in self._booted.keys() - waiting.keys():
            del self._booted[uuid]
        for uuid, why in waiting.items():
            if self._booted.get(uuid) != why:
                self._booted[uuid] = why
                threading.Thread(
                    target=self._boot, args=(uuid, why), daemon=True
                ).start()

    def _introspected(self) -> list[dict[str, Any]]:
        if not self._inspector:
            return []
        told = self._client.probe.get("inspector", "/v1/introspection")
        return list(told["introspection"])

    def _boot(self, uuid: str, why: tuple[str, str]) -> None:
        machine = self.of(uuid)
        machine.boots_seen += 1
        if self._stop.wait(machine.boot_seconds) or not machine.boots:
            return
        if why[0] == "clean wait":
            self._serve(uuid, machine, why)
            return
        service = "inspector" if why[0] == "inspector" else "ironic"
        path = {"inspector": "/v1/continue"}.get(
            service, "/v1/continue_inspection"
        )
        taken = self._until_taken(
            uuid,
            why,
            lambda: requests.post(
                self._client.url[service] + path,
                json=machine.inventory(),
                headers=_API if service == "ironic" else {},
                timeout=_TIMEOUT,
            ),
        )
        if taken is not None:
            self._ended.append(uuid)

    def _serve(
        self, uuid: str, machine: Machine, why: tuple[str, str]
    ) -> None:
        """Do as Ironic says, until the machine is switched off."""
        ironic = self._client.url["ironic"]
        agent = agent_api.Agent(lambda step: self._clean(machine, step))
        found = self._until_taken(
            uuid,
            why,
            lambda: requests.get(
                f"{ironic}/v1/lookup",
                params={"addresses": ",".join(machine.macs)},
                headers=_API,
                timeout=_TIMEOUT,
            ),
        )
        if found is None:
            return
        agent.token = found["config"]["agent_token"]
        self._agents[uuid] = agent
        beat = {
            "callback_url": f"{self._address}/{uuid}",
            "agent_version": _AGENT_VERSION,
            "agent_token": agent.token,
            "agent_verify_ca": self._certificate,
        }
        while self._is_up(uuid, why):
            agent.news.clear()
            with contextlib.suppress(requests.RequestException):
                answer = requests.post(
                    f"{ironic}/v1/heartbeat/{uuid}",
                    json=beat,
                    headers=_API,
                    timeout=_TIMEOUT,
                )
                if answer.status_code == 400:
                    # Its token is not good any more: it was switched off.
                    self._ended.append(uuid)
                    return
            # Far more often than a real one, so that tests are quick.
            agent.news.wait(1)

    def _clean(self, machine: Machine, step: str) -> str:
        self._stop.wait(machine.step_seconds)
        if step in machine.failing_steps:
            raise ValueError(machine.failing_steps[step])
        machine.steps.append(step)
        return "done"

    def _until_taken(
        self,
        uuid: str,
        why: tuple[str, str],
        ask: Callable[[], requests.Response],
    ) -> Any:
        """Ask as the ramdisk does: again, until there is an answer."""
        while self._is_up(uuid, why):
            with contextlib.suppress(requests.RequestException):
                answer = ask()
                if answer.ok:
                    return answer.json()
            self._stop.wait(_PAUSE)
        return None

    def _is_up(self, uuid: str, why: tuple[str, str]) -> bool:
        return not self._stop.is_set() and self._booted.get(uuid) == why
