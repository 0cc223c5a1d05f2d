"""The subcommands ``prepare`` and ``demo``."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from rich.console import Console

from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.progress import Progress
from tripleo_common.undercloud.state import Wanted
from tripleo_common.undercloud.subcommands import (
    Parsers,
    add_base_port,
    add_command,
    add_timeout,
    paths_of,
)
from tripleo_common.undercloud.undercloud import Undercloud

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
    """Add the subcommands to those of the command line."""
    prepares = add_command(
        parsers,
        "prepare",
        _prepare,
        "make a plan deployable without servers, Nova and Neutron",
    )
    prepares.add_argument("plan", metavar="PLAN")
    _add_counts(prepares)
    prepares.add_argument(
        "--count",
        metavar="ROLE=NUMBER",
        type=_count,
        action="append",
        default=[],
        help="nodes of another role; may be given more than once",
    )
    prepares.add_argument(
        "--roles-file",
        metavar="FILE",
        type=Path,
        help="a file to become the plan's roles_data.yaml",
    )
    prepares.add_argument(
        "--services",
        choices=("small", "all"),
        default="small",
        help="few services, deployed in a minute or two, or all that the "
        "roles have (default: small)",
    )

    demo = add_command(
        parsers,
        "demo",
        _demo,
        "bring the undercloud up and deploy a real plan on it",
    )
    _add_counts(demo)
    add_base_port(demo)
    add_timeout(demo)
    demo.add_argument(
        "--keep",
        action="store_true",
        help="leave the undercloud up",
    )


def _add_counts(parser: argparse.ArgumentParser) -> None:
    for name in ("controllers", "computes"):
        parser.add_argument(
            f"--{name}",
            metavar="NUMBER",
            type=_number,
            default=1,
            help=f"how many {name} there shall be (default: 1)",
        )


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a number of nodes")
    return int(text)


def _count(text: str) -> tuple[str, int]:
    role, _, number = text.partition("=")
    if not role:
        raise argparse.ArgumentTypeError(f"{text} is not ROLE=NUMBER")
    return role, _number(number)


def _prepare(arguments: argparse.Namespace) -> int:
    # The services' clients take long to import: not for other commands.
    from tripleo_common.undercloud.prepare import prepare

    nodes = prepare(
        Client(paths_of(arguments)),
        arguments.plan,
        arguments.controllers,
        arguments.computes,
        dict(arguments.count),
        arguments.roles_file,
        arguments.services == "small",
        say=print,
    )
    counted = ", ".join(f"{name}: {number}" for name, number in nodes.items())
    print(f"The plan {arguments.plan} can be deployed ({counted}).")
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from tripleo_common.undercloud.demo import Demo

    paths = paths_of(arguments)
    console = Console()
    fresh = not paths.state.exists()
    done = False
    try:
        with Progress(console) as progress:
            undercloud = Undercloud(paths, progress, arguments.timeout)
            undercloud.up(Wanted(base_port=arguments.base_port))
        demo = Demo(Client(paths), console)
        done = demo.run(arguments.controllers, arguments.computes)
    finally:
        if not arguments.keep and paths.run.exists():
            undercloud.down()
        if not arguments.keep and fresh and done:
            # What the demo made is not needed any more; after a failure, its
            # logs are.
            shutil.rmtree(paths.state)
    if not done:
        print(f"The services' logs are in {paths.logs}.")
    elif arguments.keep:
        state = arguments.state_dir
        option = f" --state-dir {state}" if state else ""
        print(_TRY_NEXT.format(state=option))
    return 0 if done else 1
