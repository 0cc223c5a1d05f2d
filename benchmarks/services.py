"""What each service of a running undercloud costs, and how fast it answers.

usage: python benchmarks/services.py [--state-dir DIR] [--requests N]

CPU is all that the process took since its start, so it is the start's right
after ``up --no-plan``. The requests are those of the health checks, one after
the other, each with a token: Mistral's runs an action, Keystone's makes a new
token and asks with it.
"""

from __future__ import annotations

import argparse
import time

import psutil

from tripleo_common.undercloud import records, services, state
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.paths import Paths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state-dir")
    parser.add_argument("--requests", type=int, default=50)
    arguments = parser.parse_args()
    paths = Paths.find(arguments.state_dir)
    probe = Client(paths).probe
    total = 0.0
    print(f"{'':12}{'CPU s':>8}{'MiB':>8}{'requests/s':>12}")
    for service in services.named(state.load(paths).services):
        record = records.find(paths, service)
        if record is None or not record.is_alive():
            continue
        times = psutil.Process(record.pid).cpu_times()
        cpu = sum(times[:4])
        total += cpu
        service.check(probe)
        began = time.perf_counter()
        for _ in range(arguments.requests):
            service.check(probe)
        rate = arguments.requests / (time.perf_counter() - began)
        memory = record.memory() / 2**20
        print(f"{service.name:12}{cpu:8.1f}{memory:8.0f}{rate:12.1f}")
    print(f"{'all':12}{total:8.1f}")


if __name__ == "__main__":
    main()
