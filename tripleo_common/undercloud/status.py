"""How the services are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tripleo_common.undercloud import health, ports, records, state
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.services import Service, named


@dataclass(frozen=True)
class Status:
    """How a service is.

    :param memory: in bytes, children included.
    :param health: ``well``, ``down``, or what is wrong.
    """

    service: str
    port: int
    pid: int | None
    memory: int
    health: str

    @property
    def well(self) -> bool:
        """Whether it runs and answers."""
        return self.health == "well"


def collect(paths: Paths) -> list[Status]:
    """Ask all services how they are."""
    client = Client(paths)
    chosen = named(state.load(paths).services)
    with ThreadPoolExecutor(len(chosen)) as pool:
        return list(pool.map(lambda s: _one(client, s), chosen))


def _one(client: Client, service: Service) -> Status:
    port = client.ports[service.ports[0]]
    record = records.find(client.paths, service)
    if record is None or not record.is_alive():
        return Status(service.name, port, None, 0, "down")
    found = _ask(client, service)
    return Status(service.name, port, record.pid, record.memory(), found)


def _ask(client: Client, service: Service) -> str:
    for name in service.ports:
        if not ports.is_open(client.ports[name]):
            return f"does not listen on port {client.ports[name]}"
    try:
        service.check(client.probe)
    except health.FAILURES as error:
        return f"{error!s:.200}"
    return "well"
