"""Delete a plan: its halves, its companions, and the traces of its changes.

Everything is done so that it can be done again: who was killed in the middle
leaves half a plan at worst, and deleting that goes on where he stopped. So
the companions go first. What is no plan's is never deleted.
"""

from __future__ import annotations

from collections.abc import Iterable

from tripleo_common import clients, constants, errors
from tripleo_common.constants import RENDERED_TYPE
from tripleo_common.plans import creation, history_objects, state
from tripleo_common.plans.container import Container
from tripleo_common.plans.store import Plan

#: What a companion's name ends in; it begins with the plan's.
_RINGS = "-swift-rings"
_HISTORY = history_objects.SUFFIX
_SUFFIXES = (_RINGS, "-messages", "-config", _HISTORY)
#: What earlier releases keep in a rings container, which they marked as a
#: plan.
_RINGS_FILE = "swift-rings.tar.gz"


def delete(cloud: clients.Cloud, plan: Plan, keep_state: bool = False) -> None:
    """Remove a plan, or the half of one that is there.

    :param keep_state: remove the container only.
    :raises StackInUse: the plan's stack still stands.
    :raises NotAPlan: what bears the name is somebody else's.
    :raises PlanNotFound: there is neither half.
    """
    with plan.exclusively() as lease:
        stack = plan.stack()
        if stack is not None:
            raise errors.StackInUse(plan.name, stack.stack_status)
        has_container = _is_container_of(plan)
        has_state = not keep_state and _is_state_of(cloud, plan.name)
        if not has_container and not has_state:
            raise errors.PlanNotFound(plan.name)
        if not keep_state:
            for companion in _companions(cloud, plan.name):
                companion.delete(lease.check)
        if has_container:
            plan.container.delete(lease.check)
        if keep_state and plan.forget_mirror():
            return
        if has_state:
            lease.check()
            state.delete(cloud, plan.name)
        lease.dissolve()


def delete_state(cloud: clients.Cloud, plan: Plan) -> None:
    """Undo the creation of a plan: only the files that it was made of stay.

    What rendering wrote goes, and so does the history. A stack that stands is
    no obstacle: plan-environment.yaml keeps its passwords, and a plan that is
    made of these files has them again.

    :raises NotAPlan: what bears the name is somebody else's.
    :raises PlanNotFound: there is no such state.
    """
    with plan.exclusively() as lease:
        if not _is_state_of(cloud, plan.name):
            raise errors.PlanNotFound(plan.name)
        if _is_container_of(plan):
            lease.check()
            plan.container.remove(
                path
                for path, stored in plan.container.files().items()
                if stored.content_type == RENDERED_TYPE
            )
        for companion in _companions(cloud, plan.name, [_HISTORY]):
            companion.delete(lease.check)
        lease.check()
        state.delete(cloud, plan.name)
        creation.end(plan.container)


def _is_container_of(plan: Plan) -> bool:
    usage = plan.container.usage()
    if usage is not None and not Container.marks_plan(usage):
        raise errors.NotAPlan(plan.name)
    return usage is not None


def _is_state_of(cloud: clients.Cloud, plan: str) -> bool:
    kept = state.load(cloud, plan)
    if kept is not None and not (kept.template or kept.environments):
        # As ssh_keys, which are for all plans.
        raise errors.NotAPlan(plan, "Mistral environment")
    return kept is not None


def _companions(
    cloud: clients.Cloud, plan: str, suffixes: Iterable[str] = _SUFFIXES
) -> list[Container]:
    """The containers that are there for this plan only."""
    _, listing = cloud.object_store.get_account(
        prefix=f"{plan}-", full_listing=True
    )
    found = {entry["name"] for entry in listing}
    companions = [
        (suffix, Container(cloud, plan + suffix))
        for suffix in suffixes
        if plan + suffix in found
    ]
    return [each for suffix, each in companions if _is_companion(each, suffix)]


def _is_companion(container: Container, suffix: str) -> bool:
    usage = container.usage()
    if suffix == _HISTORY:
        return usage == constants.USAGE_HISTORY
    if not Container.marks_plan(usage):
        return True
    return suffix == _RINGS and all(
        path.startswith(_RINGS_FILE) for path in container.files()
    )
