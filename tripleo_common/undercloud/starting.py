"""Start services, and wait until they answer."""

from __future__ import annotations

import hashlib
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tripleo_common.undercloud import (
    client,
    commands,
    config,
    environments,
    errors,
    health,
    ports,
    processes,
    records,
    rotation,
)
from tripleo_common.undercloud.services import Service

LAUNCHERS = Path(__file__).parent / "launchers"

#: Seconds between two looks at a process, and after a wrong answer.
POLL = 0.1
AGAIN = 0.5


class Starter:
    """Starts services with one configuration.

    :param settings: the configuration, written to ``files``.
    :param library: a digest of what Mistral has of this library.
    :param stop: gives up when it is set.
    :param timeout: seconds within which a service has to answer.
    """

    def __init__(
        self,
        settings: config.Config,
        files: dict[str, str],
        library: str,
        stop: threading.Event,
        timeout: float,
    ) -> None:
        self.settings = settings
        self.paths = settings.paths
        self.files = files
        self.library = library
        self.stop = stop
        self.timeout = timeout
        self.url = ports.urls(settings.ports)
        self.session = client.make_session(
            self.url["keystone"], settings.secrets["admin"]
        )
        self.probe = health.Probe(self.session, self.url)
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._records: list[processes.Record] = []
        self._answering: set[str] = set()

    def digest(self, service: Service) -> str:
        """Return a digest of all that a service is started from."""
        names = (*service.config, config.LAUNCH)
        parts = [self.files[name] for name in names]
        parts += [path.read_text() for path in sorted(LAUNCHERS.glob("*.py"))]
        parts.append(str(self._environment(service).path))
        if service.name == "mistral":
            parts.append(self.library)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def start(self, service: Service) -> None:
        """Start a service's process."""
        environ = commands.clean_environ(
            # Entry points are looked up once, and not in a hundred folders
            # at every start.
            XDG_CACHE_HOME=str(self.paths.cache),
            PYTHONUNBUFFERED="1",
        )
        if service.name == "mistral":
            environ["PYTHONPATH"] = str(self.paths.library)
        rotation.rotate(self.paths.log(service.name))
        process, record = processes.start(
            [
                self._environment(service).python,
                LAUNCHERS / service.launcher,
                self.paths.etc,
            ],
            environ,
            self.paths.log(service.name),
            self.digest(service),
        )
        self._records.append(record)
        self._started[service.name] = process
        processes.save(record, records.path_of(self.paths, service))

    def wait(
        self,
        service: Service,
        before: Callable[[], None] = lambda: None,
    ) -> str:
        """Wait until a service answers an authenticated request.

        :param before: what has to be done first, once it listens.
        """
        deadline = time.monotonic() + self.timeout
        last = "it does not listen"
        while time.monotonic() < deadline:
            if self.stop.is_set():
                raise errors.Stopped
            self._check_alive(service)
            if self._could_answer(service):
                try:
                    before()
                    return self._ask(service)
                except health.FAILURES as error:
                    last = str(error)
                    self.stop.wait(AGAIN)
            self.stop.wait(POLL)
        raise errors.ServiceHangs(
            service.name, self.timeout, last, self.paths.log(service.name)
        )

    def end_started(self) -> None:
        """End what this starter started."""
        processes.end(self._records)

    def _environment(self, service: Service) -> environments.Environment:
        return environments.find(self.paths.cache, service.environment)

    def _could_answer(self, service: Service) -> bool:
        return self._answering.issuperset(service.needs) and all(
            ports.is_open(self.settings.ports[name]) for name in service.ports
        )

    def _ask(self, service: Service) -> str:
        service.check(self.probe)
        self._answering.add(service.name)
        return "answers" if service.name in self._started else "runs already"

    def _check_alive(self, service: Service) -> None:
        process = self._started.get(service.name)
        code = process.poll() if process is not None else None
        if code is not None or not records.is_running(self.paths, service):
            log = self.paths.log(service.name)
            raise errors.ServiceDied(service.name, code, log)
