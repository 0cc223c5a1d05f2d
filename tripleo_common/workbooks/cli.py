"""The command ``tripleo-workbooks``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from keystoneauth1 import exceptions as ka_exc
from keystoneauth1 import loading
from mistralclient.api import base as mistral_api

from tripleo_common import errors
from tripleo_common.clients import Clients
from tripleo_common.workbooks import tails
from tripleo_common.workbooks.files import load_all, load_files
from tripleo_common.workbooks.installer import install
from tripleo_common.workbooks.lint import lint


def main(argv: list[str] | None = None) -> int:
    """Run the command; its exit status."""
    argv = sys.argv[1:] if argv is None else argv
    arguments = _parser(argv).parse_args(argv)
    try:
        return int(arguments.command(arguments))
    except (
        errors.TripleOError,
        ka_exc.ClientException,
        mistral_api.APIException,
    ) as error:
        print(f"tripleo-workbooks: {error}", file=sys.stderr)
        return 1


def _parser(argv: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tripleo-workbooks",
        description="The workflows of tripleo-common in Mistral.",
    )
    parser.add_argument(
        "--directory",
        type=Path,
        help="where the workbooks are (default: those of the package)",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    installs = commands.add_parser(
        "install",
        help="create or update the workbooks in Mistral, and remove stale "
        "workflows of ours; the cloud is taken from the OS_* variables",
    )
    installs.add_argument(
        "--public",
        action="store_true",
        help="let every project use the workflows (needs an administrator)",
    )
    loading.register_session_argparse_arguments(installs)
    loading.register_auth_argparse_arguments(
        installs, argv, default="v3password"
    )
    installs.set_defaults(command=_install)

    lints = commands.add_parser(
        "lint", help="check that all that the workbooks name does exist"
    )
    lints.set_defaults(command=_lint)
    lists = commands.add_parser("list", help="list the workflows")
    lists.set_defaults(command=_list)
    return parser


def _install(arguments: argparse.Namespace) -> int:
    session = loading.load_session_from_argparse_arguments(
        arguments, auth=loading.load_auth_from_argparse_arguments(arguments)
    )
    install(
        Clients(session).workflow,
        progress=print,
        workbooks=load_all(arguments.directory),
        scope="public" if arguments.public else "private",
    )
    return 0


def _lint(arguments: argparse.Namespace) -> int:
    workbooks = load_files(arguments.directory)
    findings = lint(workbooks)
    for finding in findings:
        print(finding)
    count = sum(len(workbook.workflows) for workbook in workbooks)
    share = 100 * tails.share(workbooks)
    print(f"{share:.1f} % of all lines only report, aim: under 12 %")
    print(f"{count} workflows, {len(findings)} findings")
    return 1 if findings else 0


def _list(arguments: argparse.Namespace) -> int:
    for workbook in load_all(arguments.directory):
        print("\n".join(workbook.workflows))
    return 0
