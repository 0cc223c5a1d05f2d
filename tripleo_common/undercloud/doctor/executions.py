"""What do Mistral's executions hold, and how long may an action take?"""

from __future__ import annotations

import contextlib
import json
import re
import time
import uuid
from collections.abc import Iterator

import requests
from keystoneauth1 import exceptions as ka_exc

from tripleo_common.undercloud.doctor.finding import (
    Finding,
    error,
    ok,
    unknown,
    warning,
)
from tripleo_common.undercloud.doctor.subject import (
    Subject,
    describe,
    reason,
)

_FIELD = "mistral.field_size"
_TIMEOUT = "mistral.rpc_timeout"
#: Mistral's own default, and what large installations have needed.
_STOCK_KB = 1024
_AMPLE_KB = 16384
_TRIALS_KB = (900, 4000)
_LIMIT = re.compile(r"limit\s*=\s*(\d+)\s*KB", re.IGNORECASE)
_SETTING = (
    f"Set [engine] execution_field_size_limit_kb = {_AMPLE_KB} in "
    "mistral.conf, and start Mistral's engine and API again."
)
#: Longer than the default of oslo.messaging.
_SLEEP = 61
_ENDED = ("SUCCESS", "ERROR", "CANCELLED")
#: Seconds that Mistral may take for a workflow that does nothing.
_PATIENCE = 60.0
_POLL = 0.5
_WORKFLOW = """\
version: '2.0'
{name}:
  description: A trial of tripleo-undercloud doctor; it can be deleted.
  input: [value]
  tasks:
    nothing:
      action: std.noop
"""


def check(subject: Subject) -> Iterator[Finding]:
    """Try both."""
    yield _of_field(subject)
    yield _of_timeout(subject)


def _of_field(subject: Subject) -> Finding:
    """Start a workflow that does nothing with an input that grows."""
    name = f"tripleo_doctor_{uuid.uuid4().hex}"
    response = subject.ask(
        "POST",
        "workflowv2",
        "/workflows",
        data=_WORKFLOW.format(name=name),
        headers={"Content-Type": "text/plain"},
    )
    if response.status_code != 201:
        return unknown(
            _FIELD,
            f"A workflow to try it with was refused ({describe(response)}).",
            _SETTING,
        )
    try:
        for size in _TRIALS_KB:
            refused = _try(subject, name, size)
            if refused is not None:
                return _of_refusal(refused, size)
    finally:
        subject.ask("DELETE", "workflowv2", f"/workflows/{name}")
    return ok(_FIELD, f"A field of an execution may have {size} KB, or more.")


def _try(subject: Subject, name: str, size: int) -> requests.Response | None:
    """Start the workflow with an input of so many KB; the refusal, if any."""
    response = subject.ask(
        "POST",
        "workflowv2",
        "/executions",
        json={
            "workflow_name": name,
            "input": json.dumps({"value": "x" * size * 1024}),
        },
    )
    if response.status_code != 201:
        return response
    path = f"/executions/{response.json()['id']}"
    try:
        _wait(subject, path)
    finally:
        subject.ask("DELETE", "workflowv2", f"{path}?force=true")
    return None


def _wait(subject: Subject, path: str) -> None:
    """Wait for the end, or what is under way could come after the end."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        answer = subject.get("workflowv2", f"{path}?fields=state")
        if answer["state"] in _ENDED:
            return
        time.sleep(_POLL)


def _of_refusal(response: requests.Response, size: int) -> Finding:
    told = _LIMIT.search(reason(response))
    if told is None:
        return unknown(
            _FIELD,
            f"An input of {size} KB was refused ({describe(response)}).",
            _SETTING,
        )
    limit = int(told[1])
    found = f"A field of an execution may have {limit} KB"
    if limit < _STOCK_KB:
        return error(
            _FIELD,
            f"{found}, less than Mistral's default of {_STOCK_KB}: "
            "workflows with many nodes or large plans fail.",
            _SETTING,
        )
    if limit < 2 * _STOCK_KB:
        return warning(
            _FIELD,
            f"{found}. Ours keep to it, but other people's workflows may "
            "need more.",
            _SETTING,
        )
    return ok(_FIELD, f"{found}.")


def _of_timeout(subject: Subject) -> Finding:
    """Have an action sleep for longer than the default allows."""
    setting = (
        "Set [DEFAULT] rpc_response_timeout = 600 in mistral.conf, and start "
        "Mistral again."
    )
    if not subject.slow:
        return unknown(
            _TIMEOUT,
            "How long a synchronous action may take was not tried.",
            "To try it, for a minute: tripleo-undercloud doctor --slow",
        )
    body = {
        "name": "std.sleep",
        "input": json.dumps({"seconds": _SLEEP}),
        "params": json.dumps({"run_sync": True}),
    }
    begun = time.monotonic()
    response: requests.Response | None = None
    with contextlib.suppress(ka_exc.ConnectionError):
        response = subject.ask(
            "POST",
            "workflowv2",
            "/action_executions",
            json=body,
            timeout=2 * _SLEEP,
        )
    seconds = time.monotonic() - begun
    if response is not None and response.status_code == 201:
        if response.json().get("state") == "SUCCESS":
            return ok(
                _TIMEOUT, f"A synchronous action may take {_SLEEP} s or more."
            )
        how = describe(response)
    else:
        how = describe(response) if response is not None else "no answer"
    return warning(
        _TIMEOUT,
        f"A synchronous action of {_SLEEP} s was given up after "
        f"{seconds:.0f} s ({how}): processing a large plan can take longer.",
        setting,
    )
