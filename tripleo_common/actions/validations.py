"""Actions on validations: which there are, and the key they log in with."""

from __future__ import annotations

from typing import Any

from mistral_lib.actions import types

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.actions.validation_checks import (
    CheckBootImagesAction,
    CheckFlavorsAction,
    CheckNodeBootConfigurationAction,
    CheckNodesCountAction,
    VerifyProfilesAction,
)
from tripleo_common.actions.validation_results import (
    GetResultsAction,
    ListResultsAction,
)
from tripleo_common.actions.validation_runs import (
    RunValidationAction,
    StopValidationsAction,
)
from tripleo_common.clients import Cloud
from tripleo_common.validations import catalog, playbooks, ssh_keys

__all__ = [
    "CheckBootImagesAction",
    "CheckFlavorsAction",
    "CheckNodeBootConfigurationAction",
    "CheckNodesCountAction",
    "Enabled",
    "GetPrivkeyAction",
    "GetPubkeyAction",
    "GetResultsAction",
    "ListGroupsAction",
    "ListResultsAction",
    "ListValidationsAction",
    "RunValidationAction",
    "StopValidationsAction",
    "UploadValidationsAction",
    "VerifyProfilesAction",
]


class ListValidationsAction(base.TripleOAction):
    """List the validations that a plan can use.

    Those that are installed where the executor runs, those in the container
    tripleo-validations, and those in the folder custom-validations of the
    plan's container; of the same name the last one counts. The plan need not
    exist.

    :param plan: name of the plan.
    :param groups: list those of one of these groups; none: all.
    :returns: a list, sorted by id, of mappings: id, name, description, groups,
        metadata (what else the playbook says of itself), parameters (variables
        of its first play) and error (why it cannot be run, or null).
    :repeated: harmless; it only reads.
    :raises InvalidPlanName: no plan may be called that.
    """

    def __init__(
        self,
        plan: str = constants.DEFAULT_CONTAINER_NAME,
        groups: list[str] | None = None,
    ) -> None:
        self.plan = plan
        self.groups = groups

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        return catalog.validations(cloud, self.plan, self.groups)


class ListGroupsAction(base.TripleOAction):
    """List the groups that the validations of a plan are in.

    :param plan: name of the plan, which need not exist.
    :returns: a sorted list of names.
    :repeated: harmless; it only reads.
    :raises InvalidPlanName: no plan may be called that.
    """

    def __init__(self, plan: str = constants.DEFAULT_CONTAINER_NAME) -> None:
        self.plan = plan

    def execute(self, cloud: Cloud) -> list[str]:
        return catalog.group_names(cloud, self.plan)


class UploadValidationsAction(base.TripleOAction):
    """Store installed validations in a container.

    :param container: name of the container; made if it is not there.
    :param dir_to_upload: one of [tripleo_common] validations_dirs; empty: the
        first of these that exists.
    :returns: how many files the directory has.
    :repeated: harmless; what is there already is not stored again.
    :raises InvalidInput: it is another directory, or no container may be
        called that.
    :raises NotFound: there is nothing in it.
    """

    def __init__(
        self,
        container: str = playbooks.CONTAINER,
        dir_to_upload: str = "",
    ) -> None:
        self.container = container
        self.dir_to_upload = dir_to_upload

    def execute(self, cloud: Cloud) -> int:
        return catalog.upload(cloud, self.container, self.dir_to_upload)


class Enabled(base.TripleOAction):
    """Tell whether there is a key that validations log in with.

    :returns: a mapping of texts, stdout and stderr; without a key the action
        fails with it.
    :repeated: harmless; it only reads.
    """

    def __init__(self) -> None:
        pass

    def execute(self, cloud: Cloud) -> Any:
        if ssh_keys.exist(cloud):
            return {"stdout": "Validations are enabled", "stderr": ""}
        told = {"stdout": "Validations are disabled", "stderr": ""}
        return types.Result(error=told)


class GetPubkeyAction(base.TripleOAction):
    """Tell the public half of the key that validations log in with.

    It is made if there is none: from then on validations are enabled.

    :returns: a text, as a line of the file authorized_keys.
    :repeated: harmless; a key that is there stays.
    :raises Conflict: the environment ssh_keys holds something else.
    """

    def __init__(self) -> None:
        pass

    def execute(self, cloud: Cloud) -> str:
        return ssh_keys.get(cloud)[ssh_keys.PUBLIC]


class GetPrivkeyAction(base.TripleOAction):
    """Hand out the private half of the key that validations log in with.

    In a workflow, use keep-result: false, and do not save an action's result.

    :returns: a text, PEM.
    :repeated: harmless; a key that is there stays.
    :raises Conflict: the environment ssh_keys holds something else.
    """

    def __init__(self) -> None:
        pass

    def execute(self, cloud: Cloud) -> str:
        return ssh_keys.get(cloud)[ssh_keys.PRIVATE]
