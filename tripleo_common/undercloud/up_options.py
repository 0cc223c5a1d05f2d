"""The options of ``tripleo-undercloud up`` that later commands remember."""

from __future__ import annotations

import argparse

from tripleo_common.undercloud import bmc, cors, services, state
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
    parser.add_argument(
        "--services",
        metavar="LIST",
        help="names with commas between, or what differs from the default: "
        "+NAME, -NAME; there are "
        f"{', '.join(sorted(services.BY_NAME))} (default: as before, else all "
        "but inspector and bmc)",
    )
    parser.add_argument(
        "--bmc-systems",
        metavar="NUMBER",
        type=int,
        help="how many systems the service bmc has, an emulated BMC for "
        f"Redfish (default: as before, else {bmc.DEFAULT})",
    )


def wanted(arguments: argparse.Namespace) -> state.Wanted:
    """Return the settings that a user asked for."""
    chosen = arguments.services
    origins = arguments.cors_origins
    return state.Wanted(
        base_port=arguments.base_port,
        bmc_systems=arguments.bmc_systems,
        services=None if chosen is None else services.parse(chosen),
        cors_origins=None if origins is None else cors.parse(origins),
    )
