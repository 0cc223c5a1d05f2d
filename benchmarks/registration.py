"""Register many nodes of no hardware: ours, one at a time, and bare requests.

usage: python benchmarks/registration.py [--state-dir DIR] [--nodes N ...]

"bare" are node.create and port.create alone, as many at a time as ours sends:
what Ironic can do. "plain" is what a script does: it asks each node that there
is for its ports, then creates or updates one node after the other. "manage" is
what follows a registration, and is timed apart. The last lines are of the
whole workflow: Mistral's memory, and the largest field that it keeps.
"""

from __future__ import annotations

import argparse
import contextlib
import sqlite3
import sys
import time
import uuid
from concurrent import futures
from typing import Any

import measuring
from measuring import Measured, Way

from tripleo_common import conf
from tripleo_common.clients import Cloud
from tripleo_common.nodes import registration, states
from tripleo_common.undercloud import records, services
from tripleo_common.undercloud.client import Client

_SERVICES = ("ironic", "swift", "glance", "mistral")
#: Columns of Mistral's that have a limit, by table.
_FIELDS = {
    "workflow_executions_v2": ("input", "output", "context"),
    "task_executions_v2": ("in_context", "published"),
    "action_executions_v2": ("input", "output"),
}


def machines(number: int) -> list[dict[str, Any]]:
    """A list of machines as an instackenv.json has it."""
    return [
        {
            "pm_type": "fake-hardware",
            "name": f"benchmark-{each}",
            "cpu": "4",
            "memory": "8192",
            "disk": "40",
            "arch": "x86_64",
            "capabilities": "profile:compute",
            "ports": [
                {"address": f"52:54:01:00:{each // 256:02x}:{each % 256:02x}"}
            ],
        }
        for each in range(number)
    ]


def remove(cloud: Cloud) -> None:
    """Remove the nodes of this benchmark."""
    ironic = cloud.clients.baremetal

    def delete(node: Any) -> None:
        if str(node.name).startswith("benchmark-"):
            ironic.node.delete(node.uuid)

    with futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(delete, ironic.node.list(limit=0)))


class Plain:
    """Registers one node after the other, as scripts do."""

    def __init__(self, cloud: Cloud) -> None:
        self._ironic = cloud.clients.baremetal

    def register(self, nodes: list[dict[str, Any]]) -> None:
        known = {}
        for node in self._ironic.node.list(limit=0, detail=True):
            for port in self._ironic.node.list_ports(node.uuid):
                known[port.address] = node.uuid
        for node in nodes:
            address = node["ports"][0]["address"]
            if address in known:
                patch = [
                    {"op": "add", "path": f"/properties/{name}", "value": v}
                    for name, v in _properties(node).items()
                ]
                self._ironic.node.update(known[address], patch)
            else:
                create(self._ironic, node)


def create(ironic: Any, node: dict[str, Any]) -> None:
    """The two requests that a node takes at least."""
    made = str(uuid.uuid4())
    ironic.node.create(
        uuid=made,
        driver=node["pm_type"],
        name=node["name"],
        resource_class="baremetal",
        properties=_properties(node),
    )
    address = node["ports"][0]["address"]
    ironic.port.create(node_uuid=made, address=address)


def _properties(node: dict[str, Any]) -> dict[str, Any]:
    return {
        "cpus": node["cpu"],
        "memory_mb": node["memory"],
        "local_gb": node["disk"],
        "cpu_arch": node["arch"],
        "capabilities": f"{node['capabilities']},boot_option:local",
    }


def bare(cloud: Cloud, nodes: list[dict[str, Any]]) -> None:
    """As many at a time as ours."""
    ironic = cloud.clients.baremetal
    workers = conf.options().ironic_connections
    with futures.ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda node: create(ironic, node), nodes))


def measured(
    cloud: Cloud, watch: measuring.Stopwatch, number: int, runs: int
) -> dict[str, Measured]:
    """All that is compared, for so many nodes."""
    nodes = machines(number)
    options = registration.Options(boot_option="local")

    def ours() -> None:
        told = registration.register(cloud, nodes, options)
        assert not told["failed"], told["failed"][:3]

    def again() -> None:
        told = registration.register(cloud, nodes, options)
        assert len(told["unchanged"]) == number

    def manage() -> None:
        uuids = [
            node.uuid
            for node in cloud.clients.baremetal.node.list(limit=0)
            if str(node.name).startswith("benchmark-")
        ]
        told = states.provision(cloud, uuids, "manage", "manageable", 3600)
        assert len(told["moved"]) == number

    plain = Plain(cloud)

    def empty() -> None:
        remove(cloud)

    found = watch.compare(
        {
            "bare": Way(lambda: bare(cloud, nodes), empty),
            "first": Way(ours, empty),
            "plain first": Way(lambda: plain.register(nodes), empty),
            "again": Way(again, lambda: (empty(), ours())),
            "plain again": Way(lambda: plain.register(nodes)),
            "manage": Way(manage),
        },
        runs,
    )
    empty()
    return found


def report(number: int, found: dict[str, Measured]) -> None:
    """Print what was found for so many nodes."""
    for name, each in found.items():
        kinds = ", ".join(f"{n} {k}" for k, n in sorted(each.requests.items()))
        print(
            f"{number:6} {name:12}{each.median:9.2f} s"
            f"{each.requests.total():7}  {kinds}",
            flush=True,
        )
    first, again = found["first"].median, found["again"].median
    print(
        f"{number:6} first/bare {first / found['bare'].median:.2f}, "
        f"plain/first {found['plain first'].median / first:.2f}, "
        f"plain/again {found['plain again'].median / again:.1f}",
        flush=True,
    )


def whole(client: Client, number: int) -> None:
    """The whole workflow: its time, Mistral's memory, its largest field."""
    record = records.find(client.paths, services.BY_NAME["mistral"])
    assert record is not None
    for name in ("first", "again"):
        before = record.memory() / 2**20
        began = time.perf_counter()
        client.run_workflow(
            "tripleo.baremetal.v1.register_or_update",
            timeout=7200,
            nodes_json=machines(number),
            queue_name=f"benchmark-{uuid.uuid4().hex[:8]}",
        )
        took = time.perf_counter() - began
        after = record.memory() / 2**20
        size, where = largest_field(client)
        print(
            f"{number:6} workflow {name}: {took:.1f} s; Mistral {before:.0f} "
            f"to {after:.0f} MiB; largest field {size / 1024:.0f} KiB "
            f"({where})",
            flush=True,
        )


def largest_field(client: Client) -> tuple[int, str]:
    """Bytes of the largest field that Mistral keeps, and where."""
    path = client.paths.data / "mistral.sqlite"
    with contextlib.closing(
        sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    ) as database:
        return max(
            (
                database.execute(
                    f"SELECT MAX(LENGTH(CAST({column} AS BLOB))) FROM {table}"
                ).fetchone()[0]
                or 0,
                f"{table}.{column}",
            )
            for table, columns in _FIELDS.items()
            for column in columns
        )


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--state-dir",
        help="of an undercloud that is up (default: one is started for this)",
    )
    parser.add_argument("--runs", type=int, default=1, help="default: 1")
    parser.add_argument(
        "--nodes", type=int, nargs="*", default=[1, 10, 100, 1000]
    )
    options = parser.parse_args()
    with measuring.undercloud(options.state_dir) as client:
        cloud = measuring.cloud_at(client, client.url)
        watch = measuring.Stopwatch()
        watch.watch({name: client.url[name] for name in _SERVICES})
        print(f"{'nodes':>6} {'':12}{'seconds':>11}{'requests':>7}")
        for number in options.nodes:
            report(number, measured(cloud, watch, number, options.runs))
        whole(client, max(options.nodes))
        remove(cloud)


if __name__ == "__main__":
    sys.exit(main())
