"""The command ``tripleo-undercloud``."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tripleo_common.errors import TripleOError
from tripleo_common.undercloud import (
    deploy_commands,
    environments,
    errors,
    rc,
    services,
    status,
    up_options,
)
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.progress import Progress
from tripleo_common.undercloud.subcommands import (
    add_command,
    add_timeout,
    paths_of,
)
from tripleo_common.undercloud.undercloud import Undercloud


def _up(arguments: argparse.Namespace) -> int:
    paths = paths_of(arguments)
    with Progress(Console()) as progress:
        Undercloud(paths, progress, arguments.timeout).up(
            up_options.wanted(arguments), plan=arguments.plan
        )
        progress.say(
            f"The undercloud is up. Its state is in {paths.state}.\n"
            'To use it: eval "$(tripleo-undercloud env)"'
        )
    return 0


def _down(arguments: argparse.Namespace) -> int:
    Undercloud(paths_of(arguments), Progress(Console())).down()
    return 0


def _restart(arguments: argparse.Namespace) -> int:
    chosen = services.choose(arguments.service)
    with Progress(Console()) as progress:
        Undercloud(paths_of(arguments), progress, arguments.timeout).restart(
            chosen
        )
    return 0


def _status(arguments: argparse.Namespace) -> int:
    found = status.collect(paths_of(arguments))
    table = Table("service", "port", "pid", "memory", "health")
    for one in found:
        memory = f"{one.memory / 2**20:.0f} MB" if one.memory else "-"
        pid = str(one.pid) if one.pid else "-"
        table.add_row(one.service, str(one.port), pid, memory, one.health)
    Console().print(table)
    return 0 if all(one.well for one in found) else 1


def _env(arguments: argparse.Namespace) -> int:
    client = Client(paths_of(arguments))
    control = environments.find(client.paths.cache, "control")
    sys.stdout.write(rc.render(client.environ, control.bin))
    return 0


def _exec(arguments: argparse.Namespace) -> int:
    client = Client(paths_of(arguments))
    control = environments.find(client.paths.cache, "control")
    environ = rc.child_environ(client.environ, control.bin, os.environ)
    command = arguments.command
    try:
        os.execvpe(command[0], command, environ)
    except FileNotFoundError:
        raise errors.UndercloudError(
            f"There is no command {command[0]}, neither in {control.bin} "
            "nor elsewhere on the path."
        ) from None


def _logs(arguments: argparse.Namespace) -> int:
    paths = paths_of(arguments)
    for service in services.choose(arguments.service):
        print(f"==> {paths.log(service.name)} <==")
        print(errors.tail(paths.log(service.name), arguments.lines))
    return 0


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="tripleo-undercloud",
        description="A real undercloud on loopback: Keystone, Mistral, "
        "Zaqar, Swift, Heat, Glance and Ironic.",
    )
    parsers = parser.add_subparsers(required=True, metavar="COMMAND")

    up = add_command(parsers, "up", _up, "bring the undercloud up")
    up_options.add_to(up)
    up.add_argument(
        "--no-plan",
        dest="plan",
        action="store_false",
        help="leave out the workbooks and the default plan",
    )
    add_timeout(up)
    add_command(parsers, "down", _down, "end the undercloud's processes")
    add_command(parsers, "status", _status, "show how the services are")
    add_command(parsers, "env", _env, "print what a shell can source")

    execute = add_command(
        parsers, "exec", _exec, "run a command on the undercloud"
    )
    execute.add_argument("command", nargs="+", metavar="COMMAND")

    logs = add_command(parsers, "logs", _logs, "show the services' logs")
    logs.add_argument("service", nargs="*", metavar="SERVICE")
    logs.add_argument("--lines", type=int, default=100, help="how many")

    restart = add_command(parsers, "restart", _restart, "start services again")
    restart.add_argument("service", nargs="+", metavar="SERVICE")
    add_timeout(restart)
    deploy_commands.add_to(parsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status."""
    parsed = make_parser().parse_args(arguments)
    # Ending what was started is the same work, whatever asks for it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return int(parsed.run(parsed))
    except (TripleOError, OSError) as error:
        # Of the system's errors, such as a full disk, the text says it all.
        print(f"tripleo-undercloud: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("tripleo-undercloud: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
