"""The subcommand ``status``."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.live import Live

from tripleo_common.undercloud import screen, status
from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.status import Status
from tripleo_common.undercloud.subcommands import (
    Parsers,
    add_command,
    paths_of,
    seconds,
)

HEADERS = ("service", "port", "pid", "memory", "health")
_EVERY = 2.0

Show = Callable[[list[Status]], None]


def add_to(parsers: Parsers) -> None:
    """Add the subcommand to those of the command line."""
    parser = add_command(
        parsers, "status", _status, "show how the services are"
    )
    parser.add_argument(
        "-w",
        "--watch",
        nargs="?",
        type=seconds,
        const=_EVERY,
        metavar="SECONDS",
        help="look again and again, until Ctrl-C (every %(const)g s unless "
        "told otherwise): a table that changes, or, where it is no terminal, "
        "a line for each change",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="one JSON object; with --watch, one a line, at each look",
    )


def _status(arguments: argparse.Namespace) -> int:
    paths = paths_of(arguments)
    console = screen.make_console()
    if arguments.watch is not None:
        _watch(paths, console, arguments.watch, arguments.json)
        return 0
    found = status.collect(paths)
    if arguments.json:
        print(json.dumps(as_json(paths, found), indent=2))
    else:
        styles = [_style(one) for one in found]
        screen.print_table(console, HEADERS, map(_row, found), styles)
    return 0 if all(one.well for one in found) else 1


def as_json(paths: Paths, found: list[Status]) -> dict[str, Any]:
    """Return what ``--json`` prints; the documentation tells its keys."""
    return {
        "state_dir": str(paths.state),
        "well": all(one.well for one in found),
        "services": [
            {
                "name": one.service,
                "port": one.port,
                "pid": one.pid,
                "memory_bytes": one.memory,
                "well": one.well,
                "health": one.health,
            }
            for one in found
        ],
    }


def _row(one: Status) -> tuple[str, ...]:
    memory = f"{one.memory / 2**20:.0f} MB" if one.memory else "-"
    pid = str(one.pid) if one.pid else "-"
    return one.service, str(one.port), pid, memory, one.health


def _style(one: Status) -> str:
    if one.well:
        return "green"
    return "red" if one.pid else "dim"


def _watch(
    paths: Paths, console: Console, every: float, as_lines: bool
) -> None:
    """Look until somebody interrupts."""
    try:
        if as_lines:
            _again(paths, every, lambda found: _print_json(paths, found))
        elif console.is_terminal:
            _live(paths, console, every)
        else:
            _again(paths, every, Changes(console).show)
    except KeyboardInterrupt:
        return


def _again(paths: Paths, every: float, show: Show) -> None:
    while True:
        show(status.collect(paths))
        time.sleep(every)


def _print_json(paths: Paths, found: list[Status]) -> None:
    print(json.dumps(as_json(paths, found)), flush=True)


def _live(paths: Paths, console: Console, every: float) -> None:
    with Live(console=console, auto_refresh=False) as live:

        def show(found: list[Status]) -> None:
            table = screen.make_table(
                HEADERS, map(_row, found), [_style(one) for one in found]
            )
            table.caption = f"{time.strftime('%H:%M:%S')}, every {every:g} s"
            live.update(table, refresh=True)

        _again(paths, every, show)


class Changes:
    """Tells what changed, a line each."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._known: dict[str, tuple[int | None, str]] = {}

    def show(self, found: list[Status]) -> None:
        """Tell what is different from the last time, or new."""
        for one in found:
            now = (one.pid, one.health)
            if self._known.get(one.service) != now:
                self._known[one.service] = now
                when = time.strftime("%Y-%m-%d %H:%M:%S")
                text = f"{when} {'  '.join(_row(one))}"
                screen.print_plain(self._console, text)
        self._console.file.flush()
