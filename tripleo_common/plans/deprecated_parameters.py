"""Which parameters operators had better not set any more."""

from __future__ import annotations

from typing import Any

from tripleo_common import clients, constants
from tripleo_common.plans import parameters, roles
from tripleo_common.plans.store import Plan

_LABEL = "deprecated"
_ROLE_SPECIFIC = "role_specific"


def find(cloud: clients.Cloud, plan: Plan) -> dict[str, Any]:
    """Look for them in what Heat tells of the templates.

    :returns: ``deprecated``, a list of ``{parameter, deprecated,
        user_defined}``; ``unused``, names that operators set and no template
        takes; ``invalid_role_specific``, names that are set in a role's
        ``<role>Parameters`` and are not meant for that. All sorted.
    """
    told = parameters.get_flatten(cloud, plan)
    tree, given = told["heat_resource_tree"], told["environment_parameters"]
    deprecated = {
        name
        for resource in tree["resources"].values()
        for group in resource.get("parameter_groups") or []
        if group.get("label") == _LABEL
        for name in group.get("parameters") or []
    }
    known = tree["parameters"]
    of_roles = {f"{name}Parameters" for name in _roles(plan)}
    role_specific = {
        name
        for each in of_roles & set(given)
        if isinstance(given[each], dict)
        for name in given[each]
    }
    return {
        "deprecated": [
            {
                "parameter": name,
                "deprecated": True,
                "user_defined": name in given,
            }
            for name in sorted(deprecated)
        ],
        "unused": sorted(set(given) - set(known) - of_roles),
        "invalid_role_specific": sorted(
            name
            for name in role_specific
            if _ROLE_SPECIFIC not in (known.get(name, {}).get("tags") or [])
        ),
    }


def _roles(plan: Plan) -> list[str]:
    files = plan.files()
    if constants.ROLES_FILE not in files:
        return []
    return [role["name"] for role in roles.load(files)]
