"""What the benchmarks share: an undercloud, a stopwatch, caches."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import requests.adapters
from oslo_config import cfg

from tripleo_common import conf
from tripleo_common.clients import Cloud
from tripleo_common.undercloud import ports
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.paths import Paths

#: The services whose requests are counted, by their types in the catalog.
SERVICES = {
    "object-store": "swift",
    "workflowv2": "mistral",
    "orchestration": "heat",
}


@dataclass(frozen=True)
class Way:
    """One way to do something.

    :ivar run: does it; what is timed.
    :ivar before: what has to be there first; not timed.
    """

    run: Callable[[], object]
    before: Callable[[], object] = lambda: None


@dataclass
class Measured:
    """Several runs of one way.

    :ivar seconds: by the clock, of each run.
    :ivar cpu: seconds of CPU in this process, of each run.
    :ivar requests: of the last run, by service and method.
    """

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)

    @property
    def median(self) -> float:
        """Seconds by the clock."""
        return statistics.median(self.seconds)


class Stopwatch:
    """Measures ways, and counts the requests that they send."""

    def __init__(self) -> None:
        self._urls: dict[str, str] = {}
        self._sent: Counter[str] = Counter()
        stock = requests.adapters.HTTPAdapter.send

        def send(adapter: Any, request: Any, *args: Any, **more: Any) -> Any:
            for url, service in self._urls.items():
                if request.url.startswith(url):
                    self._sent[f"{service} {request.method}"] += 1
            return stock(adapter, request, *args, **more)

        requests.adapters.HTTPAdapter.send = send  # type: ignore

    def watch(self, urls: dict[str, str]) -> None:
        """Count the requests to these URLs, by the services' names."""
        self._urls |= {url: service for service, url in urls.items()}

    def compare(self, ways: dict[str, Way], runs: int) -> dict[str, Measured]:
        """Measure each way in turn, *runs* times."""
        results = {name: Measured() for name in ways}
        for _ in range(runs):
            for name, way in ways.items():
                way.before()
                self._sent.clear()
                began, cpu = time.perf_counter(), time.process_time()
                way.run()
                result = results[name]
                result.seconds.append(time.perf_counter() - began)
                result.cpu.append(time.process_time() - cpu)
                result.requests = Counter(self._sent)
        return results


@contextmanager
def undercloud(state_dir: str | None) -> Iterator[Client]:
    """The undercloud of a state directory; None: one of our own."""
    if state_dir is not None:
        yield Client(Paths.find(state_dir))
        return
    with tempfile.TemporaryDirectory() as folder:
        state = str(Path(folder) / "state")
        base = str(ports.find_free_base(30000))
        try:
            _undercloud("up", state, "--base-port", base)
            yield Client(Paths.find(state))
        finally:
            _undercloud("down", state)


def _undercloud(command: str, state: str, *more: str) -> None:
    module = [sys.executable, "-m", "tripleo_common.undercloud"]
    subprocess.run(
        [*module, command, "--state-dir", state, *more],
        stdout=sys.stderr,
        check=True,
    )


def cloud_at(client: Client, urls: dict[str, str]) -> Cloud:
    """The cloud as an action sees it, some services at other addresses.

    :param urls: of services, by their names.
    """
    access = client.session.auth.get_access(client.session)
    catalog = [
        {
            **entry,
            "endpoints": [
                {
                    **endpoint,
                    "url": endpoint["url"].replace(
                        client.url.get(SERVICES.get(entry["type"], ""), "\0"),
                        urls.get(SERVICES.get(entry["type"], ""), ""),
                    ),
                }
                for endpoint in entry["endpoints"]
            ],
        }
        for entry in access.service_catalog.catalog
    ]
    security = SimpleNamespace(
        auth_uri=None,
        auth_token=access.auth_token,
        auth_cacert=None,
        insecure=False,
        project_id=access.project_id,
        region_name=None,
        service_catalog={
            "catalog": catalog,
            "project": {"id": access.project_id},
        },
    )
    return Cloud.of_request(security)


@contextmanager
def options(**values: Any) -> Iterator[None]:
    """Have these options of the configuration for this long."""
    conf.options()
    for name, value in values.items():
        cfg.CONF.set_override(name, value, conf.GROUP)
    yield
    for name in values:
        cfg.CONF.clear_override(name, conf.GROUP)
