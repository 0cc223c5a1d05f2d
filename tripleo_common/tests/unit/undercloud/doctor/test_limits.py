"""What Swift, Zaqar, Heat and Mistral's executions take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tripleo_common.tests.unit.undercloud.doctor.conftest import Cloud
from tripleo_common.undercloud.doctor import (
    executions,
    messaging,
    object_store,
    orchestration,
)
from tripleo_common.undercloud.doctor.finding import Finding, Level
from tripleo_common.undercloud.doctor.subject import Subject

INFO = {"bulk_upload": {}, "bulk_delete": {}, "tempurl": {}}


def any_with(part: str) -> re.Pattern[str]:
    """Match all URLs with this part."""
    return re.compile(re.escape(part))


def run(
    check: Callable[[Subject], Iterator[Finding]], cloud: Cloud, **more: Any
) -> dict[str, Finding]:
    return {each.check: each for each in check(cloud.subject(**more))}


def test_swift_with_all_is_ok(cloud: Cloud) -> None:
    cloud.http.get("http://object-store.test/info", json=INFO)
    key = {"X-Account-Meta-Temp-Url-Key-2": "a-secret"}
    cloud.answer("HEAD", "object-store", "", headers=key)
    found = run(object_store.check, cloud)
    assert {each.level for each in found.values()} == {Level.OK}
    assert "a-secret" not in str(found)


def test_what_swift_lacks_is_told(cloud: Cloud) -> None:
    cloud.http.get("http://object-store.test/info", json={"bulk_delete": {}})
    found = run(object_store.check, cloud)
    assert found["swift.bulk_upload"].level is Level.WARNING
    assert found["swift.bulk_delete"].level is Level.OK
    assert "filter tempurl" in found["swift.tempurl"].fix
    assert "swift.tempurl_key" not in found


def test_a_missing_key_is_told(cloud: Cloud) -> None:
    cloud.http.get("http://object-store.test/info", json=INFO)
    cloud.answer("HEAD", "object-store", "")
    found = run(object_store.check, cloud)["swift.tempurl_key"]
    assert found.level is Level.WARNING
    assert found.fix.startswith("swift post -m Temp-URL-Key:")


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({"_max_messages_post_size": 1048576}, Level.OK),
        ({"_max_messages_post_size": 262144}, Level.OK),
        ({"_max_messages_post_size": 65536}, Level.WARNING),
        ({}, Level.UNKNOWN),
    ],
)
def test_the_size_of_messages(
    told: dict[str, int], level: Level, cloud: Cloud
) -> None:
    cloud.http.get(
        any_with("messaging.test/v2/queues/tripleo-doctor-"),
        json=told,
    )
    found = run(messaging.check, cloud)["zaqar.message_size"]
    assert found.level is level
    assert "Client-ID" in cloud.http.last_request.headers


def limit(size: int) -> dict[str, Any]:
    text = (
        "Request limit exceeded: JSON body size (4194380 bytes) exceeds "
        f"maximum allowed size ({size} bytes)."
    )
    return {"status_code": 400, "json": {"error": {"message": text}}}


@pytest.mark.parametrize(
    ("answer", "level", "told"),
    [
        ({"json": {}}, Level.OK, "more than 4194304"),
        (limit(4194304), Level.OK, "4194304 bytes"),
        (limit(3145728), Level.WARNING, "3145728 bytes"),
        (limit(1048576), Level.ERROR, "1048576 bytes"),
        ({"status_code": 413, "text": "Too large"}, Level.ERROR, "before"),
        ({"status_code": 500, "text": "Oops"}, Level.UNKNOWN, "500: Oops"),
    ],
)
def test_the_size_of_plans(
    answer: dict[str, Any], level: Level, told: str, cloud: Cloud
) -> None:
    cloud.answer("POST", "orchestration", "/validate", **answer)
    found = run(orchestration.check, cloud)["heat.json_body"]
    assert found.level is level
    assert told in found.found
    assert len(cloud.http.last_request.body) > 4 * 2**20


class Mistral:
    """Takes inputs up to a size, and remembers what it was asked."""

    def __init__(self, cloud: Cloud, limit_kb: int, text: str) -> None:
        self.limit_kb = limit_kb
        self.text = text
        self.there: set[str] = set()
        self.states = ["SUCCESS"]
        cloud.answer("POST", "workflowv2", "/workflows", text=self.create)
        cloud.answer("POST", "workflowv2", "/executions", json=self.start)
        cloud.answer("GET", "workflowv2", "/executions/1", json=self.state)
        for path in ("executions/1", "workflows/"):
            cloud.http.delete(
                any_with(f"workflowv2.test/v2/{path}"),
                text=self.delete,
            )

    def create(self, request: Any, context: Any) -> str:
        context.status_code = 201
        self.there.add("workflows")
        return ""

    def start(self, request: Any, context: Any) -> dict[str, Any]:
        if len(request.body) > self.limit_kb * 1024:
            context.status_code = 400
            return {"faultstring": self.text}
        context.status_code = 201
        self.there.add("executions")
        return {"id": "1"}

    def state(self, request: Any, context: Any) -> dict[str, Any]:
        state = self.states[0]
        self.states = self.states[1:] or self.states
        return {"state": state}

    def delete(self, request: Any, context: Any) -> str:
        self.there.discard(request.path.split("/")[2])
        context.status_code = 204
        return ""


def told(limit_kb: int) -> str:
    return (
        "Field size limit exceeded [class=WorkflowExecution, field=input, "
        f"size=9999KB, limit={limit_kb}KB]"
    )


@pytest.mark.parametrize(
    ("limit_kb", "level"),
    [
        (16384, Level.OK),
        (3000, Level.OK),
        (1024, Level.WARNING),
        (512, Level.ERROR),
    ],
)
def test_the_size_of_fields(
    limit_kb: int,
    level: Level,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(executions, "_POLL", 0)
    mistral = Mistral(cloud, limit_kb, told(limit_kb))
    mistral.states.insert(0, "RUNNING")
    found = run(executions.check, cloud)["mistral.field_size"]
    assert found.level is level
    assert mistral.there == set()


def test_another_refusal_is_told_as_it_is(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    mistral = Mistral(cloud, 0, "Not today.")
    found = run(executions.check, cloud)["mistral.field_size"]
    assert found.level is Level.UNKNOWN
    assert "400: Not today." in found.found
    assert mistral.there == set()


def test_a_workflow_that_is_refused_is_told(cloud: Cloud) -> None:
    cloud.answer(
        "POST", "workflowv2", "/workflows", status_code=403, text="Forbidden"
    )
    found = run(executions.check, cloud)["mistral.field_size"]
    assert found.level is Level.UNKNOWN
    assert "403: Forbidden" in found.found


SUCCESS = {"status_code": 201, "json": {"state": "SUCCESS"}}


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        (SUCCESS, Level.OK),
        ({"status_code": 201, "json": {"state": "ERROR"}}, Level.WARNING),
        ({"status_code": 500, "text": "timeout"}, Level.WARNING),
        ({"exc": requests.Timeout}, Level.WARNING),
    ],
)
def test_how_long_an_action_may_take(
    answer: dict[str, Any], level: Level, cloud: Cloud
) -> None:
    Mistral(cloud, 16384, "")
    cloud.answer("POST", "workflowv2", "/action_executions", **answer)
    found = run(executions.check, cloud, slow=True)["mistral.rpc_timeout"]
    assert found.level is level


def test_it_is_not_tried_unasked(cloud: Cloud) -> None:
    Mistral(cloud, 16384, "")
    found = run(executions.check, cloud)["mistral.rpc_timeout"]
    assert found.level is Level.UNKNOWN
    assert "--slow" in found.fix
