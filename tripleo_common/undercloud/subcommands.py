"""What the subcommands of ``tripleo-undercloud`` have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.services import BY_NAME
from tripleo_common.undercloud.undercloud import TIMEOUT

Command = Callable[[argparse.Namespace], int]
Parsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_command(
    parsers: Parsers, name: str, run: Command, text: str
) -> argparse.ArgumentParser:
    """Add a subcommand.

    :param run: takes the parsed arguments and returns the exit status;
        :func:`paths_of` tells it where the undercloud is.
    """
    parser = parsers.add_parser(name, help=text, description=text)
    parser.add_argument(
        "--state-dir",
        metavar="DIR",
        help="where the undercloud keeps all it has "
        "(default: $TRIPLEO_UNDERCLOUD_STATE_DIR, else "
        "~/.local/state/tripleo-undercloud)",
    )
    parser.set_defaults(run=run)
    return parser


def add_base_port(parser: argparse.ArgumentParser) -> None:
    """Let the user choose the ports."""
    parser.add_argument(
        "--base-port",
        metavar="NUMBER",
        type=int,
        help="the first of the services' ports (default: as before, else "
        "25000)",
    )


def add_timeout(parser: argparse.ArgumentParser) -> None:
    """Let the user choose how long to wait."""
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=TIMEOUT,
        help="how long a service may take to answer (default: %(default)g)",
    )


def add_quiet(parser: argparse.ArgumentParser) -> None:
    """Let the user have errors only."""
    parser.add_argument(
        "-q",
        "--quiet",
        action="store_true",
        help="say nothing but errors",
    )


def add_services(parser: argparse.ArgumentParser, nargs: str) -> None:
    """Take the names of services.

    :param nargs: how many, as argparse says it.
    """
    known = ", ".join(sorted(BY_NAME))
    parser.add_argument(
        "service",
        nargs=nargs,
        metavar="SERVICE",
        help=f"one of {known}",
    )


def number(text: str) -> int:
    """Read a number that is not negative."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return int(text)


def seconds(text: str) -> float:
    """Read a time that passes."""
    try:
        found = float(text)
    except ValueError:
        found = 0
    if not 0 < found < 86400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return found


def paths_of(arguments: argparse.Namespace) -> Paths:
    """Return the folders of the undercloud that a command is about."""
    return Paths.find(arguments.state_dir)
