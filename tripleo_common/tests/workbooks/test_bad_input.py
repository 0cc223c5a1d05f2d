"""Each workflow that there is, with inputs that it cannot use.

The workflows and their inputs are listed from the workbooks, so new ones are
covered by being there. Whatever it is given, a workflow ends, and says why.
"""

from __future__ import annotations

from typing import Any

import pytest

from tripleo_common import workbooks
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine

# The actions' unit tests go through all kinds.
WRONG: list[Any] = [None, "text", {"a": {"b": None}}]


def inputs(workflow: dict[str, Any]) -> dict[str, Any]:
    """A workflow's inputs and their defaults."""
    found: dict[str, Any] = {}
    for entry in workflow["input"]:
        found |= entry if isinstance(entry, dict) else {entry: "mine"}
    return found


WORKFLOWS = {
    name: inputs(workflow)
    for workbook in workbooks.load_all()
    for name, workflow in workbook.workflows.items()
    # Those are called with an execution, by other workflows.
    if not name.startswith("tripleo.messaging.")
}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [(name, each) for name, known in WORKFLOWS.items() for each in known],
)
def test_a_workflow_ends_and_says_why(
    engine: Engine, cloud: FakeCloud, name: str, wrong: str
) -> None:
    cloud.add_plan("mine", TEMPLATES)
    # Passwords take a second to make.
    known = {**WORKFLOWS[name], "generate_passwords": False}
    known = {each: known[each] for each in WORKFLOWS[name]}
    for value in WRONG:
        given = {**known, wrong: value}
        if isinstance(value, str) and wrong == "container":
            given[wrong] = "1 text"
        execution = engine.run(name, **given)
        assert execution.state in ("SUCCESS", "ERROR"), value
        text = execution.output.get("message")
        assert isinstance(text, str), (value, execution)
        assert text, value
        for spoilt in ("Can not evaluate", "Traceback", "Error(", "{'"):
            assert spoilt not in text, (value, text)
