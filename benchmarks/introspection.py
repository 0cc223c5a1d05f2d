"""How long many nodes take to be introspected, so many at once.

usage: python benchmarks/introspection.py [--state-dir DIR] [--nodes N]
           [--concurrency N] [--seconds N]

Registers nodes whose machines boot a simulated ramdisk, which tells Ironic
what is in the machine after some seconds, and introspects them all by
``tripleo.baremetal.v1.introspect``. The nodes are removed in the end.

Ideal is what the ramdisks alone take: the number of waves times the seconds.
"""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter

import measuring
import psutil

from tripleo_common.tests.functional import nodes, simulated_ramdisk
from tripleo_common.tests.functional.simulated_machine import Machine
from tripleo_common.undercloud import records, services
from tripleo_common.undercloud.client import Client


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state-dir")
    parser.add_argument("--nodes", type=int, default=100)
    parser.add_argument("--concurrency", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30)
    told = parser.parse_args()

    def machine(macs: list[str]) -> Machine:
        return Machine(macs, boot_seconds=told.seconds)

    interfaces = simulated_ramdisk.INTERFACES
    with (
        measuring.undercloud(told.state_dir) as client,
        nodes.registered(client, told.nodes, **interfaces) as uuids,
        simulated_ramdisk.Machines(client, machine).running() as machines,
    ):
        for uuid in uuids:
            machines.of(uuid)
        used = {name: _cpu(client, name) for name in ("ironic", "mistral")}
        began = time.perf_counter()
        output = client.run_workflow(
            nodes.WF + "introspect",
            timeout=3600,
            node_uuids=uuids,
            concurrency=told.concurrency,
            max_retry_attempts=0,
        )
        seconds = time.perf_counter() - began
        attempts = Counter(
            node["attempts"] for node in output["introspected_nodes"].values()
        )
        waves = math.ceil(told.nodes / told.concurrency)
        ideal = waves * told.seconds
        print(f"{told.nodes} nodes, {told.concurrency} at once, each {ideal=}")
        print(f"took {seconds:.1f} s: {seconds / ideal:.2f} of the ideal")
        print(f"attempts of each: {dict(attempts)}")
        for name, before in used.items():
            print(f"CPU of {name}: {_cpu(client, name) - before:.1f} s")


def _cpu(client: Client, name: str) -> float:
    record = records.find(client.paths, services.BY_NAME[name])
    if record is None:
        return 0.0
    return float(sum(psutil.Process(record.pid).cpu_times()[:2]))


if __name__ == "__main__":
    main()
