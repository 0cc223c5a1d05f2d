"""Actions on roles and networks that people look for among those on plans."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import (
    entries,
    names,
    noop_steps,
    role_changes,
    role_groups,
    roles,
    store,
)


class ListRolesAction(base.TripleOAction):
    """Tell the roles of a plan.

    :param container: name of the plan.
    :param role_file_name: the file of the roles, in the plan. Of a plan
        without roles_data.yaml, the groups of its root template are told.
    :param detail: whether the roles are told whole.
    :returns: a list of names, in the file's order; or of whole roles.
    :raises PlanNotFound: there is no such plan.
    :raises FileMissing: the plan has no such file.
    :raises InvalidFile: the file is no list of roles.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        role_file_name: str = constants.ROLES_FILE,
        detail: bool = False,
    ) -> None:
        self.container = container
        self.role_file_name = role_file_name
        self.detail = detail

    def execute(self, cloud: Cloud) -> list[Any]:
        plan = store.Plan(cloud, self.container)
        if self.detail:
            return roles.load(plan.files(), self.role_file_name)
        return role_groups.names(plan, self.role_file_name)


class ValidateRolesDataAction(base.TripleOAction):
    """Check roles; no plan is looked at.

    :param roles: a list of roles, whole.
    :param available_roles: those that the templates offer; others must say
        by ServicesDefault what runs on them.
    :param container: the plan's name; it is not looked at.
    :returns: true.
    :raises InvalidPlanName: no plan may be called that.
    :raises InvalidInput: tells each role and each key that is wrong.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        roles: list[dict[str, Any]],
        available_roles: list[dict[str, Any]],
        container: str = constants.DEFAULT_CONTAINER_NAME,
    ) -> None:
        self.roles = roles
        self.available_roles = available_roles
        self.container = container

    def execute(self, cloud: Cloud) -> bool:
        names.check(self.container)
        role_changes.validate(self.roles, self.available_roles)
        return True


class UpdateRolesAction(base.TripleOAction):
    """Tell what a plan's roles become; tripleo.role.store changes a plan.

    :param roles: a list of roles, whole; each replaces the one of its name.
    :param current_roles: a list of the roles that are there.
    :param replace_all: whether the roles that are not given go.
    :param container: the plan's name; it is not looked at.
    :returns: a mapping with roles: the roles after it.
    :raises InvalidInput: a role has no name, or none is the primary one.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        roles: list[dict[str, Any]],
        current_roles: list[dict[str, Any]],
        replace_all: bool = False,
        container: str = constants.DEFAULT_CONTAINER_NAME,
    ) -> None:
        self.roles = roles
        self.current_roles = current_roles
        self.replace_all = replace_all
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        names.check(self.container)
        entries.check(self.roles, "role")
        entries.check(self.current_roles, "role")
        return {
            "roles": role_changes.merge(
                self.roles, self.current_roles, self.replace_all
            )
        }


class GatherRolesAction(base.TripleOAction):
    """Tell the roles of some names; the plan's own win over those offered.

    :param role_names: a list of names.
    :param current_roles: a list of the plan's roles.
    :param available_roles: a list of those that the templates offer.
    :returns: a mapping with gathered_roles: the roles, in the names' order.
    :raises InvalidInput: there is no role of a name.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        role_names: list[str],
        current_roles: list[dict[str, Any]],
        available_roles: list[dict[str, Any]],
    ) -> None:
        self.role_names = role_names
        self.current_roles = current_roles
        self.available_roles = available_roles

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return {
            "gathered_roles": role_changes.gather(
                self.role_names, self.current_roles, self.available_roles
            )
        }


class UpdateNetworksAction(base.TripleOAction):
    """Tell what a plan's networks become; tripleo.network.store changes it.

    :param networks: a list of networks, whole; each replaces the one of its
        name.
    :param current_networks: a list of the networks that are there.
    :param replace_all: whether the networks that are not given go.
    :returns: a mapping with network_data: the networks after it.
    :raises InvalidInput: tells each network and key that is wrong.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        networks: list[dict[str, Any]],
        current_networks: list[dict[str, Any]],
        replace_all: bool = False,
    ) -> None:
        self.networks = networks
        self.current_networks = current_networks
        self.replace_all = replace_all

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        entries.check(self.networks, "network")
        entries.check(self.current_networks, "network")
        return {
            "network_data": entries.merged(
                self.current_networks, self.networks, self.replace_all
            )
        }


class RemoveNoopDeployStepAction(base.TripleOAction):
    """Let a plan configure its nodes again, after preparing an upgrade.

    What puts OS::Heat::None in the place of OS::TripleO::DeploymentSteps and
    of the roles' steps before and after it goes: from the plan itself, and
    from the user's own environment files that are in force.

    :param container: name of the plan.
    :returns: nothing.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidFile: such a file does not parse.
    :repeated: harmless; it drops what is left.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> None:
        noop_steps.remove(store.Plan(cloud, self.container))
