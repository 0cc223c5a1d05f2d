"""The options of ``tripleo-undercloud up`` that later commands remember."""

from __future__ import annotations

import argparse

from tripleo_common.undercloud import cors, state
from tripleo_common.undercloud.subcommands import add_base_port


def add_to(parser: argparse.ArgumentParser) -> None:
    """Let the user choose the settings of an undercloud."""
    add_base_port(parser)
    pages = parser.add_mutually_exclusive_group()
    pages.add_argument(
        "--cors-origin",
        dest="cors_origins",
        metavar="URL",
        action="append",
        help="let pages of this origin, such as http://localhost:3000, use "
        "the services from a browser; may be repeated (default: as before, "
        "else none)",
    )
    pages.add_argument(
        "--no-cors",
        dest="cors_origins",
        action="store_const",
        const=[],
        help="let no page use the services any more",
    )


def wanted(arguments: argparse.Namespace) -> state.Wanted:
    """Return the settings that a user asked for."""
    origins = arguments.cors_origins
    return state.Wanted(
        base_port=arguments.base_port,
        cors_origins=None if origins is None else cors.parse(origins),
    )
