"""One embedded undercloud for all functional tests of a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tripleo_common.tests.free_ports import free_base
from tripleo_common.tests.functional import browser, secrets_scan
from tripleo_common.tests.functional.command_line import CommandLine
from tripleo_common.undercloud import passwords
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.paths import Paths


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Look for secrets last, when all other tests have left their traces."""
    items.sort(key=lambda item: item.path.name == "test_secrets.py")


@pytest.fixture(scope="session")
def page_port() -> Iterator[int]:
    """Where a page is served from."""
    with browser.served() as port:
        yield port


@pytest.fixture(scope="session")
def command_line(
    tmp_path_factory: pytest.TempPathFactory, page_port: int
) -> Iterator[CommandLine]:
    """The command of the run's undercloud, which is up."""
    command = CommandLine(tmp_path_factory.mktemp("undercloud") / "state")
    base = free_base(26000)
    try:
        command.succeed(
            "up",
            *("--base-port", str(base)),
            *("--cors-origin", f"http://127.0.0.1:{page_port}"),
        )
        yield command
        # With "pytest -n" test_secrets.py sees what one of the workers did.
        paths = Paths.find(str(command.state))
        own = secrets_scan.texts(passwords.load(paths), "own")
        assert not secrets_scan.scan(paths, own, {})
    finally:
        command("down")


@pytest.fixture(scope="session")
def undercloud(command_line: CommandLine) -> Client:
    """The run's undercloud, as its admin talks to it."""
    return Client(Paths.find(str(command_line.state)))


@pytest.fixture
def other(
    tmp_path_factory: pytest.TempPathFactory, command_line: CommandLine
) -> Iterator[CommandLine]:
    """The command of another undercloud, which was never up."""
    # The environments are there by now, as the run's undercloud is up.
    command = CommandLine(tmp_path_factory.mktemp("other") / "state")
    yield command
    command("down")
