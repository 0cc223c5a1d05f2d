"""What operators do with a plan: ours against one request after the other.

Both work on the same undercloud in turn, once as it is and once through a
proxy that makes each request take longer, as on a network. The plan is that
of tripleo-heat-templates, as the embedded undercloud deploys it.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator

import latency
import measuring
from measuring import Measured, Way
from oslo_config import cfg
from plain import PlainPlan

from tripleo_common import conf
from tripleo_common.actions.parameters import (
    GetParametersAction,
    UpdateParametersAction,
)
from tripleo_common.actions.templates import UploadTemplatesAction
from tripleo_common.clients import Cloud
from tripleo_common.plans import default_templates, deletion
from tripleo_common.plans.store import Plan
from tripleo_common.undercloud import heat_templates
from tripleo_common.undercloud.client import Client

#: A template that is rendered once a role, and that many others stand by.
CHANGED = "puppet/role.role.j2.yaml"


class Bench:
    """The things that are compared, on one cloud.

    :param cloud: the cloud, as an action sees it.
    :param caches: a folder for caches.
    """

    def __init__(self, cloud: Cloud, caches: str) -> None:
        self._cloud = cloud
        self._caches = caches
        self._files = default_templates.read(conf.options().templates_dir)
        self._name = _new_name()
        self._made: list[str] = []
        self._numbers = itertools.count(1)

    @contextlib.contextmanager
    def plan(self) -> Iterator[None]:
        """A plan to work on."""
        self._forget()
        self._create(self._name)
        yield
        self._clean_up()
        self._delete(self._name)

    def comparisons(self) -> dict[str, dict[str, Way]]:
        """By what is done: ours, and the plain way."""
        plain = self._plain()
        return {
            "create default plan": self._creations(),
            "process, nothing cached": _pair(
                lambda: self._ours().process(), plain.process, self._forget
            ),
            "process, nothing changed": _pair(
                lambda: self._ours().process(), plain.process, self._warm
            ),
            "process, one template changed": _pair(
                lambda: self._ours().process(),
                plain.process,
                lambda: (self._warm(), self._change()),
            ),
            "collect Heat's inputs, nothing cached": _pair(
                lambda: self._ours().collect(), plain.collect, self._forget
            ),
            "parameters.get, nothing cached": _pair(
                self._get_parameters, plain.parameters, self._forget
            ),
            "parameters.get, nothing changed": _pair(
                self._get_parameters, plain.parameters, self._get_parameters
            ),
            "parameters.update, validated": _pair(
                self._update_parameters,
                lambda: plain.update_parameters(self._parameters()),
            ),
            "delete plan": self._deletions(),
        }

    def _ours(self) -> Plan:
        return Plan(self._cloud, self._name)

    def _plain(self) -> PlainPlan:
        return PlainPlan(self._cloud, self._name)

    def _get_parameters(self) -> None:
        GetParametersAction(self._name).execute(self._cloud)

    def _update_parameters(self) -> None:
        action = UpdateParametersAction(self._parameters(), self._name)
        action.execute(self._cloud)

    def _parameters(self) -> dict[str, int]:
        return {"ComputeCount": 1 + next(self._numbers)}

    def _change(self) -> None:
        text = self._files[CHANGED] + f"# {next(self._numbers)}\n".encode()
        self._cloud.object_store.put_object(self._name, CHANGED, text)

    def _forget(self) -> None:
        """Go on with an empty cache."""
        directory = tempfile.mkdtemp(dir=self._caches)
        cfg.CONF.set_override("cache_dir", directory, conf.GROUP)

    def _warm(self) -> None:
        self._ours().process()

    def _create(self, name: str) -> None:
        plan = Plan(self._cloud, name)
        plan.create_container()
        UploadTemplatesAction(name).execute(self._cloud)
        plan.create()
        plan.generate_passwords()
        plan.process()

    def _delete(self, name: str) -> None:
        deletion.delete(self._cloud, Plan(self._cloud, name))

    def _clean_up(self) -> None:
        while self._made:
            self._delete(self._made.pop())

    def _new(self) -> str:
        self._made.append(_new_name())
        return self._made[-1]

    def _creations(self) -> dict[str, Way]:
        def plainly() -> None:
            PlainPlan(self._cloud, self._new()).create(self._files)

        return {
            "ours": Way(lambda: self._create(self._new()), self._clean_up),
            "plain": Way(plainly, self._clean_up),
        }

    def _deletions(self) -> dict[str, Way]:
        def before() -> None:
            self._create(self._new())

        def plainly() -> None:
            PlainPlan(self._cloud, self._made.pop()).delete()

        return {
            "ours": Way(lambda: self._delete(self._made.pop()), before),
            "plain": Way(plainly, before),
        }


def _pair(
    ours: Callable[[], object],
    plain: Callable[[], object],
    before: Callable[[], object] = lambda: None,
) -> dict[str, Way]:
    return {"ours": Way(ours, before), "plain": Way(plain, before)}


def _new_name() -> str:
    return f"benchmark_{uuid.uuid4().hex[:8]}"


def report(name: str, measured: dict[str, Measured]) -> dict[str, object]:
    """Print a line about a comparison; the same as data."""
    ours, plain = measured["ours"], measured["plain"]
    figures = {
        "name": name,
        "ours_s": round(ours.median, 3),
        "plain_s": round(plain.median, 3),
        "ratio": round(plain.median / ours.median, 2),
        "requests_ours": ours.requests.total(),
        "requests_plain": plain.requests.total(),
    }
    kinds = ", ".join(f"{n} {k}" for k, n in sorted(ours.requests.items()))
    print(
        f"{name:48}{ours.median:8.2f}{plain.median:8.2f}"
        f"{figures['ratio']:7.1f}x{ours.requests.total():6}"
        f"{plain.requests.total():6}  {kinds}",
        flush=True,
    )
    return figures


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--state-dir",
        help="of an undercloud that is up (default: one is started for this)",
    )
    parser.add_argument("--runs", type=int, default=5, help="default: 5")
    parser.add_argument(
        "--delay",
        type=float,
        nargs="*",
        default=[0, 20],
        help="milliseconds that each request takes longer (default: 0 20)",
    )
    parser.add_argument("--only", help="what is in the names of these alone")
    parser.add_argument("--json", help="a file for the figures")
    options = parser.parse_args()
    with measuring.undercloud(options.state_dir) as client:
        figures = [
            figure
            for delay in options.delay
            for figure in measured(
                client, delay / 1000, options.runs, options.only
            )
        ]
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=2)


def measured(
    client: Client, delay: float, runs: int, only: str | None = None
) -> Iterator[dict[str, object]]:
    """Make all comparisons on one network.

    :param delay: seconds that each request takes longer.
    :param only: what is in the names of those to be made.
    """
    watch = measuring.Stopwatch()
    suffix = f", {delay * 1000:g} ms a request more" if delay else ""
    print(f"Seconds (medians of {runs}) and requests{suffix}")
    print(f"{'':48}{'ours':>8}{'plain':>8}{'ratio':>8}{'ours':>6}{'plain':>6}")
    own = {name: client.url[name] for name in measuring.SERVICES.values()}
    with contextlib.ExitStack() as stack:
        urls = own
        if delay:
            urls = stack.enter_context(latency.delayed(own, delay))
        watch.watch(urls)
        cloud = measuring.cloud_at(client, urls)
        caches = stack.enter_context(tempfile.TemporaryDirectory())
        templates = str(heat_templates.folder(client.paths.cache))
        stack.enter_context(measuring.options(templates_dir=templates))
        bench = Bench(cloud, caches)
        stack.enter_context(bench.plan())
        for name, ways in bench.comparisons().items():
            if not only or only in name:
                result = watch.compare(ways, runs)
                yield report(name + suffix, result)


if __name__ == "__main__":
    sys.exit(main())
