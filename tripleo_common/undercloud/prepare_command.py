"""The subcommand ``prepare``."""

from __future__ import annotations

import argparse
import functools
from pathlib import Path

from tripleo_common.undercloud import screen
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.subcommands import (
    Parsers,
    add_command,
    add_quiet,
    paths_of,
)


def add_to(parsers: Parsers) -> None:
    """Add the subcommand to those of the command line."""
    prepares = add_command(
        parsers,
        "prepare",
        _prepare,
        "make a plan deployable without servers, Nova and Neutron",
    )
    prepares.add_argument("plan", metavar="PLAN")
    add_counts(prepares)
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
    add_quiet(prepares)


def add_counts(parser: argparse.ArgumentParser) -> None:
    """Let the user choose how many nodes there shall be."""
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

    console = screen.make_console(arguments.quiet)
    say = functools.partial(screen.print_plain, console)
    nodes = prepare(
        Client(paths_of(arguments)),
        arguments.plan,
        arguments.controllers,
        arguments.computes,
        dict(arguments.count),
        arguments.roles_file,
        arguments.services == "small",
        say=say,
    )
    counted = ", ".join(f"{name}: {number}" for name, number in nodes.items())
    say(f"The plan {arguments.plan} can be deployed ({counted}).")
    return 0
