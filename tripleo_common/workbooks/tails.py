"""How workflows end: with one message, whatever went wrong before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from tripleo_common.workbooks.files import Workbook

_NOTIFY = "tripleo.messaging.notify"
#: What sends the one message of a workflow; all but the first as a step
#: that may fail, for its message is all that the workflow is for.
_SENDERS = (
    _NOTIFY,
    "tripleo.deployment.post_clouds_yaml",
    "tripleo.deployment.post_overcloudrc",
    "tripleo.parameters.post_fencing",
    "tripleo.parameters.post_passwords",
)
_REASON = {"message": "<% task().result %>"}
_NEXT = ("on-success", "on-error", "on-complete")

Workflow = dict[str, Any]
Task = dict[str, Any]


def targets(clause: Any) -> set[str]:
    """The tasks that an on-error, on-success or on-complete names."""
    entries = [clause] if isinstance(clause, str) else clause or []
    return {
        (entry if isinstance(entry, str) else next(iter(entry)))
        .partition("(")[0]
        .strip()
        for entry in entries
    }


def all_targets(task: Task) -> set[str]:
    """The tasks that a task goes on with."""
    return set().union(*(targets(task.get(key)) for key in _NEXT))


def findings(workflow: Workflow) -> Iterator[str]:
    """What is wrong with a public workflow's ends.

    One whose messages are about other executions ends as it likes.
    """
    tasks = workflow.get("tasks", {})
    if any("execution_id" in _input(task) for task in _messages(tasks)):
        return
    told = [_input(task) for task in _messages(tasks)]
    for status in ("SUCCESS", "FAILED"):
        count = sum(_status(each) == status for each in told)
        if count != 1:
            yield f"{count} tasks send a message of {status}, not one"
    if any("type" in each for each in told):
        yield "a message's type is the workflow's name: give none"
    yield from _failing_tails(workflow)
    yield from _reasons(workflow)


def _failing_tails(workflow: Workflow) -> Iterator[str]:
    """Or the message's loss would delete what the workflow never made."""
    tasks = workflow.get("tasks", {})
    for name in sorted(_ends(workflow)):
        if name in tasks and tasks[name].get("on-error") != "noop":
            yield f"task {name} cleans up or tells, so it needs on-error: noop"


def _reasons(workflow: Workflow) -> Iterator[str]:
    """``tasks()`` lists by random ids, and forgets what is not kept."""
    ends = _ends(workflow)
    defaults = workflow.get("task-defaults", {})
    for name, task in workflow.get("tasks", {}).items():
        if name in ends or task.get("action") == "std.noop":
            continue
        after = targets(task.get("on-error", defaults.get("on-error")))
        if not after:
            yield f"task {name} fails without a message"
        elif after & ends and task.get("publish-on-error") != _REASON:
            yield f"task {name} does not publish the reason of its failure"


def _ends(workflow: Workflow) -> set[str]:
    """The tasks that clean up or tell."""
    defaults = targets(workflow.get("task-defaults", {}).get("on-error"))
    told = {
        name
        for name, task in workflow.get("tasks", {}).items()
        if task.get("action") == _NOTIFY and _status(_input(task)) != "RUNNING"
    }
    return (defaults | told) - {"noop", "fail"}


def _messages(tasks: dict[str, Task]) -> list[Task]:
    return [task for task in tasks.values() if task.get("action") in _SENDERS]


def _input(task: Task) -> dict[str, Any]:
    given = task.get("input", {})
    return given if isinstance(given, dict) else {}


def _status(given: dict[str, Any]) -> str:
    return str(given.get("status", "SUCCESS"))


def share(workbooks: list[Workbook]) -> float:
    """The part of all lines that only send messages, from 0 to 1.

    Counted are the lines that are not empty, comments among them.
    """
    reporting = sum(_reporting_lines(workbook) for workbook in workbooks)
    every = sum(_filled(workbook.text.splitlines()) for workbook in workbooks)
    return reporting / every if every else 0.0


def _reporting_lines(workbook: Workbook) -> int:
    lines = workbook.text.splitlines()
    count = 0
    for key, task in _task_nodes(workbook.text):
        action = _value(task, "action")
        if action is not None and action.value == _NOTIFY:
            first, end = key.start_mark.line, task.end_mark
            in_braces = isinstance(task, yaml.CollectionNode) and (
                task.flow_style
            )
            # A block ends where the next one begins.
            last = end.line + 1 if end.column and in_braces else end.line
            count += _filled(lines[first:last])
    return count


def _task_nodes(text: str) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Each task of a workbook: its name and what it is."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    workflows = _value(root, "workflows")
    for _, workflow in workflows.value if workflows else []:
        tasks = _value(workflow, "tasks")
        yield from tasks.value if tasks else []


def _value(node: Any, name: str) -> Any:
    for key, value in node.value:
        if key.value == name:
            return value
    return None


def _filled(lines: list[str]) -> int:
    return sum(bool(line.strip()) for line in lines)
