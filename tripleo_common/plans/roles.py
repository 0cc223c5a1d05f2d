"""The roles of a plan: ``roles_data.yaml``, and those it may choose from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tripleo_common import constants, errors
from tripleo_common.plans import yaml_text
from tripleo_common.plans.files import Files

Role = dict[str, Any]

#: Where templates keep roles to choose from, a file each.
_AVAILABLE = re.compile(r"roles/[^/]+(?<!\.j2)\.yaml")


#: Tags that roles have by their names' beginnings, in the templates' own tool.
_TAGS_BY_NAME = (
    ("compute", ("Compute", "HciCeph", "DistributedCompute")),
    ("ceph", ("Ceph",)),
    ("ovsdpdk", ("ComputeOvsDpdk",)),
    ("storage", ("ObjectStorage", "BlockStorage", "Ceph")),
)


def load(files: Files, path: str = constants.ROLES_FILE) -> list[Role]:
    """The roles in their order; the first is the primary one.

    :returns: mappings with at least a ``name``, as the format is described
        at the top of tripleo-heat-templates' roles_data.yaml.
    :raises InvalidFile: the file is no list of roles with names of their own.
    """
    return parse(files.read(path, "the plan"), path)


def available(files: Files) -> list[Role]:
    """The roles that the templates offer in ``roles/``, by their files.

    :raises InvalidFile: such a file is no list of roles.
    """
    paths = sorted(path for path in files.stored if _AVAILABLE.fullmatch(path))
    files.fetch(paths)
    return [role for path in paths for role in load(files, path)]


def networks_of(roles: Iterable[Role]) -> dict[str, list[str]]:
    """The names of the networks that roles are on, by the role's name.

    Roles have a list of names or, since Train, a mapping by name.
    """
    return {role["name"]: list(role.get("networks") or ()) for role in roles}


def tagged(role: Role) -> Role:
    """A role as templates get it: with the tags that its name tells.

    Roles of before these tags were do not say them; tripleo-heat-templates'
    ``tools/process-templates.py`` adds them, too.
    """
    own = role.get("tags")
    tags = list(own) if isinstance(own, list) else []
    for tag, beginnings in _TAGS_BY_NAME:
        if role["name"].startswith(beginnings) and tag not in tags:
            tags.append(tag)
    return {**role, "tags": tags}


def parse(text: str | bytes, path: str) -> list[Role]:
    """The roles that *text* lists; *path* is for the errors."""
    roles = yaml_text.load_list(text, path)
    names: set[str] = set()
    for number, role in enumerate(roles, 1):
        name = role.get("name") if isinstance(role, dict) else None
        if not isinstance(name, str) or not name:
            raise errors.InvalidFile(path, f"role {number} has no name")
        if name in names:
            raise errors.InvalidFile(path, f"there are two roles {name}")
        names.add(name)
    return roles
