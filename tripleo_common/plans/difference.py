"""How a plan differs from templates that it could be updated with.

Nothing is changed, and files are compared by the digests that a listing
tells, so none is read but those that say what a plan deploys.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tripleo_common import clients, conf, constants, errors, masking
from tripleo_common.constants import RENDERED_TYPE
from tripleo_common.plans import default_templates, initial_state
from tripleo_common.plans.container import Container, md5
from tripleo_common.plans.files import Files
from tripleo_common.plans.state import State
from tripleo_common.plans.store import Plan

Difference = dict[str, Any]


def find(
    cloud: clients.Cloud, plan: Plan, source: str | None = None
) -> Difference:
    """Compare a plan with a container, or with the installed templates.

    :param source: the container's name, a plan's or not; None: the
        templates that are installed on the undercloud.
    :returns: ``files``, ``environments`` and ``parameters``; in each what the
        source has and the plan has not (``added``), what both have, but
        differently (``changed``), and what only the plan has (``missing``,
        which an upload leaves as it is). Files that are rendered do not
        count. ``template`` is null or ``{before, after}``. Secrets are
        masked.
    :raises PlanNotFound: there is no such plan.
    :raises NotFound: there is no such source.
    """
    ours = plan.state()
    here = _digests(plan.files())
    if source is None:
        there, theirs = _installed(plan)
    else:
        there, theirs = _contained(cloud, source)
    return {
        "files": _between(here, there, values=False),
        "template": None
        if ours.template == theirs.template
        else {"before": ours.template, "after": theirs.template},
        "environments": _between(
            _by_name(ours), _by_name(theirs), values=False
        ),
        "parameters": _between(
            ours.parameter_defaults, theirs.parameter_defaults, values=True
        ),
    }


def _digests(files: Files) -> dict[str, str]:
    return {
        path: told.md5
        for path, told in files.stored.items()
        if told.content_type != RENDERED_TYPE
        and path != constants.PLAN_ENVIRONMENT_FILE
    }


def _installed(plan: Plan) -> tuple[dict[str, str], State]:
    contents = default_templates.read(conf.options().templates_dir)
    files = Files(plan.container, {})
    for path, content in contents.items():
        files.put(path, content.decode(errors="replace"))
    state = initial_state.read(files)
    contents.pop(constants.PLAN_ENVIRONMENT_FILE, None)
    return {path: md5(each) for path, each in contents.items()}, state


def _contained(
    cloud: clients.Cloud, source: str
) -> tuple[dict[str, str], State]:
    other = Plan(cloud, source)
    if other.container.usage() is None:
        raise errors.NotFound(
            f"There is no container {source} to compare the plan with. Name "
            "one that is there, or none for the installed templates."
        )
    container = Container(cloud, source)
    files = Files(container, container.files())
    state = other.state() if other.has_state() else initial_state.read(files)
    return _digests(files), state


def _by_name(state: State) -> dict[str, Any]:
    """Environments by their paths; those without one by what they hold."""
    return {
        entry.get("path") or f"data {md5(repr(entry).encode())[:8]}": entry
        for entry in state.environments
    }


def _between(
    here: Mapping[str, Any], there: Mapping[str, Any], values: bool
) -> Difference:
    added = sorted(there.keys() - here.keys())
    missing = sorted(here.keys() - there.keys())
    changed = sorted(
        name
        for name in here.keys() & there.keys()
        if here[name] != there[name]
    )
    if not values:
        return {"added": added, "changed": changed, "missing": missing}
    before, after = masking.masked(dict(here)), masking.masked(dict(there))
    return {
        "added": {name: after[name] for name in added},
        "changed": {
            name: {"before": before[name], "after": after[name]}
            for name in changed
        },
        "missing": {name: before[name] for name in missing},
    }
