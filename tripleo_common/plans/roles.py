"""The roles of a plan: ``roles_data.yaml``."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants, errors
from tripleo_common.plans import yaml_text
from tripleo_common.plans.files import Files

Role = dict[str, Any]


def load(files: Files, path: str = constants.ROLES_FILE) -> list[Role]:
    """The roles in their order; the first is the primary one.

    :returns: mappings with at least a ``name``, as the format is described
        at the top of tripleo-heat-templates' roles_data.yaml.
    :raises InvalidFile: the file is no list of roles with names of their own.
    """
    return parse(files.read(path, "the plan"), path)


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
