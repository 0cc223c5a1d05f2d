"""Mistral's own engine in this process, its database in memory."""

from __future__ import annotations

import itertools
import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import jsonschema.validators
import oslo_messaging
import pytest
import sqlalchemy
from mistral import context
from mistral.api.controllers.v2 import resources
from mistral.db.sqlalchemy import base as database
from mistral.db.sqlalchemy import sqlite_lock
from mistral.db.v2 import api as db_api
from mistral.db.v2.sqlalchemy import models
from mistral.engine import engine_server
from mistral.rpc import clients as rpc
from mistral.scheduler import default_scheduler
from mistral.services import workbooks as workbook_service
from mistral.workflow import data_flow, states
from mistral_lib import utils as mistral_utils
from oslo_config import cfg
from oslo_messaging._drivers import impl_fake

_SETTINGS = [
    ("database", "connection", "sqlite://"),
    (None, "transport_url", "fake:/"),
    ("executor", "type", "local"),
    # Wakes up when a call is due; the other one looks every other second.
    (None, "scheduler_type", "default"),
    # Generated actions talk to services; tests bring their own.
    ("legacy_action_provider", "load_action_generators", False),
    # No background checks of what is lost: here nothing gets lost.
    ("action_heartbeat", "max_missed_heartbeats", 0),
    ("engine", "execution_integrity_check_delay", -1),
]
#: Seconds that a workflow may take; those here take about one.
_PATIENCE = 60
#: The clock of the transport in memory, which looks every 50 ms.
_HASTY = SimpleNamespace(time=time.time, sleep=lambda _: time.sleep(0.002))
_POLL = 0.02
_ENDED = [states.SUCCESS, states.ERROR, states.CANCELLED, states.SKIPPED]


@dataclass(frozen=True)
class Task:
    """A task execution."""

    id: str
    name: str
    state: str
    result: Any


@dataclass(frozen=True)
class Execution:
    """A workflow execution that has come to its end."""

    id: str
    state: str
    state_info: str | None
    output: dict[str, Any]
    tasks: list[Task]

    @property
    def ran(self) -> list[str]:
        """The names of the tasks that ran, sorted, each as often as it ran."""
        return sorted(task.name for task in self.tasks)

    def task(self, name: str) -> Task:
        """The one task of that name."""
        (found,) = [task for task in self.tasks if task.name == name]
        return found


class Engine:
    """The engine, with a local executor and the packages' own actions.

    :ivar delays: how many seconds each delayed call (a retry) since
        :meth:`forget` would have waited; here none does.
    """

    def __init__(self) -> None:
        self.delays: list[int] = []

    @contextmanager
    def running(self) -> Iterator[Engine]:
        """Start the engine, and stop it with all its threads."""
        with pytest.MonkeyPatch.context() as patch:
            _configure()
            patch.setattr(
                mistral_utils, "generate_unicode_uuid", _newest_first()
            )
            patch.setattr(
                default_scheduler.DefaultScheduler,
                "schedule",
                self._at_once(default_scheduler.DefaultScheduler.schedule),
            )
            patch.setattr(impl_fake, "time", _HASTY)
            db_api.setup_db()
            context.set_ctx(
                context.MistralContext(user_id="user", project_id="project")
            )
            server = engine_server.get_oslo_service(setup_profiler=False)
            server.start()
            server.wait_started()
            try:
                yield self
            finally:
                server.stop(graceful=True)
                context.set_ctx(None)
                for group, name, _ in _SETTINGS:
                    cfg.CONF.clear_override(name, group)

    def load(self, workbook: str) -> None:
        """Register a workbook, as Mistral's API does."""
        with pytest.MonkeyPatch.context() as patch:
            # Checks the schemas, not the workbook, and takes minutes.
            patch.setattr(
                jsonschema.validators.validator_for({}),
                "check_schema",
                lambda *_, **__: None,
            )
            workbook_service.create_workbook_v2(workbook)

    def workflows(self) -> set[str]:
        """The names of all workflows that are registered."""
        with db_api.transaction(read_only=True):
            return {each.name for each in db_api.get_workflow_definitions()}

    def run(self, workflow: str, **inputs: Any) -> Execution:
        """Start a workflow and wait until all it started has ended."""
        started = rpc.get_engine_client().start_workflow(
            workflow, wf_input=inputs
        )
        _wait(lambda: not self._unfinished(), self._unfinished)
        return self.execution(started["id"])

    def execution(self, execution_id: str) -> Execution:
        """What the database holds of an execution."""
        with db_api.transaction(read_only=True):
            found = db_api.get_workflow_execution(execution_id)
            return Execution(
                found.id,
                found.state,
                found.state_info,
                dict(found.output),
                [
                    Task(
                        task.id,
                        task.name,
                        task.state,
                        data_flow.get_task_execution_result(task),
                    )
                    for task in found.task_executions
                ],
            )

    def executions(self) -> dict[str, str]:
        """The ids of all executions, by their workflow's name."""
        with db_api.transaction(read_only=True):
            return {
                found.workflow_name: found.id
                for found in db_api.get_workflow_executions()
            }

    def stored(self) -> str:
        """Every value of the database, as the text that is stored."""
        with database.tx_lock, database.get_engine().connect() as connection:
            return "\n".join(
                str(value)
                for table in models.Workbook.metadata.tables.values()
                for row in connection.execute(
                    sqlalchemy.text(f"SELECT * FROM {table.name}")
                )
                for value in row
            )

    def forget(self) -> None:
        """Remove every execution."""
        with db_api.transaction():
            db_api.delete_workflow_executions()
            db_api.delete_task_executions()
            db_api.delete_action_executions()
        sqlite_lock.cleanup()
        self.delays.clear()

    def _unfinished(self) -> list[str]:
        """What runs yet: workflows, tasks and actions with their states."""
        running = {"state": {"nin": _ENDED}, "fields": ("name", "state")}
        with db_api.transaction(read_only=True):
            return [
                f"{name}: {state}"
                for listed in (
                    db_api.get_workflow_executions,
                    db_api.get_task_executions,
                    db_api.get_action_executions,
                )
                for name, state in listed(**running)
            ]

    def _at_once(self, schedule: Callable[..., None]) -> Callable[..., None]:
        def schedule_at_once(scheduler: Any, job: Any) -> None:
            self.delays.append(job.run_after)
            job.run_after = 0
            schedule(scheduler, job)

        return schedule_at_once


class Executions:
    """/v2/executions of the engine's database, as the client tells it."""

    def update(
        self, execution_id: str, state: str | None, description: str = ""
    ) -> None:
        if state:
            rpc.get_engine_client().stop_workflow(execution_id, state)
            return
        told = {"description": description}
        with db_api.transaction():
            db_api.update_workflow_execution(execution_id, told)

    def get(self, execution_id: str) -> Any:
        with db_api.transaction(read_only=True):
            stored = db_api.get_workflow_execution(execution_id)
            # The API tells JSON as texts.
            asked = json.dumps(stored.input)
            told = resources.Execution.from_db_model(stored).to_dict()
        return SimpleNamespace(**{**told, "input": asked})

    def list(
        self,
        task: str = "",
        state: str = "",
        workflow_name: str = "in:",
        **_: Any,
    ) -> list[Any]:
        wanted: dict[str, Any] = {"state": state}
        if task:
            wanted = {"task_execution_id": task}
        names = workflow_name.removeprefix("in:").split(",")
        if names != [""]:
            wanted["workflow_name"] = {"in": names}
        with db_api.transaction(read_only=True):
            return [
                SimpleNamespace(
                    id=each.id,
                    state=each.state,
                    state_info=each.state_info,
                    workflow_name=each.workflow_name,
                    input=each.input,
                    created_at=str(each.created_at),
                    updated_at=str(each.updated_at),
                )
                for each in db_api.get_workflow_executions(**wanted)
            ]

    def create(self, name: str, workflow_input: dict[str, Any]) -> Any:
        started = rpc.get_engine_client().start_workflow(
            name, wf_input=workflow_input
        )
        return SimpleNamespace(id=started["id"])


class Tasks:
    """GET /v2/executions/<id>/tasks of the engine's database."""

    def list(self, execution_id: str, state: str, **_: Any) -> list[Any]:
        with db_api.transaction(read_only=True):
            found = db_api.get_task_executions(
                workflow_execution_id=execution_id,
                state=state,
                sort_keys=["created_at"],
            )
            return [SimpleNamespace(id=t.id, name=t.name) for t in found]

    def get(self, task_id: str) -> Any:
        with db_api.transaction(read_only=True):
            stored = db_api.get_task_execution(task_id)
            result = data_flow.get_task_execution_result(stored)
            return SimpleNamespace(
                result=json.dumps(result), state_info=stored.state_info
            )


def _configure() -> None:
    # Registers the options that are registered when first used.
    oslo_messaging.get_rpc_transport(cfg.CONF)
    cfg.CONF([], default_config_files=[], default_config_dirs=[])
    for group, name, value in _SETTINGS:
        cfg.CONF.set_override(name, value, group)


def _newest_first() -> Callable[[], str]:
    """Make ids of which each sorts before the ones made earlier.

    Mistral's ids are random, and ``tasks()`` in a workflow lists by id. So
    what takes the first of a list for the oldest fails always, not at times.
    """
    numbers = itertools.count(2**127, -1)
    return lambda: str(uuid.UUID(int=next(numbers)))


def _wait(
    condition: Callable[[], bool], progress: Callable[[], list[str]]
) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Still unfinished: {progress()}")
        time.sleep(_POLL)
