"""Actions on the parameters that roles, flavors and networks have."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import network_config, role_parameters, store


class UpdateRoleParametersAction(base.TripleOAction):
    """Set how many nodes of which flavor a role has.

    The count is that of Ironic's nodes with the role's profile, the flavor
    the first one of Nova's that asks for that profile, or baremetal.

    :param role: the profile: control, compute, object-storage, ceph-storage
        and so on.
    :param container: name of the plan.
    :returns: as tripleo.parameters.update.
    :repeated: it sets the same values, over what others set since.
    :raises InvalidParameters: the templates do not take these values.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self, role: str, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.role = role
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        plan = store.Plan(cloud, self.container)
        return role_parameters.update(cloud, plan, self.role)


class GetNetworkConfigAction(base.TripleOAction):
    """Tell how os-net-config would configure a role's nodes.

    Heat previews the stack that the plan would be. Templates since Victoria
    leave this to Ansible, and have nothing to tell.

    :param role_name: name of the role.
    :param container: name of the plan.
    :returns: a mapping with network_config, a list.
    :repeated: harmless; it only reads.
    :raises NotFound: the templates do not tell.
    :raises PlanNotFound: there is no such plan.
    :raises ServiceError: Heat finds fault with the templates.
    """

    def __init__(
        self,
        role_name: str,
        container: str = constants.DEFAULT_CONTAINER_NAME,
    ) -> None:
        self.role_name = role_name
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        plan = store.Plan(cloud, self.container)
        return network_config.get(cloud, plan, self.role_name)


class GetProfileOfFlavorAction(base.TripleOAction):
    """Tell which profile a flavor of Nova's asks of nodes.

    :param flavor_name: name of the flavor.
    :returns: the profile, a text.
    :repeated: harmless; it only reads.
    :raises NotFound: there is no Nova, no such flavor, or it asks for no
        profile.
    """

    def __init__(self, flavor_name: str) -> None:
        self.flavor_name = flavor_name

    def execute(self, cloud: Cloud) -> str:
        return role_parameters.profile_of_flavor(cloud, self.flavor_name)
