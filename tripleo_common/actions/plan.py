"""Actions on whole plans."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.actions.plan_environment import (
    ListSamplePlansAction,
    SelectSamplePlanAction,
    UpdatePlanEnvironmentAction,
)
from tripleo_common.actions.plan_roles import (
    GatherRolesAction,
    ListRolesAction,
    RemoveNoopDeployStepAction,
    UpdateNetworksAction,
    UpdateRolesAction,
    ValidateRolesDataAction,
)
from tripleo_common.actions.updating import (
    MigratePlanAction,
    UpdatePlanAction,
    UpdatePlanFromDirAction,
)
from tripleo_common.clients import Cloud
from tripleo_common.plans import (
    check,
    deletion,
    difference,
    listing,
    store,
    transfer,
)

__all__ = [
    "CreateContainerAction",
    "CreatePlanAction",
    "DeletePlanAction",
    "ExportPlanAction",
    "GatherRolesAction",
    "ImportPlanFilesAction",
    "ListPlansAction",
    "ListRolesAction",
    "ListSamplePlansAction",
    "MigratePlanAction",
    "RemoveNoopDeployStepAction",
    "SelectSamplePlanAction",
    "UpdateNetworksAction",
    "UpdatePlanAction",
    "UpdatePlanEnvironmentAction",
    "UpdatePlanFromDirAction",
    "UpdateRolesAction",
    "ValidateRolesDataAction",
]


class CreateContainerAction(base.TripleOAction):
    """Create the Swift container of a new plan.

    A container made without this action is no plan: this one is marked.

    :param container: the plan's name: a letter, then letters, digits, '_',
        '.' or '-', at most 200 characters.
    :param only_if_new: whether a plan that has a state but no container is
        refused; otherwise this is how to complete it.
    :returns: nothing.
    :repeated: it is refused (PlanExists): the container is there.
    :raises InvalidPlanName: no plan may be called that.
    :raises PlanExists: there is a container of that name.
    """

    def __init__(self, container: str, only_if_new: bool = False) -> None:
        self.container = container
        self.only_if_new = only_if_new

    def execute(self, cloud: Cloud) -> None:
        store.Plan(cloud, self.container).create_container(self.only_if_new)


class CreatePlanAction(base.TripleOAction):
    """Create a plan's state from the templates in its container.

    Reads the capabilities map or the plan environment, where the templates
    ship one; otherwise the plan deploys overcloud.yaml.

    :param container: name of the plan; its container holds the templates.
    :returns: nothing.
    :repeated: it is refused (PlanExists) if it was done; nothing changes.
    :raises PlanExists: the plan has been created already.
    :raises FileMissing: the root template is not in the container.
    :raises InvalidFile: a file does not parse; tells file and line.
    """

    def __init__(self, container: str) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> None:
        store.Plan(cloud, self.container).create()


class ListPlansAction(base.TripleOAction):
    """List the plans.

    :param incomplete: whether the halves of plans are listed instead of the
        whole ones.
    :returns: a list of names, sorted: the containers marked as plans that
        have a Mistral environment of the same name. Of the halves, a list of
        mappings: name, and missing (container or environment).
    :repeated: harmless; it only reads.
    """

    def __init__(self, incomplete: bool = False) -> None:
        self.incomplete = incomplete

    def execute(self, cloud: Cloud) -> list[Any]:
        if self.incomplete:
            return listing.halves(cloud)
        return listing.whole(cloud)


class DeletePlanAction(base.TripleOAction):
    """Delete a plan: its container with all files, and its state.

    The containers that are there for the plan only (its name with
    -swift-rings, -messages or -config) and its leases go, too.

    :param container: name of the plan. A half of one is deleted, too.
    :param keep_state: whether only the plan's own container goes.
    :param keep_container: whether only the state goes, with the files that
        were rendered: so a creation that fails is undone. A stack that
        stands is no obstacle then.
    :returns: nothing.
    :repeated: it deletes what is left; PlanNotFound, if nothing is.
    :raises StackInUse: the plan's stack still stands; nothing is deleted.
    :raises NotAPlan: the container or the environment is not one of a plan;
        it stays.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self,
        container: str,
        keep_state: bool = False,
        keep_container: bool = False,
    ) -> None:
        self.container = container
        self.keep_state = keep_state
        self.keep_container = keep_container

    def execute(self, cloud: Cloud) -> None:
        plan = store.Plan(cloud, self.container)
        if self.keep_container:
            deletion.delete_state(cloud, plan)
        else:
            deletion.delete(cloud, plan, self.keep_state)


class ExportPlanAction(base.TripleOAction):
    """Store a plan as an archive in Swift, named <plan>.tar.gz.

    It holds the plan's files, and plan-environment.yaml with the plan's
    state. tripleo.swift.tempurl makes a link to it.

    :param plan: name of the plan.
    :param delete_after: seconds until Swift deletes the archive.
    :param exports_container: where the archive is stored; it is made if it
        is not there.
    :param include_passwords: whether the generated passwords, and other
        secrets among the plan's parameters, are in it. What environment
        files hold is in it either way.
    :returns: nothing.
    :repeated: the archive is stored again.
    :raises PlanNotFound: there is no such plan.
    :raises PlanBusy: somebody changes the plan, and takes long.
    :raises InvalidInput: exports_container is a plan.
    """

    def __init__(
        self,
        plan: str,
        delete_after: int,
        exports_container: str,
        include_passwords: bool = False,
    ) -> None:
        self.plan = plan
        self.delete_after = delete_after
        self.exports_container = exports_container
        self.include_passwords = include_passwords

    def execute(self, cloud: Cloud) -> None:
        transfer.export(
            cloud,
            store.Plan(cloud, self.plan),
            self.exports_container,
            self.delete_after,
            self.include_passwords,
        )


class ImportPlanFilesAction(base.TripleOAction):
    """Upload a new plan's files from an archive that was exported.

    Refused as a whole is an archive with links, devices, paths that lead out
    of the plan, more than 10,000 files, or more than 128 MiB of them.

    :param container: name of the new plan; tripleo.plan.create_container
        made its container.
    :param archive: name of the archive; null: <container>.tar.gz.
    :param archives_container: where the archive is.
    :returns: nothing.
    :repeated: what was uploaded already stays.
    :raises NotFound: there is no such archive.
    :raises InvalidArchive: the archive cannot be used.
    :raises PlanExists: the plan has been created already.
    """

    def __init__(
        self,
        container: str,
        archive: str | None = None,
        archives_container: str = transfer.CONTAINER,
    ) -> None:
        self.container = container
        self.archive = archive
        self.archives_container = archives_container

    def execute(self, cloud: Cloud) -> None:
        transfer.import_files(
            cloud,
            store.Plan(cloud, self.container),
            self.archive,
            self.archives_container,
        )


class CheckPlanAction(base.TripleOAction):
    """Find all that stands in the way of a plan's deployment, at once.

    Looks at the plan's halves, at parameters and passwords that are missing
    or wrong, at roles without machines, nodes in Ironic, images in Glance, and
    the stack. Nothing is changed. With the templates of a whole cloud it takes
    Heat a minute.

    :param container: name of the plan.
    :returns: a mapping: ready (whether nothing failed), checked (the names of
        the checks), and findings, a list of mappings: check, status (failed,
        warning, or unknown where a service does not answer), message, fix.
    :repeated: harmless; it only reads.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return check.check(cloud, store.Plan(cloud, self.container))


class DiffPlanAction(base.TripleOAction):
    """Tell how a plan differs from templates that it could be updated with.

    Nothing is changed. Rendered files do not count.

    :param container: name of the plan.
    :param source_container: the container to compare it with, a plan's or
        not; null: the templates that are installed on the undercloud.
    :returns: a mapping: files, environments and parameters, in each added
        (what only the source has), changed, and missing (what only the plan
        has; an upload leaves that as it is); and template, null or before and
        after. Secrets are masked.
    :repeated: harmless; it only reads.
    :raises PlanNotFound: there is no such plan.
    :raises NotFound: there is nothing to compare it with.
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        source_container: str | None = None,
    ) -> None:
        self.container = container
        self.source_container = source_container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        plan = store.Plan(cloud, self.container)
        return difference.find(cloud, plan, self.source_container)
