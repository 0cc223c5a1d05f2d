"""Change the roles of a plan: ``roles_data.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tripleo_common import constants, errors
from tripleo_common.plans import entries, network_changes, networks, roles
from tripleo_common.plans.roles import Role
from tripleo_common.plans.store import Plan

_PRIMARY = "primary"


def validate(given: Sequence[Role], available: Sequence[Role]) -> None:
    """Make sure that roles can be a plan's.

    :param available: those that the templates offer. Others must say by
        ServicesDefault what runs on them.
    :raises InvalidInput: tells each role and each key that is wrong.
    """
    entries.check(given, "role")
    offered = {role.get("name") for role in available}
    empty = [
        role["name"]
        for role in given
        if role["name"] not in offered and "ServicesDefault" not in role
    ]
    if empty:
        raise errors.InvalidInput(
            f"The templates do not know the roles {', '.join(empty)}, and "
            "these do not say what runs on them. Give each ServicesDefault, "
            "or choose from tripleo.plan_management.v1.list_available_roles."
        )


def merge(
    given: Sequence[Role], current: Sequence[Role], replace_all: bool
) -> list[Role]:
    """The roles of a plan after a change.

    :param replace_all: whether roles that are not given go.
    :raises InvalidInput: none of them would be the primary one.
    """
    merged = entries.merged(current, given, replace_all)
    if not any(_PRIMARY in (role.get("tags") or ()) for role in merged):
        raise errors.InvalidInput(
            "None of the roles would be the primary one, which the templates "
            "need. Give one of them the tag primary (tags: [primary])."
        )
    return merged


def gather(
    names: Iterable[str], current: Sequence[Role], available: Sequence[Role]
) -> list[Role]:
    """The roles of some names; the plan's own win over those offered.

    :raises InvalidInput: there is no role of a name.
    """
    offered = [*available, *current]
    known = {role["name"]: role for role in offered if "name" in role}
    wanted = list(dict.fromkeys(names))
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise errors.InvalidInput(
            f"There are no roles {', '.join(unknown)}: neither among the "
            "plan's own, nor among those that its templates offer in roles/ "
            f"({', '.join(map(str, known)) or 'none'})."
        )
    return [known[name] for name in wanted]


def update(
    plan: Plan,
    given: Sequence[Role],
    path: str = constants.ROLES_FILE,
    replace_all: bool = False,
) -> list[Role]:
    """Change roles of a plan, and process its templates.

    All is checked, and rendered, before anything is written.

    :param path: the file of the roles, in the plan.
    :returns: the plan's roles after it.
    :raises InvalidInput: the roles cannot be used, or are on networks that
        the plan does not have.
    :raises InvalidFile: a template cannot be rendered with them.
    """
    with plan.exclusively():
        files = plan.files()
        validate(given, roles.available(files))
        current = roles.load(files, path) if path in files else []
        changed = merge(given, current, replace_all)
        network_changes.check_known(changed, networks.listed(files))
        replaced = {path: entries.dump(changed)} if changed != current else {}
        plan.process(replaced=replaced)
    return changed


def select(
    plan: Plan,
    names: Iterable[str],
    path: str = constants.ROLES_FILE,
    replace_all: bool = True,
) -> list[Role]:
    """Make roles of some names those of a plan; see :func:`update`.

    :param replace_all: whether the plan's other roles go.
    """
    with plan.exclusively():
        files = plan.files()
        current = roles.load(files, path) if path in files else []
        chosen = gather(names, current, roles.available(files))
        return update(plan, chosen, path, replace_all)
