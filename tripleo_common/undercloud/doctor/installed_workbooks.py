"""Are the workbooks in Mistral those of the installed package?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from tripleo_common.undercloud.doctor.finding import (
    Finding,
    error,
    ok,
    warning,
)
from tripleo_common.undercloud.doctor.subject import Subject
from tripleo_common.workbooks import Workbook, load_all

_FIX = "tripleo-workbooks install"


def check(subject: Subject) -> Iterator[Finding]:
    """Compare each workbook, and look for its workflows."""
    answer = subject.get("workflowv2", "/workbooks?fields=name,definition")
    there = {
        each["name"]: str(each["definition"]) for each in answer["workbooks"]
    }
    answer = subject.get("workflowv2", "/workflows?fields=name")
    workflows = {each["name"] for each in answer["workflows"]}
    for workbook in load_all():
        yield _of_workbook(workbook, there.get(workbook.name), workflows)


def _of_workbook(
    workbook: Workbook, there: str | None, workflows: set[str]
) -> Finding:
    check = f"workbook.{workbook.name}"
    missing = sorted(workbook.workflows.keys() - workflows)
    if there is None and len(missing) == len(workbook.workflows):
        return error(check, f"{workbook.name} is not installed.", _FIX)
    if missing:
        # A workbook that is there as it should be is left alone: it has to
        # go before it comes.
        again = f"openstack workbook delete {workbook.name} && {_FIX}"
        return error(
            check,
            f"{workbook.name} lacks the workflows {', '.join(missing)}.",
            _FIX if there != workbook.text else again,
        )
    if there is None:
        return warning(
            check,
            f"The workflows of {workbook.name} are there, but not the "
            "workbook: they may be of another release.",
            _FIX,
        )
    if there != workbook.text:
        return warning(
            check,
            f"{workbook.name} is not the one of the installed package"
            f"{_how(workbook, there)}: it is older, newer, or was changed.",
            _FIX,
        )
    return ok(
        check,
        f"{workbook.name} is installed, with {len(workbook.workflows)} "
        "workflows.",
    )


def _how(workbook: Workbook, there: str) -> str:
    """Name the workflows that differ."""
    ours = workbook.content.get("workflows", {})
    theirs = _workflows(there)
    different = sorted(
        name
        for name in ours.keys() | theirs.keys()
        if ours.get(name) != theirs.get(name)
    )
    return f" ({', '.join(different)})" if different else ""


def _workflows(text: str) -> dict[str, Any]:
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    found = content.get("workflows") if isinstance(content, dict) else None
    return found if isinstance(found, dict) else {}
