"""How processing a plan grows with its files and its roles."""

from __future__ import annotations

import argparse
import contextlib
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

_VERSION = "heat_template_version: rocky\n"
_ROLES = 2
_FILES = 500
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
    parser.add_argument(
        "--files", type=int, nargs="*", default=[100, 500, 1000, 2000, 5000]
    )
    parser.add_argument(
        "--roles", type=int, nargs="*", default=[1, 5, 10, 25, 50]
    )
    parser.add_argument("--plot", help="a file for the picture (SVG)")
    options = parser.parse_args()
    with measuring.undercloud(options.state_dir) as client:
        cloud = measuring.cloud_at(client, client.url)
        watch = measuring.Stopwatch()
        watch.watch(client.url)
        print(f"{'files':>6}{'roles':>6}" + "".join(f"{w:>20}" for w in WAYS))
        by_files = {
            files: measured(cloud, watch, files, _ROLES, options.runs)
            for files in options.files
        }
        by_roles = {
            roles: measured(cloud, watch, _FILES, roles, options.runs)
            for roles in options.roles
        }
    if options.plot:
        draw(options.plot, by_files, by_roles)


def measured(
    cloud: Cloud, watch: measuring.Stopwatch, files: int, roles: int, runs: int
) -> list[float]:
    """Seconds that each way takes for a plan of this size."""
    with (
        tempfile.TemporaryDirectory() as caches,
        new_plan(cloud, plan_files(files, roles)) as name,
    ):

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
    return [each.median for each in results.values()]


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


def draw(
    path: str,
    by_files: dict[int, list[float]],
    by_roles: dict[int, list[float]],
) -> None:
    """Draw the seconds over files, and over roles."""
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, 2, figsize=(9, 3.6))
    subjects = {
        f"files (of {_ROLES} roles)": by_files,
        f"roles (of {_FILES} files)": by_roles,
    }
    for panel, (subject, figures) in zip(
        panels, subjects.items(), strict=True
    ):
        for number, way in enumerate(WAYS):
            seconds = [each[number] for each in figures.values()]
            panel.plot(list(figures), seconds, marker="o", label=way)
        panel.set_xlabel(subject)
        panel.set_ylabel("seconds")
        panel.set_yscale("log")
        panel.grid(alpha=0.3)
    panels[0].legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
