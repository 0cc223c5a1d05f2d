from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tripleo_common import constants
from tripleo_common.workbooks import installer
from tripleo_common.workbooks.files import Workbook

OURS = [constants.WORKFLOW_TAG]


def workbook(name, *workflows):
    lines = "".join(f"  {each}: {{}}\n" for each in workflows)
    return Workbook(Path(f"{name}.yaml"), f"name: {name}\nworkflows:\n{lines}")


class Registry:
    """Mistral's workbooks and workflows."""

    def __init__(self):
        self.workbooks = SimpleNamespace(
            list=lambda: [
                SimpleNamespace(name=name, definition=text)
                for name, text in self.books.items()
            ],
            create=self._register,
            update=self._register,
            delete=lambda name: self.books.pop(name),
        )
        self.workflows = SimpleNamespace(
            list=lambda: [
                SimpleNamespace(id=name, name=name, tags=tags)
                for name, tags in self.flows.items()
            ],
            delete=lambda name: self.flows.pop(name),
        )
        self.books = {}
        self.flows = {}

    def _register(self, text, scope):
        book = Workbook(Path("x.yaml"), text)
        self.books[book.name] = text
        self.flows |= dict.fromkeys(book.workflows, OURS)
        self.scope = scope


@pytest.fixture
def mistral():
    return Registry()


def install(mistral, *workbooks):
    lines: list[str] = []
    installer.install(mistral, lines.append, workbooks)
    return lines


def test_new_workbooks_are_created(mistral):
    assert install(mistral, workbook("tripleo.a.v1", "x")) == [
        "tripleo.a.v1: created"
    ]
    assert set(mistral.flows) == {"tripleo.a.v1.x"}
    assert mistral.scope == "private"


def test_what_is_there_as_it_is_stays(mistral):
    install(mistral, workbook("tripleo.a.v1", "x"))
    assert install(mistral, workbook("tripleo.a.v1", "x")) == []


def test_what_changed_is_updated_and_what_went_is_removed(mistral):
    install(mistral, workbook("tripleo.a.v1", "x", "old"))
    assert install(mistral, workbook("tripleo.a.v1", "x", "new")) == [
        "tripleo.a.v1: updated",
        "tripleo.a.v1.old: removed",
    ]
    assert set(mistral.flows) == {"tripleo.a.v1.x", "tripleo.a.v1.new"}


def test_a_workbook_that_went_is_removed(mistral):
    install(
        mistral, workbook("tripleo.a.v1", "x"), workbook("tripleo.b.v1", "y")
    )
    install(mistral, workbook("tripleo.a.v1", "x"))
    assert set(mistral.books) == {"tripleo.a.v1"}
    assert set(mistral.flows) == {"tripleo.a.v1.x"}


@pytest.mark.parametrize(
    ("name", "tags"),
    [("tripleo.mine.v1.x", []), ("tripleo.mine.v1.x", None), ("mine.x", OURS)],
)
def test_workflows_of_others_stay(mistral, name, tags):
    mistral.flows[name] = tags
    install(mistral, workbook("tripleo.a.v1", "x"))
    assert name in mistral.flows
