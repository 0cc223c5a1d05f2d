"""Actions on the roles of plans."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import (
    network_changes,
    networks,
    role_changes,
    role_groups,
    roles,
    store,
)


class IdentifyRolesAction(base.TripleOAction):
    """Tell the roles that a plan deploys, as Heat sees them.

    Heat validates the plan with its nested stacks; nothing is stored. This
    holds for plans without roles_data.yaml, too.

    :param container: name of the plan.
    :returns: a list of mappings, in the root template's order: name;
        resource, the name of the OS::Heat::ResourceGroup in the root
        template; count, how many nodes it has; flavor, theirs (null: the
        templates set none); parameters, the names of those that set what the
        role is.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidFile: a file cannot be used; tells file, line and cause.
    :raises ServiceError: Heat finds fault with the templates.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        return role_groups.identify(cloud, store.Plan(cloud, self.container))


class ListAvailableRolesAction(base.TripleOAction):
    """Tell the roles that a plan's templates offer.

    :param container: name of the plan.
    :returns: a list of roles, whole, in the order of their files in roles/.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidFile: such a file is no list of roles.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        return roles.available(store.Plan(cloud, self.container).files())


class StoreRolesAction(base.TripleOAction):
    """Change roles of a plan, and process its templates.

    All is checked, and rendered, before anything is written.

    :param roles: a list of roles, whole; each replaces the one of its name.
    :param container: name of the plan.
    :param roles_data_file: the file of the roles, in the plan.
    :param replace_all: whether the roles that are not given go.
    :returns: the plan's roles after it.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidInput: the roles cannot be used, none is primary, or they
        are on networks that the plan does not have.
    :raises InvalidFile: a template cannot be rendered with them.
    :repeated: it changes the same, over what others did since.
    """

    def __init__(
        self,
        roles: list[dict[str, Any]],
        container: str = constants.DEFAULT_CONTAINER_NAME,
        roles_data_file: str = constants.ROLES_FILE,
        replace_all: bool = False,
    ) -> None:
        self.roles = roles
        self.container = container
        self.roles_data_file = roles_data_file
        self.replace_all = replace_all

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        return role_changes.update(
            store.Plan(cloud, self.container),
            self.roles,
            self.roles_data_file,
            self.replace_all,
        )


class SelectRolesAction(base.TripleOAction):
    """Make roles that the templates offer those of a plan.

    Its own roles of these names stay as they are. The templates are processed
    with them; all is checked, and rendered, before anything is written.

    :param role_names: the names, in the order that the roles are to have.
    :param container: name of the plan.
    :param roles_data_file: the file of the roles, in the plan.
    :param replace_all: whether the roles that are not named go.
    :returns: the plan's roles after it.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidInput: there is no role of a name, none is primary, or they
        are on networks that the plan does not have.
    :raises InvalidFile: a template cannot be rendered with them.
    :repeated: it changes the same, over what others did since.
    """

    def __init__(
        self,
        role_names: list[str],
        container: str = constants.DEFAULT_CONTAINER_NAME,
        roles_data_file: str = constants.ROLES_FILE,
        replace_all: bool = True,
    ) -> None:
        self.role_names = role_names
        self.container = container
        self.roles_data_file = roles_data_file
        self.replace_all = replace_all

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        return role_changes.select(
            store.Plan(cloud, self.container),
            self.role_names,
            self.roles_data_file,
            self.replace_all,
        )


class CheckRolesAction(base.TripleOAction):
    """Check the roles that a plan has; nothing is changed.

    :param container: name of the plan.
    :param roles_data_file: the file of the roles, in the plan.
    :param network_data_file: the file of the networks that they must be on;
        none: these are not looked at.
    :returns: a mapping with roles_data and network_data, as they are in the
        files.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidInput: tells what of the roles or networks is wrong.
    :raises FileMissing: the plan has no such file.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        roles_data_file: str = constants.ROLES_FILE,
        network_data_file: str | None = None,
    ) -> None:
        self.container = container
        self.roles_data_file = roles_data_file
        self.network_data_file = network_data_file

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        files = store.Plan(cloud, self.container).files()
        found = roles.load(files, self.roles_data_file)
        role_changes.validate(found, roles.available(files))
        defined: list[networks.Network] = []
        if self.network_data_file is not None:
            defined = network_changes.validate(files, self.network_data_file)
            network_changes.check_known(found, defined)
        return {"roles_data": found, "network_data": defined}
