"""The subcommand ``doctor``."""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from typing import Any

from rich.console import Console

from tripleo_common.undercloud import screen
from tripleo_common.undercloud.doctor.finding import Finding, Level
from tripleo_common.undercloud.subcommands import Parsers, add_command

_STYLES = {
    Level.OK: "green",
    Level.WARNING: "yellow",
    Level.ERROR: "bold red",
    Level.UNKNOWN: "cyan",
}


def add_to(parsers: Parsers) -> None:
    """Add the subcommand to those of the command line."""
    parser = add_command(
        parsers,
        "doctor",
        _doctor,
        "examine an undercloud, and say what to mend: the embedded one, or "
        "the one that OS_* variables or --os-cloud name",
    )
    parser.add_argument(
        "--os-cloud",
        metavar="NAME",
        help="a cloud of a clouds.yaml",
    )
    parser.add_argument(
        "--slow",
        action="store_true",
        help="also try how long an action may take: a minute",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def _doctor(arguments: argparse.Namespace) -> int:
    # The services' clients take long to import: not for other commands.
    from tripleo_common.undercloud.doctor import credentials, examination

    name, subject = credentials.find(
        arguments.state_dir, arguments.os_cloud, os.environ, arguments.slow
    )
    console = screen.make_console(stderr=arguments.json)
    screen.print_plain(console, f"Examining {name}")
    found = []
    for finding in examination.examine(subject):
        found.append(finding)
        if not arguments.json:
            _print(console, finding)
    counted = Counter(finding.level for finding in found)
    if arguments.json:
        print(json.dumps(as_json(name, found), indent=2))
    else:
        told = ", ".join(f"{counted[level]} {level}" for level in Level)
        screen.print_plain(console, told)
    return 1 if counted[Level.ERROR] else 0


def _print(console: Console, finding: Finding) -> None:
    line = f"{finding.level:<8} {finding.check}: {finding.found}"
    screen.print_plain(console, line, _STYLES[finding.level])
    if finding.fix:
        screen.print_plain(console, f"         {finding.fix}")


def as_json(name: str, found: list[Finding]) -> dict[str, Any]:
    """Return what ``--json`` prints; the documentation tells its keys."""
    return {
        "undercloud": name,
        "counts": {
            str(level): sum(each.level is level for each in found)
            for level in Level
        },
        "findings": [
            {
                "check": each.check,
                "level": str(each.level),
                "found": each.found,
                "fix": each.fix,
            }
            for each in found
        ],
    }
