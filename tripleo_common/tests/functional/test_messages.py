"""Messages on the real queue, as each generation of clients waits for them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import jsonschema
import pytest

from tripleo_common.messages import envelope
from tripleo_common.tests.functional import client_generations, plans
from tripleo_common.tests.functional.client_generations import (
    SHARED,
    Generation,
    Outcome,
    Socket,
)
from tripleo_common.undercloud import passwords
from tripleo_common.undercloud.client import Client

CREATE = "tripleo.plan_management.v1.create_deployment_plan"

#: Workflows that end past every on-error, and one that tells what it is told.
WORKFLOWS = """
version: '2.0'
tripleo.test.v1.expression:
  input: [pm_password, queue_name]
  tasks:
    step:
      action: std.noop
      publish: {lost: <% $.pm_password.no_such_thing %>}
      on-error: noop
tripleo.test.v1.oversized:
  input: [text, queue_name]
  tasks:
    step:
      action: std.noop
      publish: {twice: <% $.text + $.text %>}
      on-error: noop
tripleo.test.v1.endless:
  input: [queue_name]
  tasks:
    step: {action: std.async_noop}
tripleo.test.v1.tell:
  input: [container, status, message, payload, queue_name]
  tasks:
    tell:
      action: tripleo.messaging.notify
      input:
        queue_name: <% $.queue_name %>
        status: <% $.status %>
        message: <% $.message %>
        payload: <% $.payload %>
"""


@pytest.fixture(scope="module")
def _workflows(undercloud: Client) -> Iterator[None]:
    made = undercloud.mistral.workflows.create(WORKFLOWS)
    yield
    for workflow in made:
        undercloud.mistral.workflows.delete(workflow.name)


def wait_until(what: str, condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + client_generations.PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited for {what}"
        time.sleep(0.1)


def expected(plan: str, good: bool) -> Outcome:
    if good:
        return Outcome("SUCCESS", f"Plan {plan} created.")
    return Outcome("FAILED", "")


def same(found: Outcome, wanted: Outcome) -> bool:
    """Whether a client saw that end; a failure has some text."""
    if wanted.status == "SUCCESS":
        return found == wanted
    return found.status == wanted.status and bool(found.message)


@pytest.mark.parametrize("good", [True, False], ids=["success", "failure"])
@pytest.mark.parametrize(
    "generation",
    client_generations.WITH_OWN_QUEUE,
    ids=lambda generation: generation.name,
)
def test_clients_with_a_queue_of_their_own_see_the_end(
    undercloud: Client, generation: Generation, good: bool
) -> None:
    with plans.uploaded(undercloud, None if good else {}) as plan:
        with generation.listening(undercloud) as socket:
            execution = undercloud.start_workflow(
                CREATE, container=plan, **generation.inputs(socket)
            )
            generation.started(socket)
            outcome = generation.outcome(undercloud, socket, execution)
        assert same(outcome, expected(plan, good)), outcome
        undercloud.wait_for_execution(execution)


@pytest.mark.parametrize("good", [True, False], ids=["success", "failure"])
def test_clients_on_the_shared_queue_see_the_same_end(
    undercloud: Client, good: bool
) -> None:
    generations = client_generations.ON_SHARED_QUEUE
    with plans.uploaded(undercloud, None if good else {}) as plan:
        with ExitStack() as stack:
            browser = Socket(undercloud, SHARED)
            stack.callback(browser.close, delete=False)
            browser.subscribe()
            # Left in the opposite order: who deletes the queue, leaves last.
            sockets = [
                stack.enter_context(generation.listening(undercloud))
                for generation in reversed(generations)
            ]
            execution = undercloud.start_workflow(CREATE, container=plan)
            found = {
                generation.name: generation.outcome(
                    undercloud, socket, execution
                )
                for generation, socket in zip(
                    reversed(generations), sockets, strict=True
                )
            }
            payload = next(
                payload
                for kind, payload in browser.payloads()
                if kind == CREATE and payload["execution_id"] == execution
            )
        wanted = expected(plan, good)
        for name, outcome in found.items():
            assert same(outcome, wanted), (name, outcome)
        for ui in client_generations.UIS:
            seen = ui(undercloud, payload)
            assert seen.plan == plan
            assert same(seen.outcome, wanted), (ui.__name__, seen)


@pytest.mark.usefixtures("_workflows")
def test_a_client_may_subscribe_when_the_message_is_due(
    undercloud: Client,
) -> None:
    generation = client_generations.NEWTON
    with generation.listening(undercloud) as socket:
        execution = undercloud.start_workflow(
            "tripleo.test.v1.tell",
            container="overcloud",
            status="SUCCESS",
            message="Done.",
            payload={},
            **generation.inputs(socket),
        )
        wait_until(
            "the task that posts",
            lambda: undercloud.mistral.tasks.list(execution, fields=["id"]),
        )
        generation.started(socket)
        outcome = generation.outcome(undercloud, socket, execution)
    assert outcome == Outcome("SUCCESS", "Done.")


def test_the_shared_queue_outlives_its_deletion(undercloud: Client) -> None:
    undercloud.zaqar.queue(SHARED).delete()
    with plans.named(undercloud) as plan:
        execution = undercloud.start_workflow(CREATE, container=plan)
        undercloud.wait_for_execution(execution)
    (body,) = [
        body
        for body in undercloud.messages(SHARED)
        if body["payload"]["execution_id"] == execution
    ]
    assert body["payload"]["status"] == "FAILED"


def reporter_of_own(undercloud: Client, folder: Path) -> list[str]:
    """The command of another reporter, which looks once."""
    path = folder / "reporter.conf"
    path.write_text(
        "[tripleo_reporter]\n"
        "auth_type = password\n"
        f"auth_url = {undercloud.url['keystone']}/v3\n"
        "username = admin\nproject_name = admin\n"
        f"password = {passwords.load(undercloud.paths)['admin']}\n"
        "user_domain_name = Default\nproject_domain_name = Default\n"
        "grace = 0\n"
    )
    code = (
        "import sys; from tripleo_common.messages import reporter_service; "
        "sys.exit(reporter_service.main())"
    )
    arguments = ["--config-file", str(path), "--once"]
    return [sys.executable, "-c", code, *arguments]


@pytest.mark.usefixtures("_workflows")
def test_what_mistral_ends_is_reported_once(
    undercloud: Client, tmp_path: Path
) -> None:
    ends = {
        "expression": ({"pm_password": "correct-horse"}, "no_such_thing"),
        # Twice this is over the limit of a field.
        "oversized": ({"text": "x" * 9_000_000}, "size limit"),
        "endless": ({}, "was cancelled"),
    }
    started = {}
    for name, (inputs, _) in ends.items():
        queue = str(uuid.uuid4())
        started[name] = (
            queue,
            undercloud.start_workflow(
                f"tripleo.test.v1.{name}", queue_name=queue, **inputs
            ),
        )
    undercloud.mistral.executions.update(started["endless"][1], "CANCELLED")
    for _, execution in started.values():
        state, _ = undercloud.wait_for_execution(execution)
        assert state in ("ERROR", "CANCELLED")
    # Together with the undercloud's own.
    subprocess.run(
        reporter_of_own(undercloud, tmp_path), check=True, timeout=120
    )
    for name, (queue, execution) in started.items():
        wait_until(
            f"a message on {queue}",
            lambda queue=queue: list(undercloud.messages(queue)),
        )
        (body,) = undercloud.messages(queue)
        jsonschema.validate(body, envelope.schema())
        assert body["type"] == f"tripleo.test.v1.{name}"
        assert body["payload"]["status"] == "FAILED"
        assert body["payload"]["execution_id"] == execution
        assert ends[name][1] in body["payload"]["message"]
        assert "Traceback" not in body["payload"]["message"]
        assert "correct-horse" not in json.dumps(body)
    # A new one finds nothing that is left to do.
    subprocess.run(
        reporter_of_own(undercloud, tmp_path), check=True, timeout=120
    )
    for queue, _ in started.values():
        assert len(list(undercloud.messages(queue))) == 1


@pytest.mark.usefixtures("_workflows")
def test_a_large_message_is_in_swift(undercloud: Client) -> None:
    nodes = [{"uuid": "x" * 1000} for _ in range(700)]
    plan = plans.new_name()
    undercloud.run_workflow(
        "tripleo.test.v1.tell",
        container=plan,
        status="SUCCESS",
        message="Done.",
        payload={"registered_nodes": nodes},
        queue_name=plan,
    )
    (body,) = undercloud.messages(plan)
    jsonschema.validate(body, envelope.schema())
    payload = body["payload"]
    assert payload["registered_nodes"] is None
    assert (payload["message"], payload["plan_name"]) == ("Done.", plan)
    spilled = payload["spilled"]
    assert spilled["error"] is None
    headers, content = undercloud.swift.get_object(
        spilled["container"], spilled["object"]
    )
    assert json.loads(content)["payload"]["registered_nodes"] == nodes
    assert int(headers["x-delete-at"]) > time.time() + 3600
    undercloud.swift.delete_object(spilled["container"], spilled["object"])
    undercloud.swift.delete_container(spilled["container"])


@pytest.mark.usefixtures("_workflows")
def test_a_plans_passwords_do_not_get_into_a_message(
    undercloud: Client,
) -> None:
    known = undercloud.mistral.environments.get("overcloud").variables
    password = known["passwords"]["AdminPassword"]
    queue = plans.new_name()
    undercloud.run_workflow(
        "tripleo.test.v1.tell",
        container="overcloud",
        status="FAILED",
        message=f"Heat says: '{password}' is too short.",
        payload={"output": [f"password={password}"]},
        queue_name=queue,
    )
    (body,) = undercloud.messages(queue)
    assert body["payload"]["message"] == "Heat says: '***' is too short."
    assert password not in json.dumps(body)
