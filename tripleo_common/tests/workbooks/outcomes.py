"""What every workflow promises when it ends, and how to make one fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema

from tripleo_common import constants, errors
from tripleo_common.messages import envelope
from tripleo_common.plans import names
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.engine import Execution

ZAQAR_DOWN = errors.ServiceUnreachable(
    "Zaqar", "queue(tripleo)", "Connection refused", "Check that it runs."
)


def refusing(
    error: Exception, leases: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """What stands in for a service's call that fails.

    :param leases: the call itself, where it is to work for leases.
    """

    def refuse(*args: Any, **named: Any) -> Any:
        name = named.get("name", args[0] if args else None)
        if leases is not None and names.is_lease(str(name)):
            return leases(*args, **named)
        raise error

    return refuse


def refused(service: str) -> errors.ServiceError:
    """A service's refusal."""
    return errors.ServiceError(
        service, "what it was asked", "HTTP 507: no room", "Make room.", 507
    )


def posted(cloud: FakeCloud) -> dict[str, Any]:
    """The one message on the queue."""
    ((queue, body),) = cloud.messaging.posted
    assert queue == constants.DEFAULT_QUEUE_NAME
    jsonschema.validate(body, envelope.schema())
    return body


def assert_succeeded(
    execution: Execution, cloud: FakeCloud, workflow: str, message: str
) -> None:
    """The workflow succeeded and told so, once."""
    assert (execution.state, execution.state_info) == ("SUCCESS", None)
    assert execution.output == {"status": "SUCCESS", "message": message}
    assert_told(execution, cloud, workflow, "SUCCESS", message)


def assert_failed(
    execution: Execution, cloud: FakeCloud, workflow: str, message: str
) -> None:
    """The workflow failed and told so, once."""
    assert_ended_in_error(execution, message)
    assert_told(execution, cloud, workflow, "FAILED", message)


def assert_ended_in_error(execution: Execution, message: str) -> None:
    """Whoever asks Mistral reads the reason, and the reason alone."""
    assert (execution.state, execution.state_info) == ("ERROR", message)
    assert execution.output == {
        "status": "FAILED",
        "message": message,
        "result": message,  # Mistral's own, of an execution that failed.
    }


def assert_told(
    execution: Execution,
    cloud: FakeCloud,
    workflow: str,
    status: str,
    message: str,
) -> None:
    """Whoever reads the queue learns the same, and of which execution."""
    body = posted(cloud)
    payload = body["payload"]
    assert body["type"] == workflow
    assert (payload["status"], payload["message"]) == (status, message)
    assert payload["execution_id"] == execution.id
    assert payload["root_execution_id"] == execution.id
    assert payload["execution"]["id"] == execution.id
    assert payload["execution"]["name"] == workflow
    assert payload["execution"]["created_at"]
    if status == "FAILED":
        assert payload["error"]["text"] == message
        failed = {t.id for t in execution.tasks if t.state == "ERROR"}
        assert {each["id"] for each in payload["error"]["tasks"]} == failed


def texts(value: Any) -> list[str]:
    """Every text among the values of a mapping, at any depth."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    return [str(value)]
