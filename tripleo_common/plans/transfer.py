"""Take a whole plan out of a cloud, and into one: an archive in Swift."""

from __future__ import annotations

import copy
import dataclasses
import gzip
from typing import Any

from tripleo_common import clients, constants, errors, masking
from tripleo_common.constants import RENDERED_TYPE
from tripleo_common.plans import archive, mirror, tempurl, unpacking
from tripleo_common.plans.container import Container
from tripleo_common.plans.files import Files
from tripleo_common.plans.state import State
from tripleo_common.plans.store import Plan

CONTAINER = "plan-exports"
_MIRROR = constants.PLAN_ENVIRONMENT_FILE


def export(
    cloud: clients.Cloud,
    plan: Plan,
    container: str = CONTAINER,
    delete_after: int = 3600,
    include_passwords: bool = False,
) -> str:
    """Store a plan as an archive.

    :param container: where to; it is made if it is not there.
    :param delete_after: seconds until Swift deletes the archive.
    :param include_passwords: or the state's secrets are left out. What
        stands in environment files is in the archive either way.
    :returns: the archive's name.
    :raises InvalidInput: the container is one of a plan, or the time is none.
    """
    if delete_after < 1:
        raise errors.InvalidInput(
            "delete_after must be a whole number of seconds above 0, not "
            f"{delete_after}. Correct it and try again."
        )
    tempurl.check_container(container)
    target = Container(cloud, container)
    if target.is_plan():
        raise errors.InvalidInput(
            f"{container} is a plan, so no exports are kept in it. Give "
            "another exports_container."
        )
    packed = _packed(plan, include_passwords)
    name = archive_name(plan.name)
    cloud.object_store.put_container(container, headers={})
    cloud.object_store.put_object(
        container,
        name,
        contents=packed,
        content_type="application/gzip",
        headers={"X-Delete-After": str(delete_after)},
    )
    return name


def archive_name(plan: str) -> str:
    """What a plan's archive is called."""
    return f"{plan}.tar.gz"


def _packed(plan: Plan, include_passwords: bool) -> bytes:
    """The archive; nobody changes the plan while it is read."""
    with plan.exclusively():
        current = plan.state()
        files = Files(plan.container, plan.container.files())
        files.fetch(files.stored)
        contents = {p: files.read(p, "the export") for p in files.stored}
        types = {p: there.content_type for p, there in files.stored.items()}
    if not include_passwords:
        current = _without_secrets(current)
    contents[_MIRROR] = mirror.document(plan.name, current)
    types[_MIRROR] = "application/yaml"
    # As of no particular time: the same plan makes the same archive.
    return gzip.compress(archive.pack(contents, types), mtime=0)


def _without_secrets(current: State) -> State:
    def public(parameters: dict[str, Any]) -> dict[str, Any]:
        return {
            name: value
            for name, value in parameters.items()
            if not masking.is_secret(name)
        }

    environments = copy.deepcopy(current.environments)
    for entry in environments:
        data = entry.get("data")
        for section in ("parameter_defaults", "parameters"):
            if isinstance(data, dict) and isinstance(data.get(section), dict):
                data[section] = public(data[section])
    return dataclasses.replace(
        current,
        environments=environments,
        parameter_defaults=public(current.parameter_defaults),
        passwords={},
    )


def import_files(
    cloud: clients.Cloud,
    plan: Plan,
    archive_path: str | None = None,
    container: str = CONTAINER,
) -> None:
    """Upload a new plan's files from an archive.

    What rendering wrote is left out: it is rendered anew.

    :param archive_path: the archive's name; None: as exporting a plan of
        this name calls it.
    :param container: where the archive is.
    :raises PlanExists: the plan has a state.
    :raises InvalidArchive: the archive is not read.
    :raises NotFound: there is no such archive.
    """
    tempurl.check_container(container)
    path = archive_path or archive_name(plan.name)
    files = _read(cloud, container, path)
    with plan.exclusively():
        if plan.has_state():
            raise errors.PlanExists(plan.name, "Mistral environment")
        plan.upload(files)


def _read(cloud: clients.Cloud, container: str, path: str) -> dict[str, bytes]:
    where = f"{container}/{path}"
    swift = cloud.object_store
    try:
        size = int(swift.head_object(container, path)["content-length"])
        if size > unpacking.MAX_PACKED:
            raise errors.InvalidArchive(where, f"it has {size} bytes")
        _, packed = swift.get_object(container, path)
    except errors.ResourceNotFound:
        raise errors.NotFound(
            f"There is no archive {where} to import (any more). Export the "
            "plan again with "
            "tripleo.plan_management.v1.export_deployment_plan, or upload "
            f"the archive (openstack object create {container} {path})."
        ) from None
    try:
        members = unpacking.unpack(packed)
        if _MIRROR in members:
            mirror.read(members[_MIRROR][0])
    except (unpacking.Unusable, errors.InvalidFile) as error:
        cause = str(error).rstrip(".")
        raise errors.InvalidArchive(where, cause) from error
    return {
        path: content
        for path, (content, kind) in members.items()
        if kind != RENDERED_TYPE
    }
