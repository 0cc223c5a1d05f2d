"""Which processes are this undercloud's."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tripleo_common.undercloud import processes
from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.services import Service


def path_of(paths: Paths, service: Service) -> Path:
    """Return the file that remembers a service's process."""
    return paths.run / f"{service.name}.json"


def find(paths: Paths, service: Service) -> processes.Record | None:
    """Return a service's process, as it was last started."""
    return processes.load(path_of(paths, service))


def is_running(paths: Paths, service: Service) -> bool:
    """Tell whether a service's process runs."""
    record = find(paths, service)
    return record is not None and record.is_alive()


def end(paths: Paths, services: Iterable[Service]) -> None:
    """End the processes of services, and what is left of them."""
    chosen = list(services)
    found = [find(paths, service) for service in chosen]
    processes.end(record for record in found if record is not None)
    for service in chosen:
        path_of(paths, service).unlink(missing_ok=True)
