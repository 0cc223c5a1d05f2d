from __future__ import annotations

import dataclasses
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tripleo_common.tests.free_ports import free_base
from tripleo_common.undercloud import (
    config,
    environments,
    errors,
    health,
    passwords,
    records,
    services,
    starting,
    state,
)
from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.services import Service

LISTENS = """\
import json, socket, sys, time
launch = json.load(open(sys.argv[1] + "/launch.json"))
listener = socket.create_server((launch["host"], launch["ports"]["heat"]))
time.sleep(60)
"""
DIES = "import sys; print('first'); sys.exit('cannot read the paste file')"
HANGS = (
    "import time; print('looking for a needle', flush=True); time.sleep(60)"
)


def unwell(probe: health.Probe) -> None:
    raise errors.RequestRefused("A question", "no")


def well(probe: health.Probe) -> None:
    pass


@dataclasses.dataclass
class Setup:
    """A starter whose services are scripts of a line or two."""

    paths: Paths
    launchers: Path
    starter: starting.Starter

    def service(self, code: str, check: object = well) -> Service:
        heat = services.BY_NAME["heat"]
        (self.launchers / heat.launcher).write_text(code)
        return dataclasses.replace(
            heat, ports=("heat",), needs=(), check=check
        )


@pytest.fixture
def setup(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Setup]:
    launchers = tmp_path / "launchers"
    launchers.mkdir()
    monkeypatch.setattr(starting, "LAUNCHERS", launchers)
    environment = environments.find(paths.cache, "heat")
    environment.bin.mkdir(parents=True)
    environment.python.symlink_to(sys.executable)
    chosen = state.Settings(free_base(20000))
    secrets = passwords.ensure(paths)
    settings = config.Config(paths, chosen, secrets, ipmitool=False)
    starter = starting.Starter(
        settings, settings.write(), "", threading.Event(), timeout=20
    )
    yield Setup(paths, launchers, starter)
    starter.end_started()


def test_a_service_that_answers_is_remembered(setup: Setup) -> None:
    service = setup.service(LISTENS)
    setup.starter.start(service)
    assert setup.starter.wait(service) == "answers"
    record = records.find(setup.paths, service)
    assert record is not None
    assert record.is_alive()
    assert record.digest == setup.starter.digest(service)
    records.end(setup.paths, [service])
    assert not record.is_alive()
    assert records.find(setup.paths, service) is None


def test_one_that_dies_is_reported_with_its_last_words(setup: Setup) -> None:
    service = setup.service(DIES)
    setup.starter.start(service)
    with pytest.raises(errors.ServiceDied) as caught:
        setup.starter.wait(service)
    text = str(caught.value)
    assert "The service heat ended at its start with exit code 1" in text
    assert "cannot read the paste file" in text
    assert str(setup.paths.log("heat")) in text


def test_one_that_is_killed_is_reported_with_the_signal(setup: Setup) -> None:
    service = setup.service("import os; os.kill(os.getpid(), 9)")
    setup.starter.start(service)
    with pytest.raises(errors.ServiceDied, match="with signal 9"):
        setup.starter.wait(service)


def test_one_that_hangs_is_given_up(setup: Setup) -> None:
    service = setup.service(HANGS)
    setup.starter.start(service)
    log = setup.paths.log("heat")
    deadline = time.monotonic() + 120
    while "needle" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    setup.starter.timeout = 1
    with pytest.raises(errors.ServiceHangs) as caught:
        setup.starter.wait(service)
    text = str(caught.value)
    assert "heat did not answer within 1 s (it does not listen)" in text
    assert "looking for a needle" in text
    assert "--timeout" in text


def test_a_wrong_answer_is_shown(setup: Setup) -> None:
    service = setup.service(LISTENS, unwell)
    setup.starter.timeout = 0.8
    setup.starter.start(service)
    with pytest.raises(errors.ServiceHangs, match="A question was answered"):
        setup.starter.wait(service)


def test_waiting_ends_when_it_is_told_to(setup: Setup) -> None:
    service = setup.service(HANGS)
    setup.starter.start(service)
    setup.starter.stop.set()
    with pytest.raises(errors.Stopped):
        setup.starter.wait(service)


def test_what_was_started_is_ended(setup: Setup) -> None:
    service = setup.service(HANGS)
    setup.starter.start(service)
    record = records.find(setup.paths, service)
    assert record is not None
    setup.starter.end_started()
    assert not record.is_alive()


def test_no_password_on_a_command_line_or_in_the_environment(
    setup: Setup,
) -> None:
    code = "import os, sys; print(sys.argv, dict(os.environ)); sys.exit()"
    service = setup.service(code)
    setup.starter.start(service)
    with pytest.raises(errors.ServiceDied) as caught:
        setup.starter.wait(service)
    log = setup.paths.log("heat").read_text()
    for secret in passwords.load(setup.paths).values():
        assert secret not in log
        assert secret not in str(caught.value)


def test_a_change_of_what_a_service_reads_is_seen(setup: Setup) -> None:
    service = setup.service(LISTENS)
    first = setup.starter.digest(service)
    assert setup.starter.digest(service) == first
    setup.starter.files["heat.conf"] += "# more\n"
    second = setup.starter.digest(service)
    assert second != first
    setup.service(LISTENS + "# more\n")
    assert setup.starter.digest(service) not in (first, second)
    setup.starter.files["ironic.conf"] += "# not heat's\n"
