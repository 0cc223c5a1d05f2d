"""How many nodes of which flavor a role has, from what is registered."""

from __future__ import annotations

from typing import Any

from tripleo_common import clients, errors
from tripleo_common.plans import parameters
from tripleo_common.plans.store import Plan

_PROFILE = "capabilities:profile"
_DEFAULT_FLAVOR = "baremetal"
#: Roles whose parameters are not named after the role: what count and flavor
#: are named after, and the flavor's profile.
_NAMED_OTHERWISE = {
    "control": ("Controller", "Control", "control"),
    "object-storage": ("ObjectStorage", "SwiftStorage", "swift-storage"),
}


def update(cloud: clients.Cloud, plan: Plan, role: str) -> dict[str, Any]:
    """Set count and flavor of a role from the nodes of its profile.

    :param role: the role's profile, such as ``ceph-storage``.
    :returns: as :func:`parameters.update`.
    """
    base = role.title().replace("-", "")
    count_of, flavor_of, profile = _NAMED_OTHERWISE.get(
        role, (base, base, role)
    )
    count = sum(
        _profile(node) == role
        for node in cloud.baremetal.node.list(limit=0, fields=["properties"])
    )
    flavor = _flavor(cloud, profile) if count else _DEFAULT_FLAVOR
    values = {
        f"{count_of}Count": count,
        f"Overcloud{flavor_of}Flavor": flavor,
    }
    return parameters.update(cloud, plan, values)


def profile_of_flavor(cloud: clients.Cloud, name: str) -> str:
    """The profile that a flavor of Nova's asks of nodes.

    :raises NotFound: there is no such flavor, or it asks for no profile.
    """
    if not cloud.offers("compute"):
        raise errors.NotFound(
            f"There is no flavor {name}: flavors are Nova's, and the catalog "
            "has no compute service. Nodes that are deployed without Nova are "
            "chosen by their own profile (openstack baremetal node show, "
            "properties)."
        )
    for flavor in cloud.compute.flavors.list(is_public=None):
        if flavor.name == name:
            profile = flavor.get_keys().get(_PROFILE)
            if profile:
                return str(profile)
            raise errors.NotFound(
                f"The flavor {name} asks for no profile. Set one with "
                f"openstack flavor set --property {_PROFILE}=<profile> {name}."
            )
    raise errors.NotFound(
        f"There is no flavor {name}. List them with openstack flavor list."
    )


def _flavor(cloud: clients.Cloud, profile: str) -> str:
    """The first flavor of a profile."""
    if cloud.offers("compute"):
        for flavor in cloud.compute.flavors.list(is_public=None):
            if flavor.get_keys().get(_PROFILE) == profile:
                return str(flavor.name)
    return _DEFAULT_FLAVOR


def _profile(node: Any) -> str | None:
    """A node's profile; None: it has none."""
    told = (node.properties or {}).get("capabilities") or ""
    pairs = (each.partition(":") for each in str(told).split(","))
    return {key.strip(): value.strip() for key, _, value in pairs}.get(
        "profile"
    )
