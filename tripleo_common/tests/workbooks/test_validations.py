"""The workflows on validations; Ansible itself runs in functional tests."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from oslo_config import cfg

from tripleo_common import conf, errors
from tripleo_common.messages import envelope
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks import validations
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine, Execution
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    assert_failed,
    assert_succeeded,
    assert_told,
    refused,
    refusing,
)

V1 = "tripleo.validations.v1."
RUN = f"{V1}run_validation"
RUN_SOME = f"{V1}run_validations"
RUN_GROUPS = f"{V1}run_groups"
ADD_KEY = f"{V1}add_validation_ssh_key_parameter"


def told(cloud: FakeCloud) -> list[tuple[str, str]]:
    """The type and status of each message, in their order."""
    for _, body in cloud.messaging.posted:
        jsonschema.validate(body, envelope.schema())
    return [
        (body["type"].removeprefix(V1), body["payload"]["status"])
        for _, body in cloud.messaging.posted
    ]


def test_validations_are_listed(
    engine: Engine, cloud: FakeCloud, ran: list[Any]
) -> None:
    execution = engine.run(f"{V1}list", group_names=["prep"], plan="mine")
    message = "2 validations were found."
    assert execution.state == "SUCCESS"
    assert_told(execution, cloud, f"{V1}list", "SUCCESS", message)
    names = [each["id"] for each in execution.output["validations"]]
    assert names == ["bad", "good"]
    cloud.messaging.posted.clear()
    execution = engine.run(f"{V1}list_groups")
    assert_told(
        execution, cloud, f"{V1}list_groups", "SUCCESS", "4 groups were found."
    )
    assert execution.output["groups"] == [
        "post-deployment",
        "pre-deployment",
        "pre-introspection",
        "prep",
    ]


@pytest.mark.parametrize("name", ["list", "list_groups"])
def test_what_cannot_be_listed_is_told(
    engine: Engine, cloud: FakeCloud, name: str
) -> None:
    cloud.object_store.get_container = refusing(refused("Swift"))
    execution = engine.run(V1 + name)
    message = str(refused("Swift"))
    assert execution.state == "ERROR"
    assert_told(execution, cloud, V1 + name, "FAILED", message)


def test_a_validation_passes(
    engine: Engine, cloud: FakeCloud, ran: list[Any]
) -> None:
    execution = engine.run(RUN, validation_name="good", plan="mine")
    assert execution.state == "SUCCESS"
    assert told(cloud) == [
        ("run_validation", "RUNNING"),
        ("run_validation", "SUCCESS"),
    ]
    payload = cloud.messaging.posted[-1][1]["payload"]
    for known in (payload, execution.output):
        assert known["message"] == "Validation good passed; hosts: 1."
        assert known["validation_name"] == "good"
        assert known["stdout"] == "PLAY [all]\n"
        assert (known["stderr"], known["hosts"]) == ("", {"a": "ok"})
    listed = engine.run(f"{V1}list_results", plan="mine").output["results"]
    assert [(e["status"], e["execution_id"]) for e in listed] == [
        ("SUCCESS", execution.id)
    ]


def test_a_validation_fails(
    engine: Engine, cloud: FakeCloud, ran: list[Any]
) -> None:
    execution = engine.run(RUN, validation_name="bad", plan="mine")
    assert (execution.state, execution.state_info) == (
        "ERROR",
        validations.FAILED,
    )
    assert told(cloud)[-1] == ("run_validation", "FAILED")
    payload = cloud.messaging.posted[-1][1]["payload"]
    for known in (payload, execution.output):
        assert known["message"] == known["stderr"] == validations.FAILED
        assert known["failures"]["b"]["text"] == "No power."
    output = engine.run(
        f"{V1}get_results", plan="mine", ids=[execution.id]
    ).output
    (found,) = output["results"]
    assert found["hosts"] == {"a": "ok", "b": "failed"}
    stored = cloud.object_store.containers[found["output"]["container"]]
    assert stored[found["output"]["object"]][0] == b"PLAY [all]\n"


@pytest.mark.parametrize("name", [RUN, RUN_SOME])
def test_a_validation_that_is_not_there_fails(
    engine: Engine, cloud: FakeCloud, ran: list[Any], name: str
) -> None:
    inputs: dict[str, Any] = {"validation_name": "none"}
    if name == RUN_SOME:
        inputs = {"validation_names": ["none"]}
    execution = engine.run(name, **inputs)
    assert execution.state == "ERROR"
    assert execution.output["message"] == str(
        errors.ValidationNotFound("There is no validation 'none'")
    )


def test_with_zaqar_down_a_validation_runs(
    engine: Engine, cloud: FakeCloud, ran: list[Any]
) -> None:
    cloud.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(RUN, validation_name="good")
    assert execution.state == "SUCCESS"
    assert len(ran) == 1


def test_on_a_queue_of_its_own_a_client_sees_the_last_message_first(
    engine: Engine, cloud: FakeCloud, ran: list[Any]
) -> None:
    queue = "6a9e7a0c-0000-4000-8000-000000000000"
    cloud.messaging.subscriptions = lambda name: ["reader"]
    engine.run(RUN, validation_name="good", queue_name=queue)
    assert told(cloud) == [("run_validation", "SUCCESS")]


def test_a_group_passes(
    engine: Engine, cloud: FakeCloud, ran: list[Any]
) -> None:
    execution = engine.run(RUN_GROUPS, group_names=["pre-deployment"])
    assert execution.state == "SUCCESS"
    assert execution.output["message"] == "All 1 validations passed."
    assert execution.output["validation_names"] == ["good"]
    assert told(cloud) == [
        ("run_groups", "RUNNING"),
        ("run_validation", "RUNNING"),
        ("run_validation", "SUCCESS"),
        ("run_groups", "SUCCESS"),
    ]
    payload = cloud.messaging.posted[-1][1]["payload"]
    assert payload["group_names"] == ["pre-deployment"]


def test_of_a_group_one_fails_and_the_others_go_on(
    engine: Engine, cloud: FakeCloud, ran: list[Any]
) -> None:
    execution = engine.run(RUN_GROUPS, group_names=["prep", "post-deployment"])
    assert (execution.state, execution.state_info) == (
        "ERROR",
        validations.FAILED,
    )
    assert len(ran) == 3
    status = {
        e["validation_name"]: e["status"] for e in execution.output["results"]
    }
    assert status == {"bad": "FAILED", "empty": "SUCCESS", "good": "SUCCESS"}
    assert told(cloud)[-1] == ("run_groups", "FAILED")
    root = {e["root_execution_id"] for e in results(engine, "overcloud")}
    assert root == {execution.id}


def results(engine: Engine, plan: str) -> list[dict[str, Any]]:
    """The index of a plan's validations."""
    execution: Execution = engine.run(f"{V1}list_results", plan=plan)
    found: list[dict[str, Any]] = execution.output["results"]
    return found


@pytest.mark.parametrize("groups", [[], ["none"]])
def test_a_group_without_validations_fails(
    engine: Engine, cloud: FakeCloud, ran: list[Any], groups: list[str]
) -> None:
    execution = engine.run(RUN_GROUPS, group_names=groups)
    assert execution.state == "ERROR"
    assert "There is no validation in the groups" in execution.state_info
    assert told(cloud) == [("run_groups", "FAILED")]


def test_no_validations_are_a_mistake(
    engine: Engine, cloud: FakeCloud, ran: list[Any]
) -> None:
    execution = engine.run(RUN_SOME)
    assert execution.state == "ERROR"
    assert "validation_names must be a list" in execution.state_info


def test_validations_are_uploaded(
    engine: Engine, cloud: FakeCloud, tmp_path: Any
) -> None:
    workflow = f"{V1}upload_validations"
    conf.options()
    cfg.CONF.set_override("validations_dirs", [str(tmp_path)], conf.GROUP)
    try:
        execution = engine.run(workflow)
        assert execution.state == "ERROR"
        assert "There is nothing in the dir" in execution.state_info
        cloud.messaging.posted.clear()
        (tmp_path / "one.yaml").write_text("[]")
        execution = engine.run(workflow)
    finally:
        cfg.CONF.clear_override("validations_dirs", conf.GROUP)
    message = (
        "The container tripleo-validations has the 1 files of the installed "
        "validations."
    )
    assert_succeeded(execution, cloud, workflow, message)


def test_nothing_is_stopped_where_nothing_runs(
    engine: Engine, cloud: FakeCloud, ran: list[Any]
) -> None:
    execution = engine.run(f"{V1}stop")
    message = "0 validations were stopped."
    assert execution.output["stopped"] == []
    assert_told(execution, cloud, f"{V1}stop", "SUCCESS", message)


@pytest.mark.parametrize("name", ["stop", "get_results"])
def test_unknown_runs_are_told(
    engine: Engine, cloud: FakeCloud, name: str
) -> None:
    execution = engine.run(V1 + name, plan="mine", ids=["none"])
    assert execution.state == "ERROR"
    assert "no run of a validation with the id none" in execution.state_info
    assert told(cloud) == [(name, "FAILED")]


def test_results_that_cannot_be_listed_are_told(
    engine: Engine, cloud: FakeCloud
) -> None:
    cloud.workflow.environments.list = refusing(refused("Mistral"))
    execution = engine.run(f"{V1}list_results")
    assert execution.state_info == str(refused("Mistral"))


def parameters(cloud: FakeCloud) -> Any:
    """The parameters that operators set."""
    plan = cloud.workflow.environments.variables["mine"]
    return plan["parameter_defaults"]


def test_the_key_becomes_a_parameter(engine: Engine, cloud: FakeCloud) -> None:
    cloud.add_plan("mine", TEMPLATES)
    execution = engine.run(ADD_KEY, container="mine")
    assert "these are not enabled" in execution.output["message"]
    assert execution.state == "SUCCESS"
    assert parameters(cloud) == {"node_admin_extra_ssh_keys": ""}
    cloud.messaging.posted.clear()
    cloud.workflow.environments.variables["ssh_keys"] = {
        "public_key": "ssh-rsa AAAA",
        "private_key": "s3cret-private-half",
    }
    execution = engine.run(ADD_KEY, container="mine")
    message = "Servers of plan mine will let validations in."
    assert_succeeded(execution, cloud, ADD_KEY, message)
    assert parameters(cloud) == {"node_admin_extra_ssh_keys": "ssh-rsa AAAA"}
    assert "s3cret-private-half" not in engine.stored()


def test_without_a_plan_there_is_no_parameter(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(ADD_KEY, container="mine")
    assert_failed(execution, cloud, ADD_KEY, str(errors.PlanNotFound("mine")))
