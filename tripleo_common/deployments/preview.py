"""What a deployment of a plan would change, before anything is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.deployments import failures, progress, refusal
from tripleo_common.plans.heat_inputs import HeatInputs
from tripleo_common.plans.store import Plan

KINDS = ("created", "updated", "replaced", "deleted")
#: Heat's words for these, when it previews an update.
_OF_HEAT = {
    "added": "created",
    "updated": "updated",
    "replaced": "replaced",
    "deleted": "deleted",
}
#: Resources told by name; all are counted.
MOST = 200
_BUSY = "_IN_PROGRESS"


def preview(cloud: clients.Cloud, plan: Plan) -> dict[str, Any]:
    """Tell what a deployment would do; nothing is stored or changed.

    Heat cannot know what resources decide while they are updated, so it may
    do a little less or more than it says.

    :returns: ``stack_status`` (None: the stack would be created), ``counts``
        (of each of :data:`KINDS`, nested stacks' resources too), ``roles``
        (the same for each resource of the root template that holds some),
        ``resources`` (for each kind a list of ``{path, type}``, at most
        :data:`MOST` in all), ``left_out`` (how many more there are),
        ``whole`` (whether Heat looked into nested stacks) and ``message``.
    :raises StackBusy: the stack is being changed.
    :raises PlanRefused: Heat finds fault with the plan.
    """
    inputs = plan.collect()
    stack = plan.stack()
    if stack is not None and stack.stack_status.endswith(_BUSY):
        raise errors.StackBusy(plan.name, progress.told(cloud, stack))
    try:
        found, whole = _asked(cloud, plan, stack, inputs)
    except errors.ServiceError as error:
        raise refusal.told(plan.name, error) from error
    paths = _Paths(cloud, plan.name, stack)
    return _told(paths, plan.name, stack, found, whole)


def _asked(
    cloud: clients.Cloud, plan: Plan, stack: Any | None, inputs: HeatInputs
) -> tuple[dict[str, list[Any]], bool]:
    """The resources of each kind that Heat tells, and whether all of them."""
    arguments: dict[str, Any] = {
        "template": inputs.template,
        "environment": inputs.environment,
        "files": inputs.files,
    }
    stacks = cloud.orchestration.stacks
    if stack is None:
        answer = stacks.preview(stack_name=plan.name, **arguments)
        return {"created": list(_flat(answer.resources))}, True
    arguments["existing"] = True
    whole = True
    try:
        answer = stacks.preview_update(stack.id, show_nested=True, **arguments)
    except errors.ServiceError as error:
        # Heat 27 stumbles over nested stacks that are yet to be made, and
        # over values of theirs that are known later only, as those of whole
        # clouds have; and it calls the request malformed.
        if error.status != 400 or "malformed" not in error.answer:
            raise
        answer = stacks.preview_update(stack.id, **arguments)
        whole = False
    changes = answer["resource_changes"]
    return {
        ours: list(changes.get(heats) or [])
        for heats, ours in _OF_HEAT.items()
    }, whole


def _flat(node: Any) -> Iterator[dict[str, Any]]:
    """Resources; Heat tells those of nested stacks as lists in lists."""
    for each in node:
        if isinstance(each, list):
            yield from _flat(each)
        else:
            yield each


class _Paths:
    """Finds the paths of resources that Heat's previews tell."""

    def __init__(self, cloud: clients.Cloud, plan: str, stack: Any | None):
        self._plan = plan
        self._owners: dict[str, Any] = {}
        if stack is not None:
            listed = cloud.orchestration.resources.list(
                stack.id, nested_depth=failures.DEPTH
            )
            self._owners = {each.physical_resource_id: each for each in listed}

    def of(self, resource: Mapping[str, Any]) -> str:
        """The names that lead to a resource, with dots."""
        name = str(resource["resource_name"])
        identity = resource.get("stack_identity") or {}
        owner = self._owners.get(str(identity.get("stack_id")))
        if owner is not None:
            return f"{failures.path_of(owner, self._owners)}.{name}"
        # A stack that is yet to be made is called after what leads to it.
        inside = str(resource.get("stack_name", "")).removeprefix(self._plan)
        steps = [step for step in inside.split("-") if step]
        return ".".join([*steps, name])


def _told(
    paths: _Paths,
    plan: str,
    stack: Any | None,
    found: Mapping[str, list[Any]],
    whole: bool,
) -> dict[str, Any]:
    listed = {
        kind: sorted(
            (
                {"path": paths.of(each), "type": str(each["resource_type"])}
                for each in found.get(kind, [])
            ),
            key=lambda each: each["path"],
        )
        for kind in KINDS
    }
    counts = {kind: len(listed[kind]) for kind in KINDS}
    roles: dict[str, Counter[str]] = {}
    for kind, resources in listed.items():
        for each in resources:
            root, dot, _ = each["path"].partition(".")
            if dot:
                roles.setdefault(root, Counter())[kind] += 1
    room = MOST
    shown = {}
    # What is lost matters most, where not all can be told.
    for kind in ("replaced", "deleted", "updated", "created"):
        shown[kind] = listed[kind][:room]
        room -= len(shown[kind])
    total = sum(counts.values())
    return {
        "stack_status": None if stack is None else stack.stack_status,
        "counts": counts,
        "roles": {
            role: {kind: count[kind] for kind in KINDS}
            for role, count in sorted(roles.items())
        },
        "resources": {kind: shown[kind] for kind in KINDS},
        "left_out": max(0, total - MOST),
        "whole": whole,
        "message": _message(plan, stack, counts, whole),
    }


def _message(
    plan: str, stack: Any | None, counts: Mapping[str, int], whole: bool
) -> str:
    what = "creates the stack" if stack is None else "updates the stack"
    told = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
    text = f"A deployment of plan {plan} {what}: {told} resources."
    if not whole:
        text += (
            " Heat could not look into the nested stacks, so only the root "
            "template's own resources are told."
        )
    return text
