"""What the templates say that a new plan's state is."""

from __future__ import annotations

from collections.abc import Iterable

from tripleo_common import constants, errors
from tripleo_common.plans import capabilities_map, mirror
from tripleo_common.plans.files import Files
from tripleo_common.plans.state import State


def read(files: Files) -> State:
    """The state of a plan of these files.

    Templates of Newton and Ocata say it in the capabilities map, those of
    Pike and later in a plan environment; others say nothing.

    :raises InvalidFile: a file does not parse.
    :raises FileMissing: the root template or environment is not there.
    """
    needed_by = "the plan"
    first = State(
        template=constants.DEFAULT_ROOT_TEMPLATE,
        environments=[{"path": constants.DEFAULT_ROOT_ENVIRONMENT}],
    )
    first.capabilities = capabilities_map.read(files)
    if first.capabilities is not None:
        first.template = first.capabilities.get(
            "root_template", first.template
        )
        root_environment = first.capabilities.get("root_environment")
        if root_environment:
            first.environments = [{"path": root_environment}]
    path = constants.PLAN_ENVIRONMENT_FILE
    if path in files:
        told = mirror.read(files.read(path, needed_by))
        first.template = told.get("template") or first.template
        first.environments = told.get("environments") or first.environments
        first.parameter_defaults = told.get("parameter_defaults") or {}
        first.passwords = told.get("passwords") or {}
        first.mirror = {"rest": mirror.rest(told)}
    environments = [
        entry["path"] for entry in first.environments if "path" in entry
    ]
    require(files, [first.template, *environments], "every plan")
    return first


def require(files: Files, paths: Iterable[str], needed_by: str) -> None:
    """Make sure that files are there, or are rendered.

    :raises FileMissing: one is not.
    """
    for path in paths:
        source = path.removesuffix(".yaml") + ".j2.yaml"
        if path not in files and source not in files:
            raise errors.FileMissing(files.plan, path, needed_by)
