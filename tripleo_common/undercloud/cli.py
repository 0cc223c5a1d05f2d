"""The command ``tripleo-undercloud``."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
from collections.abc import Sequence

from tripleo_common.errors import TripleOError
from tripleo_common.undercloud import (
    cloud_file,
    completion,
    demo_command,
    doctor_command,
    environments,
    errors,
    log_command,
    prepare_command,
    rc,
    reset_command,
    screen,
    services,
    status_command,
    up_options,
)
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.progress import Progress
from tripleo_common.undercloud.subcommands import (
    add_command,
    add_quiet,
    add_services,
    add_timeout,
    paths_of,
)
from tripleo_common.undercloud.undercloud import Undercloud


def _up(arguments: argparse.Namespace) -> int:
    paths = paths_of(arguments)
    with Progress(screen.make_console(arguments.quiet)) as progress:
        Undercloud(paths, progress, arguments.timeout).up(
            up_options.wanted(arguments), plan=arguments.plan
        )
        option = (
            f" --state-dir {shlex.quote(arguments.state_dir)}"
            if arguments.state_dir
            else ""
        )
        file = shlex.quote(str(paths.state / cloud_file.CLOUDS))
        progress.say(
            f"The undercloud is up. Its state is in {paths.state}.\n"
            f'To use it: eval "$(tripleo-undercloud env{option})"\n'
            f"or:        export OS_CLIENT_CONFIG_FILE={file}\n"
            f"           openstack --os-cloud {cloud_file.CLOUD} ..."
        )
    return 0


def _down(arguments: argparse.Namespace) -> int:
    progress = Progress(screen.make_console(arguments.quiet))
    Undercloud(paths_of(arguments), progress).down()
    return 0


def _restart(arguments: argparse.Namespace) -> int:
    chosen = services.choose(arguments.service)
    with Progress(screen.make_console(arguments.quiet)) as progress:
        Undercloud(paths_of(arguments), progress, arguments.timeout).restart(
            chosen
        )
    return 0


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
    add_quiet(up)
    down = add_command(
        parsers, "down", _down, "end the undercloud's processes"
    )
    add_quiet(down)
    status_command.add_to(parsers)
    add_command(parsers, "env", _env, "print what a shell can source")

    execute = add_command(
        parsers, "exec", _exec, "run a command on the undercloud"
    )
    execute.add_argument("command", nargs="+", metavar="COMMAND")

    log_command.add_to(parsers)
    restart = add_command(parsers, "restart", _restart, "start services again")
    add_services(restart, "+")
    add_timeout(restart)
    add_quiet(restart)
    reset_command.add_to(parsers)
    prepare_command.add_to(parsers)
    demo_command.add_to(parsers)
    doctor_command.add_to(parsers)
    completion.add_to(parsers, make_parser)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status."""
    parsed = make_parser().parse_args(arguments)
    # Ending what was started is the same work, whatever asks for it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return int(parsed.run(parsed))
    except BrokenPipeError:
        # Whoever read the output, such as head, has enough of it. What
        # Python would still write at its end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except (TripleOError, OSError) as error:
        # Of the system's errors, such as a full disk, the text says it all.
        print(f"tripleo-undercloud: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("tripleo-undercloud: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
