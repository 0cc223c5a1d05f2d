"""Does Mistral know our actions, as the installed package has them?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tripleo_common.undercloud.doctor.finding import (
    Finding,
    error,
    ok,
    warning,
)
from tripleo_common.undercloud.doctor.subject import Subject
from tripleo_common.workbooks import calls, load_all

_OURS = "tripleo."
_ALLOW = (
    "Let it be loaded: name it in [legacy_action_provider] allowlist of "
    "mistral.conf, or take it off denylist; then start Mistral's engine, "
    "executor and API again."
)
_INSTALL = (
    "Install this release of tripleo-common where Mistral's engine, executor "
    "and API run, and start them again."
)


def check(subject: Subject) -> Iterator[Finding]:
    """Compare Mistral's definitions with the package's."""
    answer = subject.get("workflowv2", "/actions?fields=name,input")
    known = {
        each["name"]: str(each.get("input") or "")
        for each in answer["actions"]
    }
    ours = {
        name: inputs
        for name, inputs in calls.actions().items()
        if name.startswith(_OURS)
    }
    yield _of_ours(ours.keys(), known.keys())
    yield _of_inputs(ours, known)
    yield _of_others(known.keys())


def _of_ours(ours: Iterable[str], known: Iterable[str]) -> Finding:
    check = "mistral.actions"
    wanted = set(ours)
    missing = sorted(wanted - set(known))
    if not missing:
        return ok(check, f"Mistral knows all {len(wanted)} actions.")
    if len(missing) == len(wanted):
        return error(
            check,
            f"Mistral knows none of the {len(wanted)} actions of "
            "tripleo-common.",
            _INSTALL,
        )
    return error(
        check,
        f"Mistral does not know {', '.join(missing)}.",
        f"{_INSTALL} If it is there already: {_ALLOW}",
    )


def _of_inputs(
    ours: dict[str, calls.Inputs], known: dict[str, str]
) -> Finding:
    check = "mistral.action_inputs"
    different = [
        f"{name} ({difference})"
        for name, inputs in sorted(ours.items())
        if name in known and (difference := _difference(inputs, known[name]))
    ]
    if different:
        return warning(
            check,
            "Mistral has another release of these actions: "
            f"{'; '.join(different)}.",
            _INSTALL,
        )
    return ok(check, "The actions take what the installed package says.")


def _difference(inputs: calls.Inputs, told: str) -> str:
    """Say how what Mistral tells differs from what the package has."""
    texts = list(split(told))
    names = {text.partition("=")[0] for text in texts}
    required = {text for text in texts if "=" not in text}
    said = [
        *(f"no {name}" for name in sorted(inputs.names - names)),
        *(f"also {name}" for name in sorted(names - inputs.names)),
        *(
            f"{name} may not be left out"
            for name in sorted((required & inputs.names) - inputs.required)
        ),
        *(
            f"{name} may be left out"
            for name in sorted((inputs.required & names) - required)
        ),
    ]
    return ", ".join(said)


def split(told: str) -> Iterator[str]:
    """Split ``a, b="x, y", c={"k": 1}`` into its inputs."""
    depth, quoted, escaped, begun = 0, False, False, 0
    for position, letter in enumerate(told):
        if escaped:
            escaped = False
        elif quoted:
            escaped = letter == "\\"
            quoted = letter != '"'
        elif letter == '"':
            quoted = True
        elif letter in "[{":
            depth += 1
        elif letter in "]}":
            depth -= 1
        elif letter == "," and not depth:
            yield told[begun:position].strip()
            begun = position + 1
    if last := told[begun:].strip():
        yield last


def _of_others(known: Iterable[str]) -> Finding:
    check = "mistral.other_actions"
    missing = sorted(_called() - set(known))
    if missing:
        return error(
            check,
            "Mistral does not have actions that the workflows call: "
            f"{', '.join(missing)}.",
            f"Install mistral-extra beside Mistral. If it is there: {_ALLOW}",
        )
    return ok(check, "The actions of others that workflows call are there.")


def _called() -> set[str]:
    """The actions of others that our workflows call."""
    return {
        action
        for workbook in load_all()
        for workflow in workbook.workflows.values()
        for task in workflow.get("tasks", {}).values()
        if (action := str(task.get("action", "")))
        and "<%" not in action
        and "{{" not in action
        and not action.startswith(_OURS)
    }
