"""What the benchmarks share: a plan, a stopwatch, and a table of ratios."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests.adapters
from oslo_config import cfg

from tripleo_common import conf
from tripleo_common.clients import Cloud
from tripleo_common.plans.store import Plan
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.paths import Paths


@dataclass(frozen=True)
class Measured:
    """One run: seconds by the clock, seconds of CPU here, and requests."""

    seconds: float
    cpu: float
    requests: Counter[str]


class Stopwatch:
    """Measures functions, and counts the requests that they send to Swift.

    :param client: the undercloud.
    """

    def __init__(self, client: Client) -> None:
        self._swift = client.url["swift"]
        self._sent: Counter[str] = Counter()
        stock = requests.adapters.HTTPAdapter.send

        def send(adapter: Any, request: Any, *args: Any, **more: Any) -> Any:
            if request.url.startswith(self._swift):
                self._sent[request.method] += 1
            return stock(adapter, request, *args, **more)

        requests.adapters.HTTPAdapter.send = send  # type: ignore

    def measure(self, function: Callable[[], object]) -> Measured:
        """Run *function* once."""
        self._sent.clear()
        began, cpu = time.perf_counter(), time.process_time()
        function()
        return Measured(
            time.perf_counter() - began,
            time.process_time() - cpu,
            Counter(self._sent),
        )

    def compare(
        self, ways: Mapping[str, Callable[[], object]], runs: int
    ) -> None:
        """Measure each way in turn, *runs* times; print the medians.

        The first way is what the others' ratios refer to.
        """
        results: dict[str, list[Measured]] = {way: [] for way in ways}
        for _ in range(runs):
            for way, function in ways.items():
                results[way].append(self.measure(function))
        print(f"{'':34}{'seconds':>9}{'ratio':>8}{'CPU':>7}  requests")
        base = None
        for way, measured in results.items():
            seconds = statistics.median(each.seconds for each in measured)
            cpu = statistics.median(each.cpu for each in measured)
            base = base or seconds
            sent = measured[-1].requests
            kinds = ", ".join(
                f"{n} {kind}" for kind, n in sorted(sent.items())
            )
            print(
                f"{way:34}{seconds:9.2f}{seconds / base:8.2f}{cpu:7.2f}"
                f"  {sent.total()} ({kinds})"
            )


def arguments(description: str) -> argparse.ArgumentParser:
    """The options that all benchmarks have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--state-dir", help="of the undercloud; it must be up")
    parser.add_argument(
        "--runs", type=int, default=3, help="how often (default: 3)"
    )
    return parser


@contextmanager
def empty_cache() -> Iterator[None]:
    """Let the cache be a new and empty one for this long."""
    before = conf.options().cache_dir
    with tempfile.TemporaryDirectory() as directory:
        cfg.CONF.set_override("cache_dir", directory, conf.GROUP)
        yield
        cfg.CONF.set_override("cache_dir", before, conf.GROUP)


@contextmanager
def no_cache() -> Iterator[None]:
    """Do without a cache for this long."""
    conf.options()
    cfg.CONF.set_override("cache_size", 0, conf.GROUP)
    yield
    cfg.CONF.clear_override("cache_size", conf.GROUP)


@contextmanager
def new_plan(cloud: Cloud, files: Mapping[str, bytes]) -> Iterator[Plan]:
    """A plan of *files*, deleted in the end."""
    plan = Plan(cloud, f"benchmark_{uuid.uuid4().hex[:8]}")
    plan.create_container()
    try:
        plan.upload(files)
        plan.create()
        yield plan
    finally:
        plan.delete()


def connect(state_dir: str | None) -> tuple[Client, Cloud]:
    """The undercloud, and the same as actions see it."""
    client = Client(Paths.find(state_dir))
    return client, Cloud(client.session)
