"""The subcommand ``logs``."""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from tripleo_common.undercloud import log_lines, screen, services
from tripleo_common.undercloud.errors import NotPrepared
from tripleo_common.undercloud.subcommands import (
    Parsers,
    add_command,
    add_services,
    number,
    paths_of,
)

POLL = 0.25
_COLOURS = ("cyan", "green", "yellow", "blue", "magenta", "red", "white")


def add_to(parsers: Parsers) -> None:
    """Add the subcommand to those of the command line."""
    parser = add_command(
        parsers, "logs", _logs, "show the services' logs, and follow them"
    )
    add_services(parser, "*")
    parser.add_argument(
        "-f",
        "--follow",
        action="store_true",
        help="go on with what is written from now on, until Ctrl-C",
    )
    parser.add_argument(
        "-n",
        "--lines",
        type=number,
        metavar="NUMBER",
        default=100,
        help="how many of the last lines of each log (default: %(default)s)",
    )


def _logs(arguments: argparse.Namespace) -> int:
    chosen = services.choose(arguments.service)
    paths = paths_of(arguments)
    if not paths.logs.exists():
        raise NotPrepared(paths.state)
    logs = {
        service.name: paths.log(service.name)
        for service in chosen
        # Of those that few underclouds have, only what there is.
        if arguments.service
        or service.default
        or paths.log(service.name).exists()
    }
    writer = Writer(screen.make_console(), logs)
    if not arguments.follow:
        writer.write(log_lines.last(logs, arguments.lines))
        return 0
    try:
        follower = log_lines.Follower(logs)
        writer.write(follower.begin(arguments.lines))
        while True:
            writer.write(follower.look())
            time.sleep(POLL)
    except KeyboardInterrupt:
        return 0


class Writer:
    """Writes lines of logs, with their services' names if there are many."""

    def __init__(self, console: Console, names: Iterable[str]) -> None:
        self._console = console
        found = list(names)
        width = max(map(len, found))
        self._heads = {
            name: f"{name:<{width}} | " if len(found) > 1 else ""
            for name in found
        }
        self._colours = dict(zip(found, itertools.cycle(_COLOURS)))

    def write(self, lines: Iterable[log_lines.Line]) -> None:
        """Write the lines, and hand them on at once."""
        for line in lines:
            head = self._heads[line.service]
            if self._console.is_terminal:
                self._write_coloured(line, head)
            else:
                self._console.file.write(f"{head}{line.text}\n")
        self._console.file.flush()

    def _write_coloured(self, line: log_lines.Line, head: str) -> None:
        colour = self._colours[line.service]
        self._console.print(
            Text.assemble((head, colour), line.text),
            soft_wrap=True,
            highlight=False,
        )
