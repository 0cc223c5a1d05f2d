"""Check what Mistral does not: that what workbooks name does exist.

Mistral accepts workbooks whose workflows cannot run, or end without telling
anybody. The rules that need more than a few lines are in
:mod:`tripleo_common.workbooks.calls` and
:mod:`tripleo_common.workbooks.tails`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from tripleo_common import constants
from tripleo_common.workbooks import calls, tails
from tripleo_common.workbooks.files import Workbook

_ENGINE_COMMANDS = {"noop", "fail", "succeed", "pause"}
_EXPRESSION = re.compile(r"<%.*?%>", re.DOTALL)
_FORMAT = re.compile(r"\bformat\(")


def lint(workbooks: Iterable[Workbook]) -> list[str]:
    """The findings, each with the file's name; an empty list is good."""
    workbooks = list(workbooks)
    workflows = {
        name: workflow
        for workbook in workbooks
        for name, workflow in workbook.workflows.items()
    }
    return [
        f"{workbook.path.name}: {finding}"
        for workbook in workbooks
        for finding in _workbook_findings(workbook, workflows)
    ]


def _workbook_findings(
    workbook: Workbook, workflows: dict[str, dict[str, Any]]
) -> Iterator[str]:
    yield from _text_findings(workbook.text)
    for name, workflow in workbook.workflows.items():
        public = not name.rpartition(".")[2].startswith("_")
        for finding in _workflow_findings(workflow, public):
            yield f"{name}: {finding}"
        for task_name, task in workflow.get("tasks", {}).items():
            for finding in calls.findings(task, workflows):
                yield f"{name}, task {task_name}: {finding}"


def _text_findings(text: str) -> Iterator[str]:
    if any(
        isinstance(token, yaml.AnchorToken | yaml.AliasToken)
        for token in yaml.scan(text)
    ):
        yield "Mistral's YAML has no anchors (&name) and aliases (*name)"
    for expression in _EXPRESSION.findall(text):
        if _FORMAT.search(expression):
            yield f"{expression}: YAQL has no format(); use + and str()"


def _workflow_findings(
    workflow: dict[str, Any], public: bool
) -> Iterator[str]:
    if constants.WORKFLOW_TAG not in workflow.get("tags", []):
        yield f"it has no tag {constants.WORKFLOW_TAG}"
    tasks = workflow.get("tasks", {})
    for task in [workflow.get("task-defaults", {}), *tasks.values()]:
        for target in sorted(tails.all_targets(task)):
            if target not in tasks and target not in _ENGINE_COMMANDS:
                yield f"there is no task {target}"
    if public:
        if not workflow.get("description"):
            yield "it has no description"
        queue = {"queue_name": constants.DEFAULT_QUEUE_NAME}
        if queue not in workflow.get("input", []):
            yield f"it has no input {queue}"
        yield from tails.findings(workflow)
