"""Bring the undercloud up, take it down, and start services again."""

from __future__ import annotations

import dataclasses
import functools
import threading
from collections.abc import Iterable

from mistralclient.api.base import APIException

from tripleo_common import workbooks
from tripleo_common.errors import TripleOError
from tripleo_common.undercloud import (
    cloud_file,
    config,
    disk,
    environments,
    errors,
    identity,
    images,
    library,
    passwords,
    ports,
    preparation,
    rc,
    records,
    services,
    state,
    steps,
)
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.progress import Progress
from tripleo_common.undercloud.services import SERVICES, Service
from tripleo_common.undercloud.starting import Starter
from tripleo_common.undercloud.steps import Step

#: Seconds that a service may take to answer.
TIMEOUT = 300.0

#: The plan that installing an undercloud creates.
PLAN = "overcloud"
CREATE_PLAN = "tripleo.plan_management.v1.create_default_deployment_plan"

#: The services that creating the plan takes.
PLAN_NEEDS = frozenset({"mistral", "zaqar", "swift", "heat"})

AS_BEFORE = state.Wanted()


class Undercloud:
    """The undercloud of a state directory.

    :param timeout: seconds within which a service has to answer.
    """

    def __init__(
        self, paths: Paths, progress: Progress, timeout: float = TIMEOUT
    ) -> None:
        self.paths = paths
        self.progress = progress
        self.timeout = timeout
        self._stop = threading.Event()

    def up(self, wanted: state.Wanted = AS_BEFORE, plan: bool = True) -> None:
        """Have everything, and have it running.

        :param wanted: what is to be other than it was.
        :param plan: whether to have the workbooks and the default plan too.
        """
        disk.check(self.paths.state, disk.STATE)
        with disk.told(self.paths):
            self.paths.prepare()
        with (
            disk.told(self.paths),
            state.locked(self.paths, self.progress.say),
        ):
            starter = self._configure(self._complete(wanted))
            chosen = services.named(starter.settings.settings.services)
            self._end_outdated(starter, chosen)
            missing = self._missing(chosen, starter)
            self._run(
                starter,
                *preparation.steps(
                    self.paths.cache,
                    dict.fromkeys(s.environment for s in chosen),
                    self._stop,
                    self.progress,
                ),
                *(self._serve(s, starter, s in missing) for s in chosen),
                *self._upload(starter, chosen),
            )
            if plan:
                self._have_plan(starter, chosen)

    def restart(self, wanted: Iterable[Service]) -> None:
        """End services, and start them again."""
        # Before anything is made: there must have been an undercloud.
        present = state.load(self.paths).services
        chosen = list(wanted)
        for service in chosen:
            if service.name not in present:
                raise errors.ServiceNotWanted(service.name, present)
        with (
            disk.told(self.paths),
            state.locked(self.paths, self.progress.say),
        ):
            records.end(self.paths, chosen)
            starter = self._configure()
            self._missing(chosen, starter)
            # What they need is asked as well, as they cannot answer before.
            needed = {name for s in chosen for name in s.needs}
            self._run(
                starter,
                *(
                    self._serve(s, starter, s in chosen)
                    for s in SERVICES
                    if s in chosen or s.name in needed
                ),
            )

    def down(self) -> None:
        """End the undercloud's processes, and nobody else's."""
        if not self.paths.run.exists():
            raise errors.NotPrepared(self.paths.state)
        with state.locked(self.paths, self.progress.say):
            running = self._running()
            records.end(self.paths, SERVICES)
        names = ", ".join(service.name for service in running)
        self.progress.say(f"ended {names or 'nothing: it was down already'}")

    def _complete(self, wanted: state.Wanted) -> state.Wanted:
        """Add the services that the wanted ones need."""
        if wanted.services is None:
            return wanted
        names, reasons = services.complete(wanted.services)
        for reason in reasons:
            self.progress.say(reason)
        return dataclasses.replace(wanted, services=names)

    def _running(self) -> list[Service]:
        return [s for s in SERVICES if records.is_running(self.paths, s)]

    def _configure(self, wanted: state.Wanted = AS_BEFORE) -> Starter:
        """Decide on all that does not need an environment, and write it."""
        running = bool(self._running())
        chosen = state.choose(self.paths, wanted, running)
        secrets = passwords.ensure(self.paths)
        settings = config.Config.of(self.paths, chosen, secrets)
        if not settings.ipmitool:
            self.progress.say(
                "There is no command ipmitool, so Ironic does without the "
                "driver ipmi. (On Debian: apt install ipmitool)"
            )
        installed = library.install(self.paths.library)
        files = settings.write()
        control = environments.find(self.paths.cache, "control")
        keystone = ports.urls(settings.ports)["keystone"]
        cloud_file.write(
            self.paths, rc.variables(keystone, secrets["admin"]), control.bin
        )
        return Starter(settings, files, installed, self._stop, self.timeout)

    def _end_outdated(self, starter: Starter, chosen: list[Service]) -> None:
        """End the services that run and should not, or not as they do."""
        for service in self._running():
            if service not in chosen:
                self.progress.say(f"{service.name} is not wanted: it ends")
                records.end(self.paths, [service])
                continue
            record = records.find(self.paths, service)
            if record and record.digest != starter.digest(service):
                self.progress.say(
                    f"{service.name} runs with an old configuration or an "
                    "old library: it is started again"
                )
                records.end(self.paths, [service])

    def _missing(
        self, chosen: Iterable[Service], starter: Starter
    ) -> list[Service]:
        """Return the services to start, once their ports are free."""
        running = self._running()
        missing = [s for s in chosen if s not in running]
        # What a killed service left behind would hold its ports.
        records.end(self.paths, missing)
        names = [port for service in missing for port in service.ports]
        ports.check_free(names, starter.settings.ports)
        return missing

    def _serve(self, service: Service, starter: Starter, start: bool) -> Step:
        """Return the step towards a service that answers."""

        def action() -> str:
            if start:
                starter.start(service)
            if service.name == "keystone":
                return starter.wait(service, self._seed(starter))
            return starter.wait(service)

        return Step(
            service.name, action, (f"environment {service.environment}",)
        )

    def _seed(self, starter: Starter) -> functools.partial[None]:
        seeder = identity.Seeder(starter.session, starter.url["keystone"])
        secrets = starter.settings.secrets
        chosen = services.named(starter.settings.settings.services)
        names = [port for service in chosen for port in service.ports]
        return functools.partial(seeder.seed, secrets, starter.url, names)

    def _upload(self, starter: Starter, chosen: list[Service]) -> list[Step]:
        if services.BY_NAME["glance"] not in chosen:
            return []
        upload = functools.partial(images.upload_missing, starter.probe)
        return [Step("images", upload, ("glance",))]

    def _have_plan(self, starter: Starter, chosen: list[Service]) -> None:
        absent = PLAN_NEEDS.difference(service.name for service in chosen)
        if absent:
            self.progress.say(
                "no workbooks and no default plan: they need "
                f"{', '.join(sorted(absent))}"
            )
            return
        plan = f"plan {PLAN}"
        try:
            self._run(
                starter,
                Step("workbooks", self._install_workbooks),
                Step(plan, self._create_plan, ("workbooks",)),
                # What failed is best looked into on services that run.
                ends_services=False,
            )
        except (TripleOError, APIException) as error:
            raise errors.PlanFailed(str(error)) from error

    def _install_workbooks(self) -> str:
        changes: list[str] = []
        mistral = Client(self.paths).mistral
        workbooks.install(mistral, progress=changes.append)
        return f"{len(changes)} changed" if changes else "there already"

    def _create_plan(self) -> str:
        client = Client(self.paths)
        if PLAN in client.run_action("tripleo.plan.list"):
            return "there already"
        client.run_workflow(CREATE_PLAN, container=PLAN)
        return "created"

    def _run(
        self, starter: Starter, *chosen: Step, ends_services: bool = True
    ) -> None:
        try:
            steps.run(chosen, self._stop, self.progress)
        except BaseException as error:
            if ends_services or not isinstance(error, Exception):
                starter.end_started()
            raise
