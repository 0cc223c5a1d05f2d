"""From what failed down to the first cause: through workflows, into stacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tripleo_common import clients, errors, masking
from tripleo_common.deployments import failures, status
from tripleo_common.plans.store import Plan

#: Levels of workflows in workflows.
_DEEPEST = 20
#: Causes that are told; the first one is the one to look at.
MOST = 5
#: Lines of an output, and characters of a line, so that it is one screen.
_LINES = 10
_WIDTH = 300
_PLAN_INPUTS = ("plan_name", "container", "plan", "stack")


@dataclass
class Step:
    """A workflow on the way down, and the task of it that failed first.

    :ivar task: empty: none failed, Mistral ended it otherwise.
    """

    workflow: str
    execution_id: str
    state: str
    task: str
    time: str
    reason: str


def explain(
    cloud: clients.Cloud,
    container: str | None = None,
    execution_id: str | None = None,
) -> dict[str, Any]:
    """Tell why a plan's deployment, or a workflow, failed.

    :param container: the plan; None: the one that the execution is about.
    :param execution_id: None: the one that had the last word on the plan.
    :returns: ``message`` (the first cause on one line), ``cause`` (its
        ``path``, ``reason``, ``time``, and of software on a server
        ``stdout``, ``stderr``, ``status_code``; None: nothing failed),
        ``causes`` (at most :data:`MOST`), ``workflows`` (the way through
        Mistral, from the outermost), ``stack_status`` and ``text`` (all of
        this on one screen).
    :raises InvalidInput: neither is given.
    :raises NotFound: there is no such execution.
    """
    if not container and not execution_id:
        raise errors.InvalidInput(
            "There is nothing to explain: give container, the name of a "
            "plan, or execution_id, the id of a workflow's execution."
        )
    execution = _execution(cloud, container, execution_id)
    if execution is not None and not container:
        container = _plan_of(execution)
    stack = Plan(cloud, container).stack() if container else None
    steps = [] if execution is None else list(_way(cloud, execution))
    known = _secrets(cloud, container)
    workflows = masking.masked([asdict(step) for step in steps], known)
    causes: list[dict[str, Any]] = []
    if stack is not None and _is_of(stack, execution):
        causes = [each.to_dict() for each in failures.find(cloud, stack)]
    if not causes and workflows:
        causes = [_of_workflow(workflows)]
    result = {
        "cause": causes[0] if causes else None,
        "causes": causes[:MOST],
        "workflows": workflows,
        "stack_status": None if stack is None else stack.stack_status,
    }
    subject = f"plan {container}" if container else f"execution {execution_id}"
    result["message"] = _message(subject, execution, result)
    result["text"] = "\n".join(_lines(result, len(causes)))
    return result


def _execution(
    cloud: clients.Cloud, container: str | None, execution_id: str | None
) -> Any | None:
    if execution_id:
        return cloud.workflow.executions.get(execution_id)
    kept = status.load(cloud, Plan(cloud, str(container)).name)
    said = (kept.get("workflow_status") or {}).get("payload") or {}
    try:
        return cloud.workflow.executions.get(said["execution_id"])
    except (KeyError, errors.NotFound):
        # Nobody told of it, or Mistral has forgotten.
        return None


def _way(cloud: clients.Cloud, execution: Any) -> Iterator[Step]:
    """The workflows that failed, from the outermost to the innermost."""
    for _ in range(_DEEPEST):
        if execution is None or execution.state != "ERROR":
            return
        failed = cloud.workflow.tasks.list(
            execution.id,
            state="ERROR",
            sort_keys="created_at",
            sort_dirs="asc",
            limit=1,
        )
        task = failed[0] if failed else None
        yield Step(
            execution.workflow_name,
            execution.id,
            execution.state,
            "" if task is None else task.name,
            str(execution.updated_at),
            _reason(cloud, execution, task),
        )
        if task is None:
            return
        inner = cloud.workflow.executions.list(task=task.id)
        failed_inside = [e for e in inner if e.state == "ERROR"]
        execution = failed_inside[-1] if failed_inside else None


def _reason(cloud: clients.Cloud, execution: Any, task: Any | None) -> str:
    if task is None:
        # Mistral adds a traceback to what its engine could not do.
        told = str(execution.state_info or "")
        return told.partition("\nTraceback ")[0].strip()
    told = cloud.workflow.tasks.get(task.id)
    result = _parsed(getattr(told, "result", None))
    if isinstance(result, dict):
        result = result.get("message") or result.get("result") or result
    return str(result or getattr(told, "state_info", None) or "")


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def _plan_of(execution: Any) -> str | None:
    inputs = _parsed(execution.input)
    for name in _PLAN_INPUTS:
        if isinstance(inputs, dict) and isinstance(inputs.get(name), str):
            return str(inputs[name])
    return None


def _is_of(stack: Any, execution: Any | None) -> bool:
    """Whether a stack's failure can be what an execution failed with."""
    if execution is None:
        return True
    changed = str(stack.updated_time or stack.creation_time or "")
    return _moment(changed) >= _moment(str(execution.created_at))


def _moment(text: str) -> str:
    """A time as Heat or Mistral tells it, in one form, to be compared."""
    return text.replace("T", " ").rstrip("Z")[:19]


def _secrets(cloud: clients.Cloud, plan: str | None) -> set[str]:
    return failures.secrets(cloud, plan) if plan else set()


def _of_workflow(workflows: list[dict[str, Any]]) -> dict[str, Any]:
    """The innermost task that failed, as a cause."""
    last = workflows[-1]
    path = " > ".join(each["workflow"] for each in workflows)
    if last["task"]:
        path += f" > {last['task']}"
    return {
        "path": path,
        "type": "workflow",
        "status": last["state"],
        "reason": last["reason"],
        "time": last["time"],
    }


def _message(subject: str, execution: Any | None, told: Any) -> str:
    cause = told["cause"]
    if cause is None:
        text = f"Nothing failed in {subject}"
        if told["stack_status"]:
            text += f", its stack is {told['stack_status']}"
        if execution is not None:
            text += f"; execution {execution.id} is {execution.state}"
        return f"{text}."
    reason = " ".join(cause.get("reason", "no reason given").split())
    return f"{cause['path']}: {reason.rstrip('. ')}."


def _lines(told: dict[str, Any], total: int) -> Iterator[str]:
    yield _cut(told["message"])
    for level, each in enumerate(told["workflows"]):
        yield _cut(
            f"{'  ' * level}{each['workflow']} ({each['execution_id']}), "
            f"task {each['task'] or '-'}, {each['time']}"
        )
    if told["stack_status"]:
        yield f"The stack is {told['stack_status']}."
    for number, cause in enumerate(told["causes"], 1):
        yield _cut(
            f"{number}. {cause['path']} ({cause['type']}) {cause['status']} "
            f"{cause.get('time', '')}"
        )
        yield _cut(f"   {' '.join(cause.get('reason', '').split())}")
        if number == 1:
            yield from _output(cause)
    if total > MOST:
        yield f"and {total - MOST} more"


def _output(cause: dict[str, Any]) -> Iterator[str]:
    if "status_code" in cause:
        yield f"   exit status {cause['status_code']}"
    for name in ("stdout", "stderr"):
        lines = cause.get(name, "").splitlines()[-_LINES:]
        if lines:
            yield f"   {name}:"
            yield from (_cut(f"     {line}") for line in lines)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]} ..."
