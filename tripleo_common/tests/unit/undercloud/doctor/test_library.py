"""Actions, workbooks and plans."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tripleo_common import workbooks
from tripleo_common.tests.unit.undercloud.doctor.conftest import Cloud
from tripleo_common.undercloud.doctor import (
    actions,
    installed_workbooks,
    plans,
)
from tripleo_common.undercloud.doctor.finding import Finding, Level
from tripleo_common.undercloud.doctor.subject import Subject
from tripleo_common.workbooks import calls

OURS = {n: i for n, i in calls.actions().items() if n.startswith("tripleo.")}


def run(
    check: Callable[[Subject], Iterator[Finding]], cloud: Cloud
) -> dict[str, Finding]:
    return {each.check: each for each in check(cloud.subject())}


def definitions() -> dict[str, str]:
    """What Mistral tells of all actions that are needed."""
    ours = {
        name: ", ".join(
            each if each in inputs.required else f'{each}="a, b"'
            for each in sorted(inputs.names)
        )
        for name, inputs in OURS.items()
    }
    return ours | dict.fromkeys(actions._called(), "")


def check_actions(cloud: Cloud, known: dict[str, str]) -> dict[str, Finding]:
    told = [{"name": name, "input": text} for name, text in known.items()]
    cloud.answer("GET", "workflowv2", "/actions", json={"actions": told})
    return run(actions.check, cloud)


def test_all_actions_are_there(cloud: Cloud) -> None:
    found = check_actions(cloud, definitions())
    assert [each.level for each in found.values()] == [Level.OK] * 3


def test_without_the_package_there_are_none(cloud: Cloud) -> None:
    known = {n: i for n, i in definitions().items() if n not in OURS}
    found = check_actions(cloud, known)["mistral.actions"]
    assert found.level is Level.ERROR
    assert "none of the" in found.found
    assert found.fix.startswith("Install this release")


def test_an_action_that_is_not_allowed_is_told(cloud: Cloud) -> None:
    known = definitions()
    del known["tripleo.plan.list"]
    found = check_actions(cloud, known)["mistral.actions"]
    assert found.level is Level.ERROR
    assert found.found == "Mistral does not know tripleo.plan.list."
    assert "allowlist" in found.fix


@pytest.mark.parametrize(
    ("told", "difference"),
    [
        ("container", "no parameters"),
        ('parameters, container="x", z', "also z"),
        ("parameters, container", "container may not be left out"),
        ('parameters=null, container="x"', "parameters may be left out"),
    ],
)
def test_other_inputs_are_told(
    told: str,
    difference: str,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "tripleo.parameters.update"
    ours = calls.Inputs(
        frozenset(("container", "parameters")), frozenset(("parameters",))
    )
    known = definitions() | {name: told}
    monkeypatch.setattr(calls, "actions", lambda: {name: ours})
    found = check_actions(cloud, known)["mistral.action_inputs"]
    assert found.level is Level.WARNING
    assert f"tripleo.parameters.update ({difference}" in found.found


def test_an_action_of_others_is_missed(cloud: Cloud) -> None:
    missing = min(actions._called())
    known = definitions()
    del known[missing]
    found = check_actions(cloud, known)["mistral.other_actions"]
    assert found.level is Level.ERROR
    assert missing in found.found


@pytest.mark.parametrize(
    ("told", "inputs"),
    [
        ("", []),
        ("a", ["a"]),
        ('a, b="x, y"', ["a", 'b="x, y"']),
        ('a={"k": [1, 2]}, b', ['a={"k": [1, 2]}', "b"]),
        (r'a="\", b", c', [r'a="\", b"', "c"]),
    ],
)
def test_inputs_are_told_apart(told: str, inputs: list[str]) -> None:
    assert list(actions.split(told)) == inputs


BOOKS = workbooks.load_all()
BOOK = BOOKS[0]


def check_workbooks(
    cloud: Cloud,
    texts: dict[str, str] | None = None,
    without: tuple[str, ...] = (),
) -> dict[str, Finding]:
    """Check with other workbooks, and without some workflows."""
    there = (
        {book.name: book.text for book in BOOKS} if texts is None else texts
    )
    told = [{"name": n, "definition": t} for n, t in there.items()]
    names = [n for book in BOOKS for n in book.workflows if n not in without]
    cloud.answer("GET", "workflowv2", "/workbooks", json={"workbooks": told})
    cloud.answer(
        "GET",
        "workflowv2",
        "/workflows",
        json={"workflows": [{"name": name} for name in names]},
    )
    return run(installed_workbooks.check, cloud)


def others() -> dict[str, str]:
    return {book.name: book.text for book in BOOKS if book != BOOK}


def test_all_workbooks_are_there(cloud: Cloud) -> None:
    found = check_workbooks(cloud)
    assert set(found) == {f"workbook.{book.name}" for book in BOOKS}
    assert {each.level for each in found.values()} == {Level.OK}


def test_a_workbook_that_is_not_installed_is_told(cloud: Cloud) -> None:
    without = tuple(BOOK.workflows)
    found = check_workbooks(cloud, others(), without)
    finding = found[f"workbook.{BOOK.name}"]
    assert finding.level is Level.ERROR
    assert finding.fix == "tripleo-workbooks install"


def test_workflows_without_their_workbook_are_told(cloud: Cloud) -> None:
    finding = check_workbooks(cloud, others())[f"workbook.{BOOK.name}"]
    assert finding.level is Level.WARNING


def test_a_workflow_that_was_deleted_is_told(cloud: Cloud) -> None:
    name = next(iter(BOOK.workflows))
    found = check_workbooks(cloud, without=(name,))
    finding = found[f"workbook.{BOOK.name}"]
    if len(BOOK.workflows) > 1:
        assert name in finding.found
    assert finding.level is Level.ERROR
    # Installing alone would leave alone what seems to be there.
    assert f"openstack workbook delete {BOOK.name} && " in finding.fix


def test_another_workbook_is_told_by_its_workflows(cloud: Cloud) -> None:
    text = BOOK.text + "\n  more:\n    tasks: {x: {action: std.noop}}\n"
    found = check_workbooks(cloud, others() | {BOOK.name: text})
    finding = found[f"workbook.{BOOK.name}"]
    assert finding.level is Level.WARNING
    assert "(more)" in finding.found


@pytest.mark.parametrize("text", ["}", "5", "name: x\nworkflows: 5"])
def test_a_broken_workbook_is_another(text: str, cloud: Cloud) -> None:
    found = check_workbooks(cloud, others() | {BOOK.name: text})
    assert found[f"workbook.{BOOK.name}"].level is Level.WARNING


def check_plans(
    cloud: Cloud,
    containers: dict[str, bool],
    environments: dict[str, dict[str, Any]],
) -> dict[str, Finding]:
    """Check with containers, marked or not, and environments."""
    listing = [{"name": name} for name in containers]
    cloud.answer("GET", "object-store", "?format=json", json=listing)
    for name, marked in containers.items():
        headers = {"X-Container-Meta-Usage-Tripleo": "plan"} if marked else {}
        cloud.answer("HEAD", "object-store", f"/{name}", headers=headers)
    cloud.answer(
        "GET",
        "workflowv2",
        "/environments",
        json={"environments": [{"name": name} for name in environments]},
    )
    for name, variables in environments.items():
        cloud.answer(
            "GET",
            "workflowv2",
            f"/environments/{name}",
            json={"name": name, "variables": json.dumps(variables)},
        )
    return run(plans.check, cloud)


PLAN = {"template": "overcloud.yaml", "passwords": {"AdminPassword": "s3cret"}}


def test_whole_plans_and_what_is_no_plan(cloud: Cloud) -> None:
    found = check_plans(
        cloud,
        {"overcloud": True, "images": False},
        {"overcloud": PLAN, "mine": {"x": 1}, "lease.overcloud.7": {}},
    )
    assert set(found) == {"plans"}
    assert found["plans"].found == "1 plans are whole."


def test_a_plan_without_its_environment_is_told(cloud: Cloud) -> None:
    found = check_plans(cloud, {"half": True}, {})["plan.half"]
    assert found.level is Level.WARNING
    assert "there is no Mistral environment" in found.found
    assert 'tripleo.plan.delete \'{"container": "half"}\'' in found.fix


@pytest.mark.parametrize(
    ("containers", "how"),
    [({}, "does not exist"), ({"half": False}, "is not marked as a plan")],
)
def test_a_plan_without_its_container_is_told(
    containers: dict[str, bool], how: str, cloud: Cloud
) -> None:
    found = check_plans(cloud, containers, {"half": PLAN})["plan.half"]
    assert found.level is Level.WARNING
    assert how in found.found
    assert "openstack workflow env delete half" in found.fix
    assert "s3cret" not in str(found)


def test_many_containers_come_in_pages(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "_PAGE", 2)
    pages = [[{"name": "a"}, {"name": "b"}], [{"name": "c"}]]
    for marker, page in zip(("", "b"), pages, strict=True):
        path = f"?format=json&limit=2&marker={marker}"
        cloud.answer("GET", "object-store", path, json=page)
    assert list(plans._list(cloud.subject())) == ["a", "b", "c"]
