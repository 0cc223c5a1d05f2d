"""How processing a plan grows with its files and its roles.

usage: python benchmarks/growth.py [--csv FILE] [--plot FILE]
       python benchmarks/growth.py --draw FILE --plot FILE
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import tempfile
import uuid
from collections.abc import Iterator

import measuring
from measuring import Way
from oslo_config import cfg
from plain import PlainPlan

from tripleo_common import conf
from tripleo_common.clients import Cloud
from tripleo_common.plans import deletion
from tripleo_common.plans.store import Plan
from tripleo_common.undercloud.client import Client

_VERSION = "heat_template_version: rocky\n"
_ROLES = 2
_FILES = 500
#: The sizes that are measured.
FILES = [100, 500, 1000, 2000, 5000]
ROLES = [1, 2, 5, 10, 25, 50]
#: Processing a plan: one request after the other without a cache; ours with
#: an empty cache; ours again, when nothing changed.
WAYS = ("plain", "ours, empty cache", "ours, again")


def plan_files(files: int, roles: int) -> dict[str, bytes]:
    """A plan whose root refers to *files* nested templates.

    A tenth of them is rendered, each of these once a role.
    """
    per_role = max(1, files // 10 // roles)
    texts = {
        "roles_data.yaml": "".join(
            f"- name: Role{number}\n" for number in range(roles)
        ),
        "overcloud-resource-registry-puppet.yaml": "{}\n",
    }
    resources = []
    for number in range(files - per_role * roles):
        texts[f"nested/{number}.yaml"] = _nested(f"n{number}")
        resources.append(f"nested/{number}.yaml")
    for number in range(per_role):
        texts[f"role/{number}.role.j2.yaml"] = _nested("{{role.name}}")
        resources += [
            f"role/role{role}-{number}.yaml" for role in range(roles)
        ]
    texts["overcloud.yaml"] = f"{_VERSION}resources:\n" + "".join(
        f"  r{number}: {{type: {path}}}\n"
        for number, path in enumerate(resources)
    )
    return {path: text.encode() for path, text in texts.items()}


def _nested(name: str) -> str:
    parameters = "".join(
        f"  P{number}: {{type: string, default: {name}}}\n"
        for number in range(40)
    )
    return f"{_VERSION}description: {name}\nparameters:\n{parameters}"


def main() -> None:
    """Measure, print the figures, and draw them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--state-dir",
        help="of an undercloud that is up (default: one is started for this)",
    )
    parser.add_argument("--runs", type=int, default=3, help="default: 3")
    parser.add_argument("--files", type=int, nargs="*", default=FILES)
    parser.add_argument("--roles", type=int, nargs="*", default=ROLES)
    parser.add_argument("--csv", help="a file for the figures")
    parser.add_argument("--plot", help="a file for the picture (SVG)")
    parser.add_argument("--draw", help="a file of --csv; measure nothing")
    options = parser.parse_args()
    if options.draw:
        with open(options.draw, encoding="utf-8", newline="") as file:
            _, *read = csv.reader(file)
        rows = [[float(value) for value in row] for row in read]
    else:
        with measuring.undercloud(options.state_dir) as client:
            rows = measure(client, options.files, options.roles, options.runs)
    if options.csv:
        write(options.csv, rows)
    if options.plot:
        draw(options.plot, rows)


def measure(
    client: Client, files: list[int], roles: list[int], runs: int
) -> list[list[float]]:
    """Process plans of all these sizes.

    :returns: of each plan: its files, its roles; of each way: the seconds
        and the requests.
    """
    cloud = measuring.cloud_at(client, client.url)
    watch = measuring.Stopwatch()
    watch.watch(client.url)
    sizes = [(number, _ROLES) for number in files]
    sizes += [(_FILES, number) for number in roles]
    print(f"{'files':>6}{'roles':>6}" + "".join(f"{w:>20}" for w in WAYS))
    with tempfile.TemporaryDirectory() as caches:
        return [
            [*size, *measured(cloud, watch, *size, runs, caches)]
            for size in dict.fromkeys(sizes)
        ]


def write(path: str, rows: list[list[float]]) -> None:
    """Write the figures as CSV."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["files", "roles"]
            + [f"{way}: {what}" for way in WAYS for what in ("s", "requests")]
        )
        writer.writerows(rows)


def measured(
    cloud: Cloud,
    watch: measuring.Stopwatch,
    files: int,
    roles: int,
    runs: int,
    caches: str,
) -> list[float]:
    """Seconds and requests of each way for a plan of this size.

    :param caches: a folder for caches.
    """
    with new_plan(cloud, plan_files(files, roles)) as name:

        def forget() -> None:
            directory = tempfile.mkdtemp(dir=caches)
            cfg.CONF.set_override("cache_dir", directory, conf.GROUP)

        def process() -> None:
            Plan(cloud, name).process()

        ways = [
            Way(PlainPlan(cloud, name).process),
            Way(process, forget),
            Way(process, process),
        ]
        conf.options()
        forget()
        process()
        results = watch.compare(dict(zip(WAYS, ways, strict=True)), runs)
    told = "".join(
        f"{each.median:9.2f} s {each.requests.total():6} r"
        for each in results.values()
    )
    print(f"{files:6}{roles:6}{told}", flush=True)
    return [
        value
        for each in results.values()
        for value in (round(each.median, 3), each.requests.total())
    ]


@contextlib.contextmanager
def new_plan(cloud: Cloud, files: dict[str, bytes]) -> Iterator[str]:
    """A plan of *files*, deleted in the end."""
    plan = Plan(cloud, f"benchmark_{uuid.uuid4().hex[:8]}")
    plan.create_container()
    try:
        plan.upload(files)
        plan.create()
        yield plan.name
    finally:
        deletion.delete(cloud, plan)


def draw(path: str, rows: list[list[float]]) -> None:
    """Draw the seconds over files, and over roles."""
    import matplotlib
    from matplotlib import pyplot

    # Text stays text, and the same figures make the same file.
    matplotlib.rcParams["svg.fonttype"] = "none"
    matplotlib.rcParams["svg.hashsalt"] = "growth"
    figure, panels = pyplot.subplots(1, 2, figsize=(9, 3.6))
    subjects = {
        f"files (of {_ROLES} roles)": (0, 1, _ROLES),
        f"roles (of {_FILES} files)": (1, 0, _FILES),
    }
    for panel, (subject, (over, fixed, value)) in zip(
        panels, subjects.items(), strict=True
    ):
        drawn = sorted(row for row in rows if row[fixed] == value)
        for number, way in enumerate(WAYS):
            panel.plot(
                [row[over] for row in drawn],
                [row[2 + 2 * number] for row in drawn],
                marker="o",
                label=way,
            )
        panel.set_xlabel(subject)
        panel.set_ylabel("seconds")
        panel.set_yscale("log")
        panel.grid(alpha=0.3)
    panels[0].legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
