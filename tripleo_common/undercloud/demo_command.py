"""The subcommand ``demo``."""

from __future__ import annotations

import argparse
import json
import shlex
from typing import TYPE_CHECKING, Any

from rich.console import Console

from tripleo_common.undercloud import reset, screen
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.prepare_command import add_counts
from tripleo_common.undercloud.progress import Progress
from tripleo_common.undercloud.state import Wanted
from tripleo_common.undercloud.subcommands import (
    Parsers,
    add_base_port,
    add_command,
    add_quiet,
    add_timeout,
    paths_of,
)
from tripleo_common.undercloud.undercloud import PLAN, Undercloud

if TYPE_CHECKING:
    from tripleo_common.undercloud.demo import Outcome

_TRY_NEXT = """
The undercloud stays up. Try next:

  eval "$(tripleo-undercloud env{state})"
  openstack workflow list
  openstack stack resource list overcloud
  openstack workflow execution create \\
      tripleo.plan_management.v1.create_default_deployment_plan \\
      '{{"container": "my_cloud"}}'
  tripleo-undercloud prepare my_cloud{state}
  tripleo-undercloud down{state}
"""


def add_to(parsers: Parsers) -> None:
    """Add the subcommand to those of the command line."""
    parser = add_command(
        parsers,
        "demo",
        _demo,
        "bring the undercloud up and deploy a real plan on it",
    )
    add_counts(parser)
    add_base_port(parser)
    add_timeout(parser)
    parser.add_argument(
        "--full",
        action="store_true",
        help="deploy all services that the roles have: over 800 resources "
        "instead of 350, several minutes instead of one or two",
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="leave the undercloud up",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one JSON object at the end; what happens until then goes "
        "to the standard error",
    )
    add_quiet(parser)


def _demo(arguments: argparse.Namespace) -> int:
    # The services' clients take long to import: not for other commands.
    from tripleo_common.undercloud.demo import Outcome

    paths = paths_of(arguments)
    console = screen.make_console(arguments.quiet, stderr=arguments.json)
    outcome = Outcome()
    error: str | None = None
    try:
        _run(arguments, paths, console, outcome)
    except BaseException as caught:
        error = str(caught) or type(caught).__name__
        raise
    finally:
        if arguments.json:
            answer = as_json(outcome, paths, arguments.full, error)
            print(json.dumps(answer, indent=2))
    if not outcome.complete:
        screen.print_plain(console, f"The services' logs are in {paths.logs}.")
    elif arguments.keep:
        state = arguments.state_dir
        option = f" --state-dir {shlex.quote(state)}" if state else ""
        screen.print_plain(console, _TRY_NEXT.format(state=option))
    return 0 if outcome.complete else 1


def _run(
    arguments: argparse.Namespace,
    paths: Paths,
    console: Console,
    outcome: Outcome,
) -> None:
    from tripleo_common.undercloud.demo import Demo

    fresh = not paths.state.exists()
    with Progress(console) as progress:
        undercloud = Undercloud(paths, progress, arguments.timeout)
        try:
            undercloud.up(Wanted(base_port=arguments.base_port))
            Demo(Client(paths), console, outcome).run(
                arguments.controllers, arguments.computes, not arguments.full
            )
        finally:
            if not arguments.keep and paths.run.exists():
                # What the demo made is not needed any more; after a
                # failure, its logs are.
                if fresh and outcome.complete:
                    reset.reset(paths, progress)
                else:
                    undercloud.down()


def as_json(
    outcome: Outcome, paths: Paths, full: bool, error: str | None
) -> dict[str, Any]:
    """Return what ``--json`` prints; the documentation tells its keys."""
    return {
        "complete": outcome.complete,
        "stack": PLAN,
        "status": outcome.status,
        "services": "all" if full else "small",
        "resources": outcome.resources,
        "steps": [
            {"name": step.name, "seconds": round(step.seconds, 1)}
            for step in outcome.steps
        ],
        "seconds": round(outcome.seconds, 1),
        "failures": outcome.failures,
        "error": error,
        "state_dir": str(paths.state),
    }
