"""Bring a plan up to date with its templates, or with those of a source.

What operators chose stays: parameters, passwords, environments, and the files
that they uploaded themselves. What came from a source is marked by its content
type; so what is gone from the source can be removed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tripleo_common import constants
from tripleo_common.plans import (
    capabilities_map,
    initial_state,
    mirror,
    plan_environment,
)
from tripleo_common.plans.files import Files
from tripleo_common.plans.state import State
from tripleo_common.plans.store import Plan

#: Stands behind the content types of files that came from a source.
MARK = ";source=templates"
_ENVIRONMENT = constants.PLAN_ENVIRONMENT_FILE


def upload(plan: Plan, files: Mapping[str, bytes]) -> None:
    """Store files of a source; a plan that has a state keeps its own.

    :raises NotAPlan: the container is not one of a plan.
    """
    left_out = {_ENVIRONMENT} if plan.has_state() else set()
    plan.upload(_without(files, left_out), MARK)


def update(
    plan: Plan, files: Mapping[str, bytes] | None, told: dict[str, Any]
) -> None:
    """Have a plan follow its templates or a source; all or nothing is stored.

    :param files: of the source; None: the plan's own templates.
    :param told: what the plan's environment is to say after it.
    :raises InvalidFile: a file, or *told*, is not of the form it must be.
    :raises FileMissing: what the plan deploys is not there any more.
    :raises PlanBusy: somebody else changes the plan, and takes long.
    """
    told = mirror.read(mirror.dump(plan.name, told))
    with plan.exclusively(), plan.changing() as current:
        _lay_over(current, told)
        if files is None:
            _follow(current, plan.files(), {})
        else:
            _replace(plan, current, files)


def _lay_over(current: State, told: Mapping[str, Any]) -> None:
    for key, value in told.items():
        if key in plan_environment.FIXED:
            continue
        if key == "passwords":
            value = {**current.passwords, **value}
        plan_environment.put(current, key, value)


def replace(
    plan: Plan, files: Mapping[str, bytes], kept: Collection[str] = ()
) -> None:
    """Have a plan follow a source: store, take over, remove what is gone.

    Everything is rendered and collected before anything is stored.

    :param kept: files that stay as they are, if the plan has them.
    :raises InvalidFile: a file cannot be used; the plan stays as it was.
    :raises FileMissing: a file that is needed is in neither; likewise.
    """
    with plan.exclusively(), plan.changing() as current:
        _replace(plan, current, files, kept)


def _replace(
    plan: Plan,
    current: State,
    files: Mapping[str, bytes],
    kept: Collection[str] = (),
) -> None:
    told = mirror.read(files.get(_ENVIRONMENT, b""))
    there = plan.files()
    left_out = {_ENVIRONMENT, *(set(kept) & set(there.stored))}
    new = _without(files, left_out)
    gone = [
        path
        for path, stored in there.stored.items()
        if stored.content_type.endswith(MARK)
        and path not in new
        and path not in left_out
    ]
    for path in gone:
        there.forget(path)
    for path, content in new.items():
        there.put(path, content)
    _follow(current, there, told)
    plan.try_out(there, current)
    plan.upload(new, MARK, gone)


def _without(
    files: Mapping[str, bytes], left_out: Collection[str]
) -> dict[str, bytes]:
    return {k: v for k, v in files.items() if k not in left_out}


def _follow(current: State, files: Files, told: Mapping[str, Any]) -> None:
    """Change a state to what the templates say.

    :param told: what a plan environment of the source says.
    """
    before = current.capabilities or {}
    now = capabilities_map.read(files) or {}
    root = now.get("root_environment")
    _follow_environments(
        current,
        told.get("environments") or ([{"path": root}] if root else []),
        {before.get("root_environment")} - {root, None},
    )
    template = told.get("template") or now.get("root_template")
    if template:
        current.template = template
    elif before.get("root_template"):
        # The map does not tell any more: that is for the templates' default.
        current.template = constants.DEFAULT_ROOT_TEMPLATE
    current.capabilities = now or None
    for key, value in told.items():
        _add(current, key, value)
    paths = [each["path"] for each in current.environments if "path" in each]
    initial_state.require(
        files, [current.template, *paths], f"plan {files.plan}"
    )


def _follow_environments(
    current: State, first: list[dict[str, Any]], dropped: set[Any]
) -> None:
    """Put the templates' own environments before the others.

    :param first: those; what is in force already keeps its place.
    :param dropped: the files of those that they were before.
    """
    own = [
        each
        for each in current.environments
        if each.get("path") not in dropped
    ]
    if not first and not own:
        first = [{"path": constants.DEFAULT_ROOT_ENVIRONMENT}]
    current.environments = [*(e for e in first if e not in own), *own]


def _add(current: State, key: str, value: Any) -> None:
    """Take over what the plan does not say itself."""
    if key in (*plan_environment.FIXED, "template", "environments"):
        return
    there = plan_environment.get(current, key)
    if isinstance(value, dict) and isinstance(there, dict):
        plan_environment.put(current, key, {**value, **there})
    elif there is None:
        plan_environment.put(current, key, value)


def upload_plan_environment(plan: Plan, told: dict[str, Any]) -> None:
    """Have a plan's environment say what a caller says.

    What it does not speak of stays, and so do passwords that it lacks. Of a
    plan that has no state yet, it becomes the file.

    :raises InvalidFile: it is not of the form that it must be.
    """
    content = mirror.dump(plan.name, told)
    told = mirror.read(content)
    with plan.exclusively():
        if not plan.has_state():
            plan.upload({_ENVIRONMENT: content})
            return
        with plan.changing() as current:
            _lay_over(current, told)


def migrate(plan: Plan) -> None:
    """Give a plan the file that mirrors its state, if it has none.

    Of a plan that has no state yet, it says what the templates say.
    """
    with plan.exclusively():
        if _ENVIRONMENT in plan.files():
            return
        if plan.has_state():
            plan.begin_mirror()
            return
        first = initial_state.read(plan.files())
        plan.upload({_ENVIRONMENT: mirror.document(plan.name, first)})
