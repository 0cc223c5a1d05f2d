"""Deploy a real plan on the embedded undercloud, as a client would."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

from tripleo_common.undercloud import errors, following, screen
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.prepare import prepare
from tripleo_common.undercloud.undercloud import PLAN

_T = TypeVar("_T")

_DEPLOY = "tripleo.deployment.v1.deploy_plan"
#: Seconds that Heat may take to create the demo's stack.
_PATIENCE = 3600
#: What an operator might set, besides what the plan needs.
_PARAMETERS = {"TimeZone": "UTC", "CloudName": "overcloud.localdomain"}
#: Where there is no terminal, a line each time so much more is complete.
_LINE_EVERY = 25


@dataclass
class Step:
    """A step of the demo that is done."""

    name: str
    seconds: float


@dataclass
class Outcome:
    """What became of the demo so far.

    :ivar steps: what has been done.
    :ivar status: the stack's; None: there is none yet.
    :ivar resources: how many the stack has, those of nested stacks too.
    :ivar failures: of its resources, ``path: reason``.
    """

    steps: list[Step] = field(default_factory=list)
    status: str | None = None
    resources: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether the plan became a cloud."""
        return self.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")

    @property
    def seconds(self) -> float:
        """How long the steps took."""
        return sum(step.seconds for step in self.steps)


@dataclass
class Demo:
    """The demo on an undercloud that is up.

    :ivar client: the undercloud.
    :ivar console: where to tell what happens.
    :ivar outcome: what became of it.
    """

    client: Client
    console: Console
    outcome: Outcome = field(default_factory=Outcome)

    def run(
        self, controllers: int = 1, computes: int = 1, small: bool = True
    ) -> bool:
        """Prepare and deploy the plan; whether it became a cloud.

        :param small: deploy few services only.
        """
        self._timed(
            "prepare the plan",
            lambda: prepare(
                self.client,
                PLAN,
                controllers,
                computes,
                small=small,
                say=self._say,
            ),
        )
        self._timed("set parameters", self._set_parameters)
        follower = following.Follower(self.client.heat, PLAN)
        self._timed("begin the deployment", self._begin)
        self.outcome.status = self._timed(
            "create the stack", lambda: self._follow(follower)
        )
        self._print_times()
        self._report()
        return self.outcome.complete

    def _set_parameters(self) -> None:
        self.client.run_action(
            "tripleo.parameters.update", container=PLAN, parameters=_PARAMETERS
        )
        for name, value in _PARAMETERS.items():
            self._say(f"{name}: {value}")

    def _begin(self) -> None:
        """Start the workflow, and wait for its message."""
        queue = f"demo-{uuid.uuid4()}"
        execution = self.client.start_workflow(
            _DEPLOY, container=PLAN, queue_name=queue
        )
        self._say(f"workflow {_DEPLOY}, execution {execution}")
        _, output = self.client.wait_for_execution(execution, _PATIENCE)
        payload = self._payload(queue, execution)
        if payload is None:
            # Without Zaqar, the execution's output still tells.
            payload = output
            self._say(f"no message came on the queue {queue}")
        self._say(f"{payload['status']}: {payload['message']}")
        if payload["status"] != "SUCCESS":
            raise errors.ActionFailed(_DEPLOY, str(payload["message"]))

    def _payload(self, queue: str, execution: str) -> dict[str, Any] | None:
        """What Zaqar tells about an execution that has ended."""
        for body in self.client.messages(queue):
            if body["payload"]["execution_id"] == execution:
                self._say(f"message {body['type']} on the queue {queue}")
                return dict(body["payload"])
        return None

    def _follow(self, follower: following.Follower) -> str:
        if not self.console.is_terminal:
            return follower.follow(_PATIENCE, self._tell_in_lines())
        columns = (
            TextColumn("  {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("resources"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console) as progress:
            task = progress.add_task("Heat", total=None)
            return follower.follow(
                _PATIENCE,
                lambda seen: progress.update(
                    task, completed=len(seen.complete), total=len(seen.known)
                ),
            )

    def _tell_in_lines(self) -> Callable[[following.Seen], None]:
        told = 0

        def tell(seen: following.Seen) -> None:
            nonlocal told
            complete = len(seen.complete)
            if complete >= told + _LINE_EVERY:
                told = complete
                self._say(
                    f"Heat: {complete} of {len(seen.known)} resources that it "
                    "has begun with are complete"
                )

        return tell

    def _report(self) -> None:
        outcome = self.outcome
        found = following.resources(self.client.heat, PLAN)
        outcome.resources = len(found)
        if not outcome.complete:
            outcome.failures = following.failures(found)
        for failure in outcome.failures:
            self._say(failure)
        self.console.print(
            f"{PLAN} {outcome.status}: {outcome.resources} resources",
            style="bold green" if outcome.complete else "bold red",
            highlight=False,
        )

    def _timed(self, name: str, work: Callable[[], _T]) -> _T:
        self.console.print(f"{name} ...", highlight=False)
        begun = time.monotonic()
        result = work()
        self.outcome.steps.append(Step(name, time.monotonic() - begun))
        return result

    def _print_times(self) -> None:
        times = [(step.name, step.seconds) for step in self.outcome.steps]
        times.append(("all", self.outcome.seconds))
        rows = [(name, f"{seconds:7.1f}") for name, seconds in times]
        screen.print_table(self.console, ("step", "seconds"), rows)

    def _say(self, text: str) -> None:
        self.console.print(
            f"  {text}", markup=False, highlight=False, soft_wrap=True
        )
