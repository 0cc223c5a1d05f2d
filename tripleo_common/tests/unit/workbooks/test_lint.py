from __future__ import annotations

from pathlib import Path

import pytest

from tripleo_common.workbooks import lint, load_all, tails
from tripleo_common.workbooks.files import Workbook

HEAD = """\
name: tripleo.test.v1
workflows:
  _called:
    tags: [tripleo-common-managed]
    input: [needed, {optional: 1}]
  flow:
"""
GOOD = {
    "description": "description: A workflow.",
    "tags": "tags: [tripleo-common-managed]",
    "input": "input: [{queue_name: tripleo}]",
    "defaults": "task-defaults: {on-error: bad}",
    "tasks": "tasks:",
    "a": "  a: {action: std.noop}",
    "good": "  good: {action: tripleo.messaging.notify, on-error: noop}",
    "bad": "  bad: {action: tripleo.messaging.notify, "
    "input: {status: FAILED}, on-error: noop}",
}
PUBLISH = "publish-on-error: {message: <% task().result %>}"


def workbook(**changes):
    lines = {**GOOD, **changes}.values()
    text = HEAD + "".join(f"    {line}\n" for line in lines)
    return Workbook(Path("test.yaml"), text)


def findings(**changes):
    return lint([workbook(**changes)])


def step(call):
    """A change: task a does something that can fail."""
    return {"a": f"  a: {{{call}, {PUBLISH}}}"}


def test_our_own_workbooks_are_clean():
    assert lint(load_all()) == []


def test_a_good_workflow_has_no_findings():
    assert findings() == []


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"description": ""}, "flow: it has no description"),
        (
            step(
                "action: tripleo.plan.create, input: {container: a}, "
                "safe-rerun: true"
            ),
            "safe-rerun: tripleo.plan.create says not that this is harmless",
        ),
        ({"tags": ""}, "flow: it has no tag tripleo-common-managed"),
        ({"input": ""}, "it has no input {'queue_name': 'tripleo'}"),
        (
            {"input": "input: [{queue_name: other}]"},
            "it has no input {'queue_name': 'tripleo'}",
        ),
        (
            {"a": "  a: {action: std.noop, on-success: b}"},
            "flow: there is no task b",
        ),
        (
            {"a": "  a: {action: std.noop, on-error: [b: <% $.c %>]}"},
            "flow: there is no task b",
        ),
        (
            {"defaults": "task-defaults: {on-error: [bad, b]}"},
            "flow: there is no task b",
        ),
        (
            step("action: tripleo.nothing"),
            "task a: there is no action tripleo.nothing",
        ),
        (
            step("action: std.nothing"),
            "task a: there is no action std.nothing",
        ),
        (
            step("action: tripleo.plan.create"),
            "task a: tripleo.plan.create needs the input container",
        ),
        (
            step("action: tripleo.plan.list, input: {b: 1}"),
            "task a: tripleo.plan.list has no input b",
        ),
        (
            step("action: heat.stacks_get, input: {stack_id: a, b: 1}"),
            "task a: heat.stacks_get has no input b",
        ),
        (
            step("action: mistral.environments_delete"),
            "task a: mistral.environments_delete needs the input name",
        ),
        (
            step("action: tripleo.plan.list b=1"),
            "task a: inline parameters are dropped in silence: use 'input'",
        ),
        (
            step("workflow: tripleo.test.v1.absent"),
            "task a: there is no workflow tripleo.test.v1.absent",
        ),
        (
            step("workflow: tripleo.test.v1._called"),
            "task a: tripleo.test.v1._called needs the input needed",
        ),
        (
            step(
                "workflow: tripleo.test.v1._called, "
                "input: {needed: 1, optional: 2, other: 3}"
            ),
            "task a: tripleo.test.v1._called has no input other",
        ),
        (
            {"a": "  a: &a {action: std.noop}\n      b: *a"},
            "Mistral's YAML has no anchors (&name) and aliases (*name)",
        ),
        (
            step("action: std.echo, input: {output: <% format('a') %>}"),
            "<% format('a') %>: YAQL has no format(); use + and str()",
        ),
        ({"good": ""}, "0 tasks send a message of SUCCESS, not one"),
        (
            {"b": "  b: {action: tripleo.messaging.notify, on-error: noop}"},
            "2 tasks send a message of SUCCESS, not one",
        ),
        (
            {
                "bad": "  bad: {action: tripleo.messaging.notify, "
                "input: {status: FAILED, type: x}, on-error: noop}"
            },
            "a message's type is the workflow's name: give none",
        ),
        (
            {"good": "  good: {action: tripleo.messaging.notify}"},
            "task good cleans up or tells, so it needs on-error: noop",
        ),
        (
            {"a": "  a: {action: tripleo.plan.list}"},
            "task a does not publish the reason of its failure",
        ),
        (
            {"defaults": "", **step("action: tripleo.plan.list")},
            "task a fails without a message",
        ),
    ],
)
def test_what_is_wrong_is_found(changes, finding):
    found = findings(**changes)
    assert len(found) == 1
    assert found[0].startswith("test.yaml: ")
    assert found[0].endswith(finding)


def test_conditions_and_engine_commands_are_understood():
    assert not findings(
        a="  a: {action: std.noop, on-success: [b: <% true %>, "
        "fail(msg=no): <% false %>], on-complete: [noop]}\n"
        "      b: {action: std.noop, on-error: noop}"
    )


def test_what_takes_any_name_is_given_any():
    update = "action: mistral.environments_update, input: {name: a, b: 1}"
    assert not findings(**step(update))


def test_what_is_harmless_may_run_again():
    assert not findings(**step("action: tripleo.plan.list, safe-rerun: true"))


def test_inputs_from_an_expression_are_known_only_when_it_runs():
    assert not findings(**step("action: std.echo, input: <% $.given %>"))


def test_a_workflow_for_others_messages_ends_as_it_likes():
    assert not findings(
        good="",
        bad="  bad: {action: tripleo.messaging.notify, "
        "input: {execution_id: x, type: y}}",
    )


def test_posting_passwords_is_a_message_and_a_step():
    post = "action: tripleo.parameters.post_passwords, input: {container: a"
    assert not findings(good="", **step(post + ", queue_name: b}"))
    (found,) = findings(good="", a=f"  a: {{{post}, queue_name: b}}}}")
    assert "does not publish the reason" in found


def test_a_private_workflow_tells_nobody():
    text = workbook().text.replace("  flow:", "  _flow:")
    for line in ("description", "input", "good"):
        text = text.replace(f"    {GOOD[line]}\n", "")
    assert not lint([Workbook(Path("test.yaml"), text)])


def test_the_share_of_lines_that_only_report():
    # Two of the 14 lines that are not empty.
    assert tails.share([workbook()]) == pytest.approx(2 / 14)


def test_a_task_of_many_lines_is_counted_whole():
    many = "  good:\n        action: tripleo.messaging.notify\n\n"
    many += "        # Why.\n        on-error: noop"
    assert tails.share([workbook(good=many)]) == pytest.approx(5 / 17)


def test_without_workbooks_nothing_reports():
    assert tails.share([]) == 0
