"""The subcommand ``reset``."""

from __future__ import annotations

import argparse
import sys

from tripleo_common.undercloud import reset, screen
from tripleo_common.undercloud.errors import NotPrepared, ResetUnasked
from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.progress import Progress
from tripleo_common.undercloud.subcommands import (
    Parsers,
    add_command,
    add_quiet,
    paths_of,
)


def add_to(parsers: Parsers) -> None:
    """Add the subcommand to those of the command line."""
    parser = add_command(
        parsers,
        "reset",
        _reset,
        "end the undercloud's processes and remove all it has, for good",
    )
    parser.add_argument(
        "-y", "--yes", action="store_true", help="do not ask first"
    )
    add_quiet(parser)


def _reset(arguments: argparse.Namespace) -> int:
    paths = paths_of(arguments)
    if not paths.run.exists():
        raise NotPrepared(paths.state)
    if not arguments.yes and not _is_wanted(paths):
        print("Nothing was changed.")
        return 1
    progress = Progress(screen.make_console(arguments.quiet))
    left = reset.reset(paths, progress)
    if left:
        names = ", ".join(path.name for path in left)
        progress.say(
            f"The undercloud is gone. {paths.state} stays, because this in "
            f"it is not the undercloud's: {names}."
        )
    else:
        progress.say(f"The undercloud is gone, and {paths.state} with it.")
    return 0


def _is_wanted(paths: Paths) -> bool:
    """Ask the user; refuse where there is none."""
    if not sys.stdin.isatty():
        raise ResetUnasked(paths.state)
    question = (
        f"This ends the undercloud in {paths.state} and removes its plans, "
        "stacks, nodes, images, passwords and logs. They cannot be brought "
        "back. Go on? [y/N] "
    )
    try:
        answer = input(question)
    except EOFError:
        print()
        return False
    return answer.strip().lower() in ("y", "yes")
