"""The workflows that create plans."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mistral import exceptions as mistral_errors
from oslo_config import cfg

from tripleo_common import constants, errors
from tripleo_common.plans import passwords
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    assert_ended_in_error,
    assert_failed,
    assert_succeeded,
    posted,
    refused,
    refusing,
    texts,
)

CREATE = "tripleo.plan_management.v1.create_deployment_plan"
CREATE_DEFAULT = "tripleo.plan_management.v1.create_default_deployment_plan"
GET_PASSWORDS = "tripleo.plan_management.v1.get_passwords"
BOTH = pytest.mark.parametrize("workflow", [CREATE, CREATE_DEFAULT])
ZAQAR = pytest.mark.parametrize("zaqar", ["up", "down"])

#: A service's part, and which of its calls fails, by the step that fails.
REFUSALS = {
    "create_plan": ("Mistral", "workflow.environments", "create"),
    "generate_passwords": ("Heat", "orchestration.stacks", "environment"),
    "process_templates": ("Swift", "object_store", "put_object"),
}
#: What is wrong with a template, and what is said about it.
MISTAKES = {
    "a map that does not parse": (
        {constants.CAPABILITIES_FILE: "topics: [\n"},
        "capabilities-map.yaml, line 2: ",
    ),
    "a root template that is not there": (
        {constants.CAPABILITIES_FILE: "root_template: none.yaml\n"},
        "Plan mine has no file none.yaml",
    ),
    "a template that does not render": (
        {"overcloud.j2.yaml": "a: 1\n{% for role in roles %}\n"},
        "overcloud.j2.yaml, line 2: ",
    ),
    "a template that does not parse": (
        {"overcloud.j2.yaml": "heat_template_version: [\n"},
        "overcloud.yaml, line 2: ",
    ),
}

#: What a service might answer; Mistral would evaluate it in a workflow.
LIKE_EXPRESSIONS = "<% 1 / 0 %> and {{ nothing.there }} (\"')\nagain"

Kept = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


def told(workflow: str, reason: object) -> str:
    """The reason, and what is left of a plan that had a state."""
    if workflow == CREATE:
        return f"{reason} The container mine is as it was."
    return f"{reason} Nothing of plan mine is left."


def kept(cloud: FakeCloud) -> Kept:
    """All that the cloud holds: files, containers' marks, environments."""
    return copy.deepcopy(
        (
            cloud.object_store.containers,
            cloud.object_store.headers,
            cloud.workflow.environments.plans,
        )
    )


def assert_untold(
    secrets: list[str],
    engine: Engine,
    cloud: FakeCloud,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No secret is in Mistral's database, a log or a message."""
    told = {
        "database": engine.stored(),
        "log": caplog.text,
        "queue": json.dumps(cloud.messaging.posted),
    }
    for where, text in told.items():
        assert "generate_passwords" in text, where
        for secret in secrets:
            assert secret not in text, where
            assert json.dumps(secret)[1:-1] not in text, where


@pytest.fixture(autouse=True)
def _installed(installed_templates: Path) -> None:
    """The templates of the undercloud."""


@pytest.fixture
def uploaded(cloud: FakeCloud) -> FakeCloud:
    """A cloud with the files of a plan to be."""
    cloud.object_store.add("mine", TEMPLATES)
    return cloud


@pytest.fixture
def ready(
    request: pytest.FixtureRequest, cloud: FakeCloud, workflow: str
) -> FakeCloud:
    """A cloud on which the workflow of the test succeeds."""
    if workflow == CREATE:
        request.getfixturevalue("uploaded")
    return cloud


def test_a_plan_is_created_from_the_files_in_its_container(
    engine: Engine, uploaded: FakeCloud
) -> None:
    execution = engine.run(CREATE, container="mine")
    assert_succeeded(execution, uploaded, CREATE, "Plan mine created.")
    assert execution.ran == [
        "begin",
        "create_plan",
        "generate_passwords",
        "process_templates",
        "succeeded",
    ]


def test_a_default_plan_is_created_from_the_installed_templates(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(CREATE_DEFAULT, container="mine")
    assert_succeeded(execution, cloud, CREATE_DEFAULT, "Plan mine created.")
    assert execution.ran == [
        "create_container",
        "create_plan",
        "generate_passwords",
        "process_templates",
        "succeeded",
        "upload_templates",
    ]


@BOTH
def test_the_plan_is_whole(
    engine: Engine, ready: FakeCloud, workflow: str
) -> None:
    engine.run(workflow, container="mine")
    assert set(ready.object_store.containers["mine"]) == {
        *TEMPLATES,
        "overcloud.yaml",
        constants.PLAN_ENVIRONMENT_FILE,
    }
    assert (
        ready.object_store.headers["mine"][constants.USAGE_HEADER]
        == constants.USAGE_PLAN
    )
    variables = ready.workflow.environments.variables["mine"]
    assert set(variables["passwords"]) == set(passwords.kinds())


@BOTH
def test_passwords_are_not_generated_on_request(
    engine: Engine, ready: FakeCloud, workflow: str
) -> None:
    execution = engine.run(
        workflow, container="mine", generate_passwords=False
    )
    assert_succeeded(execution, ready, workflow, "Plan mine created.")
    assert ready.workflow.environments.variables["mine"]["passwords"] == {}


@BOTH
def test_the_message_tells_plan_and_input(
    engine: Engine, ready: FakeCloud, workflow: str
) -> None:
    engine.run(workflow, container="mine")
    payload = posted(ready)["payload"]
    assert payload["plan_name"] == "mine"
    asked = payload["execution"]["input"]
    assert (asked["container"], asked["queue_name"]) == ("mine", "tripleo")
    assert asked["generate_passwords"] is True


@BOTH
def test_the_message_goes_to_the_queue_of_the_caller(
    engine: Engine, ready: FakeCloud, workflow: str
) -> None:
    engine.run(workflow, container="mine", queue_name="my-own")
    ((queue, _),) = ready.messaging.posted
    assert queue == "my-own"


@BOTH
def test_passwords_are_in_the_environment_and_nowhere_else(
    engine: Engine,
    ready: FakeCloud,
    workflow: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    engine.run(workflow, container="mine")
    generated = texts(
        ready.workflow.environments.variables["mine"]["passwords"]
    )
    assert len(generated) >= len(passwords.kinds())
    assert_untold(generated, engine, ready, caplog)


@BOTH
def test_passwords_are_not_told_by_what_fails_afterwards(
    engine: Engine,
    ready: FakeCloud,
    workflow: str,
    installed_templates: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    (installed_templates / "overcloud.j2.yaml").write_text("a: [")
    if workflow == CREATE:
        ready.object_store.containers["mine"]["overcloud.j2.yaml"] = (
            b"a: [",
            "text/plain",
        )
    stored: list[dict[str, Any]] = []
    update = ready.workflow.environments.update

    def updated(name: str, variables: dict[str, Any]) -> None:
        if name == "mine":
            stored.append(variables["passwords"])
        update(name, variables)

    ready.workflow.environments.update = updated
    execution = engine.run(workflow, container="mine")
    assert execution.task("process_templates").state == "ERROR"
    (generated,) = stored
    assert_untold(texts(generated), engine, ready, caplog)


@BOTH
def test_a_plan_larger_than_an_execution_may_be_is_created(
    engine: Engine,
    ready: FakeCloud,
    workflow: str,
    installed_templates: Path,
) -> None:
    limit = cfg.CONF.engine.execution_field_size_limit_kb
    assert limit == 1024
    large = "# " + "x" * 2 * 1024 * limit
    (installed_templates / "large.yaml").write_text(large)
    if workflow == CREATE:
        files = {**TEMPLATES, "large.yaml": large}
        ready.object_store.add("mine", files)
    execution = engine.run(workflow, container="mine")
    assert_succeeded(execution, ready, workflow, "Plan mine created.")


@BOTH
def test_undeclared_inputs_are_refused(
    engine: Engine, ready: FakeCloud, workflow: str
) -> None:
    before = kept(ready)
    with pytest.raises(mistral_errors.InputException, match="unheard_of"):
        engine.run(workflow, container="mine", unheard_of=True)
    assert kept(ready) == before
    assert ready.messaging.posted == []


@BOTH
def test_a_plan_needs_a_name(
    engine: Engine, cloud: FakeCloud, workflow: str
) -> None:
    with pytest.raises(mistral_errors.InputException, match="container"):
        engine.run(workflow)


@BOTH
def test_a_name_that_no_plan_may_have_is_refused(
    engine: Engine, cloud: FakeCloud, workflow: str
) -> None:
    execution = engine.run(workflow, container="1/2")
    assert_failed(
        execution, cloud, workflow, str(errors.InvalidPlanName("1/2"))
    )


@ZAQAR
@BOTH
@pytest.mark.parametrize("step", REFUSALS)
def test_what_a_service_refuses_leaves_nothing_of_the_plan(
    engine: Engine, ready: FakeCloud, workflow: str, step: str, zaqar: str
) -> None:
    before = kept(ready)
    service, part, call = REFUSALS[step]
    if workflow == CREATE_DEFAULT and service == "Swift":
        step = "upload_templates"
    target = ready
    for name in part.split("."):
        target = getattr(target, name)
    error = refused(service)
    works = getattr(target, call)
    refuse = refusing(error, works)
    setattr(
        target,
        call,
        lambda *args, **named: (
            works(*args, **named)
            if args[:1] == ("mine-history",)
            else refuse(*args, **named)
        ),
    )
    if zaqar == "down":
        ready.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(workflow, container="mine")
    message = told(workflow, error)
    if workflow == CREATE and step == "create_plan":
        message = str(error)
    if zaqar == "down":
        assert_ended_in_error(execution, message)
    else:
        assert_failed(execution, ready, workflow, message)
    containers, _, environments = kept(ready)
    assert (containers, environments) == (before[0], before[2])
    assert execution.task(step).state == "ERROR"
    assert execution.ran.count("failed") == 1
    assert "succeeded" not in execution.ran


@BOTH
@pytest.mark.parametrize("mistake", MISTAKES)
def test_templates_with_a_mistake_leave_nothing_of_the_plan(
    engine: Engine,
    ready: FakeCloud,
    workflow: str,
    mistake: str,
    installed_templates: Path,
) -> None:
    files, text = MISTAKES[mistake]
    for path, content in files.items():
        (installed_templates / path).write_text(content)
    if workflow == CREATE:
        ready.object_store.add("mine", {**TEMPLATES, **files})
    before = kept(ready)
    execution = engine.run(workflow, container="mine")
    message = posted(ready)["payload"]["message"]
    assert message.startswith(text)
    assert_failed(execution, ready, workflow, message)
    containers, _, environments = kept(ready)
    assert (containers, environments) == (before[0], before[2])


def test_a_default_plan_needs_installed_templates(
    engine: Engine, cloud: FakeCloud, installed_templates: Path
) -> None:
    for path in TEMPLATES:
        (installed_templates / path).unlink()
    execution = engine.run(CREATE_DEFAULT, container="mine")
    message = posted(cloud)["payload"]["message"]
    assert message.startswith(
        f"There are no templates in {installed_templates}"
    )
    assert_failed(execution, cloud, CREATE_DEFAULT, message)
    assert cloud.object_store.containers == {}


def whole(cloud: FakeCloud) -> errors.TripleOError:
    cloud.add_plan("mine", TEMPLATES, passwords={"AdminPassword": "theirs"})
    return errors.PlanExists("mine", "container")


def container_only(cloud: FakeCloud) -> errors.TripleOError:
    cloud.object_store.add("mine", TEMPLATES)
    return errors.PlanExists("mine", "container")


def state_only(cloud: FakeCloud) -> errors.TripleOError:
    cloud.workflow.environments.variables["mine"] = {"template": "a.yaml"}
    return errors.PlanExists("mine", "Mistral environment")


def somebodys_container(cloud: FakeCloud) -> errors.TripleOError:
    cloud.object_store.add("mine", {"holiday.jpg": "..."}, plan=False)
    return errors.PlanExists("mine", "container")


@ZAQAR
@pytest.mark.parametrize(
    "existing", [whole, container_only, state_only, somebodys_container]
)
def test_a_default_plan_never_touches_what_is_there(
    engine: Engine,
    cloud: FakeCloud,
    existing: Callable[[FakeCloud], errors.TripleOError],
    zaqar: str,
) -> None:
    error = existing(cloud)
    before = kept(cloud)
    if zaqar == "down":
        cloud.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(CREATE_DEFAULT, container="mine")
    assert_ended_in_error(execution, str(error))
    assert kept(cloud) == before
    assert execution.ran == ["create_container", "failed"]


@ZAQAR
@pytest.mark.parametrize(
    ("existing", "error"),
    [
        (whole, errors.PlanExists("mine", "Mistral environment")),
        (state_only, errors.PlanIncomplete("mine", "container")),
        (somebodys_container, errors.NotAPlan("mine")),
    ],
)
def test_a_plan_of_uploaded_files_never_touches_what_is_there(
    engine: Engine,
    cloud: FakeCloud,
    existing: Callable[[FakeCloud], errors.TripleOError],
    error: errors.TripleOError,
    zaqar: str,
) -> None:
    existing(cloud)
    before = kept(cloud)
    if zaqar == "down":
        cloud.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(CREATE, container="mine")
    assert_ended_in_error(execution, str(error))
    assert kept(cloud) == before
    assert execution.ran == ["begin", "clean_up", "create_plan", "failed"]


def test_files_must_be_uploaded_before(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(CREATE, container="mine")
    assert_failed(execution, cloud, CREATE, str(errors.PlanNotFound("mine")))


@BOTH
def test_a_plan_outlives_the_loss_of_its_message(
    engine: Engine, ready: FakeCloud, workflow: str
) -> None:
    ready.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(workflow, container="mine")
    assert execution.state == "SUCCESS"
    assert execution.output == {
        "status": "SUCCESS",
        "message": "Plan mine created.",
    }
    containers, _, environments = kept(ready)
    assert list(containers) == ["mine", "mine-history"]
    assert list(environments) == ["mine"]
    assert execution.task("succeeded").state == "ERROR"
    assert not {"failed", "remove_plan", "remove_state"} & {*execution.ran}


@ZAQAR
@BOTH
def test_the_reason_stays_when_cleaning_up_fails_too(
    engine: Engine, ready: FakeCloud, workflow: str, zaqar: str
) -> None:
    ready.orchestration.stacks.environment = refusing(refused("Heat"))
    ready.object_store.delete_container = refusing(refused("Swift"))
    environments = ready.workflow.environments
    environments.delete = refusing(refused("Mistral"), environments.delete)
    if zaqar == "down":
        ready.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(workflow, container="mine")
    message = (
        f"{refused('Heat')} What was made of the plan could not be removed - "
        f"{refused('Swift')}"
    )
    if zaqar == "down":
        assert_ended_in_error(execution, message)
    else:
        assert_failed(execution, ready, workflow, message)
    cleanup = "remove_state" if workflow == CREATE else "remove_plan"
    assert execution.task(cleanup).state == "ERROR"
    assert execution.ran.count("failed") == 1


@BOTH
def test_what_nobody_foresaw_ends_like_any_failure(
    engine: Engine, ready: FakeCloud, workflow: str
) -> None:
    ready.orchestration.stacks.environment = refusing(ZeroDivisionError("!"))
    execution = engine.run(workflow, container="mine")
    message = posted(ready)["payload"]["message"]
    assert "action=GeneratePasswordsAction" in message
    assert_failed(execution, ready, workflow, message)
    assert ready.workflow.environments.plans == {}


@BOTH
def test_a_services_answer_is_told_as_it_is(
    engine: Engine, ready: FakeCloud, workflow: str
) -> None:
    error = errors.ServiceError("Heat", "it", LIKE_EXPRESSIONS, "Try again.")
    ready.orchestration.stacks.environment = refusing(error)
    execution = engine.run(workflow, container="mine")
    assert LIKE_EXPRESSIONS in str(error)
    assert_failed(execution, ready, workflow, told(workflow, error))


def test_a_state_that_somebody_made_in_the_meantime_stays(
    engine: Engine, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = {"template": "theirs.yaml"}
    put_object = cloud.object_store.put_object

    def put_after_somebody(*args: Any, **kwargs: Any) -> None:
        cloud.workflow.environments.variables.setdefault("mine", theirs)
        put_object(*args, **kwargs)

    monkeypatch.setattr(cloud.object_store, "put_object", put_after_somebody)
    execution = engine.run(CREATE_DEFAULT, container="mine")
    assert_failed(
        execution,
        cloud,
        CREATE_DEFAULT,
        told(CREATE_DEFAULT, errors.PlanExists("mine", "Mistral environment")),
    )
    assert cloud.workflow.environments.plans == {"mine": theirs}
    assert not cloud.object_store.containers


def test_a_plan_is_created_as_clients_since_pike_ask_for_it(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(
        CREATE,
        container="mine",
        generate_passwords=True,
        source_url=None,
        use_default_templates=True,
    )
    assert_succeeded(execution, cloud, CREATE, "Plan mine created.")
    assert set(cloud.object_store.containers["mine"]) >= {
        *TEMPLATES,
        "overcloud.yaml",
    }
    assert list(cloud.workflow.environments.plans) == ["mine"]


@pytest.mark.parametrize(
    ("part", "call"),
    [
        ("object_store", "put_object"),
        ("workflow.environments", "create"),
        ("orchestration.stacks", "environment"),
    ],
)
def test_nothing_is_left_of_default_templates_that_fail(
    engine: Engine, cloud: FakeCloud, part: str, call: str
) -> None:
    target: Any = cloud
    for name in part.split("."):
        target = getattr(target, name)
    setattr(
        target, call, refusing(refused("It"), leases=getattr(target, call))
    )
    execution = engine.run(
        CREATE, container="mine", use_default_templates=True
    )
    message = told(CREATE_DEFAULT, refused("It"))
    assert_failed(execution, cloud, CREATE, message)
    assert cloud.object_store.containers == {}
    assert cloud.workflow.environments.plans == {}


@pytest.mark.parametrize("existing", [whole, container_only, state_only])
def test_default_templates_never_touch_what_is_there(
    engine: Engine,
    cloud: FakeCloud,
    existing: Callable[[FakeCloud], errors.TripleOError],
) -> None:
    error = existing(cloud)
    before = kept(cloud)
    execution = engine.run(
        CREATE, container="mine", use_default_templates=True
    )
    assert_failed(execution, cloud, CREATE, str(error))
    assert kept(cloud) == before


def test_heat_validates_a_plan_on_request(
    engine: Engine, uploaded: FakeCloud
) -> None:
    asked: list[dict[str, Any]] = []
    # More than Mistral keeps of a result.
    answer = {"Description": "x" * 2 * 1024 * 1024}

    def validate(**arguments: Any) -> dict[str, str]:
        asked.append(arguments)
        return answer

    uploaded.orchestration.stacks.validate = validate
    execution = engine.run(CREATE, container="mine", validate_stack=True)
    assert_succeeded(execution, uploaded, CREATE, "Plan mine created.")
    (arguments,) = asked
    assert "ComputeCount" in arguments["template"]["parameters"]


def test_a_plan_that_heat_does_not_accept_is_not_created(
    engine: Engine, uploaded: FakeCloud
) -> None:
    uploaded.orchestration.stacks.validate = refusing(refused("Heat"))
    execution = engine.run(CREATE, container="mine", validate_stack=True)
    message = told(CREATE, refused("Heat"))
    assert_failed(execution, uploaded, CREATE, message)
    assert uploaded.workflow.environments.plans == {}
    assert set(uploaded.object_store.containers["mine"]) == set(TEMPLATES)


def test_passwords_are_told_on_the_queue_and_nowhere_else(
    engine: Engine, cloud: FakeCloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = {"AdminPassword": "s3cretOfAdmin", "Other": {"k": "s3cret2"}}
    cloud.add_plan("mine", {}, passwords=secrets)
    execution = engine.run(GET_PASSWORDS, container="mine", queue_name="own")
    assert execution.output == {
        "status": "SUCCESS",
        "message": "The passwords are told on the queue own only.",
    }
    ((queue, body),) = cloud.messaging.posted
    assert (queue, body["type"]) == ("own", GET_PASSWORDS)
    assert body["payload"]["status"] == "SUCCESS"
    assert body["payload"]["message"] == secrets
    assert body["payload"]["execution_id"] == execution.id
    assert "post_passwords" in engine.stored()
    assert "s3cret" not in engine.stored()
    assert "s3cret" not in caplog.text


def test_passwords_of_no_plan_are_refused(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(GET_PASSWORDS, container="mine")
    error = errors.PlanNotFound("mine")
    assert_failed(execution, cloud, GET_PASSWORDS, str(error))


def test_passwords_that_cannot_be_posted_are_a_failure(
    engine: Engine, cloud: FakeCloud
) -> None:
    cloud.add_plan("mine", {}, passwords={"AdminPassword": "s3cretOfAdmin"})
    cloud.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(GET_PASSWORDS, container="mine")
    assert_ended_in_error(execution, str(ZAQAR_DOWN))
