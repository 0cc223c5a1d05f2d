"""Find what went wrong with an upload of templates."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from tripleo_common import constants, errors

#: What stands at the top of a plan's container: one of these, at least.
_TOP = (
    constants.DEFAULT_ROOT_TEMPLATE,
    constants.DEFAULT_ROOT_TEMPLATE.removesuffix(".yaml") + ".j2.yaml",
    constants.CAPABILITIES_FILE,
    constants.PLAN_ENVIRONMENT_FILE,
)


def check(plan: str, paths: Iterable[str]) -> None:
    """Make sure that templates were not uploaded below a directory.

    ``swift upload my_cloud path/to/templates`` names the objects after the
    whole path.

    :param paths: of all files in the plan's container.
    :raises InvalidInput: the one root template lies below a directory; tells
        which, and the command that would have been right.
    """
    roots = {}
    for path in paths:
        directory, name = posixpath.split(path)
        if name in _TOP:
            roots[directory] = name
    if len(roots) != 1 or "" in roots:
        return
    ((directory, name),) = roots.items()
    raise errors.InvalidInput(
        f"The templates of plan {plan} were uploaded below {directory}/: "
        f"{directory}/{name} must be {name}. Remove them with: swift delete "
        f"--prefix {directory}/ {plan}. Then upload them from their own "
        f"directory: cd {directory} && swift upload {plan} . (a path that "
        "began with / has lost it)."
    )
