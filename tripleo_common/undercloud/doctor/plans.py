"""Is each plan whole: its container and its environment?"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from tripleo_common import constants
from tripleo_common.plans import names
from tripleo_common.undercloud.doctor.finding import Finding, ok, warning
from tripleo_common.undercloud.doctor.subject import Subject

_PAGE = 1000
_CREATE = (
    "openstack workflow execution create "
    "tripleo.plan_management.v1.create_deployment_plan {input}"
)
_DELETE = "openstack action execution run tripleo.plan.delete {input}"


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the containers with the environments."""
    containers = {name: _is_marked(subject, name) for name in _list(subject)}
    marked = {name for name, is_marked in containers.items() if is_marked}
    answer = subject.get("workflowv2", "/environments?fields=name")
    environments = {
        each["name"]
        for each in answer["environments"]
        if names.is_valid(each["name"])
    }
    whole = marked & environments
    yield ok("plans", f"{len(whole)} plans are whole.")
    for name in sorted(marked - environments):
        yield _without_state(name)
    for name in sorted(environments - marked):
        if _is_state(subject, name):
            yield _without_files(name, name in containers)


def _list(subject: Subject) -> Iterator[str]:
    """The account's containers, page by page."""
    marker = ""
    while True:
        path = f"?format=json&limit={_PAGE}&marker={quote(marker)}"
        page: list[dict[str, Any]] = subject.get("object-store", path)
        yield from (each["name"] for each in page)
        if len(page) < _PAGE:
            return
        marker = page[-1]["name"]


def _is_marked(subject: Subject, name: str) -> bool:
    response = subject.ask("HEAD", "object-store", f"/{quote(name, safe='')}")
    usage = response.headers.get(constants.USAGE_HEADER)
    return bool(usage == constants.USAGE_PLAN)


def _is_state(subject: Subject, name: str) -> bool:
    """Whether an environment is a plan's; its values are not looked at."""
    answer = subject.get("workflowv2", f"/environments/{quote(name, safe='')}")
    return "template" in json.loads(answer["variables"])


def _without_state(name: str) -> Finding:
    return warning(
        f"plan.{name}",
        f"The container {name} is marked as a plan, but there is no Mistral "
        "environment of that name.",
        f"Complete it: {_command(_CREATE, name)}; or remove it: "
        f"{_command(_DELETE, name)}",
    )


def _without_files(name: str, is_there: bool) -> Finding:
    how = "is not marked as a plan" if is_there else "does not exist"
    mark = f"swift post -m Usage-Tripleo:plan {shlex.quote(name)}"
    then = "" if is_there else ", then upload the files"
    return warning(
        f"plan.{name}",
        f"The Mistral environment {name} is a plan's, but the container of "
        f"that name {how}.",
        f"Complete it: {mark}{then}; or remove it: openstack workflow env "
        f"delete {shlex.quote(name)}",
    )


def _command(command: str, name: str) -> str:
    return command.format(input=shlex.quote(json.dumps({"container": name})))
