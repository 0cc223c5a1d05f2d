"""What is wrong with images, flavors and nodes before a deployment.

These are the checks that clients of Pike and Queens ask for. Each tells its
``errors`` and ``warnings``, lists of sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.nodes.wanted import parsed_capabilities

Findings = dict[str, Any]
_NODE_FIELDS = [
    "uuid",
    "name",
    "provision_state",
    "maintenance",
    "instance_uuid",
    "properties",
    "driver_info",
]
#: States in which a node has, or can get, an instance.
_USABLE = ("available", "active")
_PROFILE = "capabilities:profile"
_BOOT_OPTION = "capabilities:boot_option"


def images(cloud: clients.Cloud, names: Iterable[str]) -> list[dict[str, Any]]:
    """The images that Glance has under some names."""
    return [
        {"id": each.id, "name": name}
        for name in names
        for each in cloud.image.images.list(filters={"name": name}, limit=2)
    ]


def nodes(cloud: clients.Cloud) -> list[dict[str, Any]]:
    """The nodes that Ironic has, but those in maintenance."""
    listed = cloud.baremetal.node.list(
        limit=0, fields=_NODE_FIELDS, maintenance=False
    )
    return [
        {name: getattr(node, name, None) for name in _NODE_FIELDS}
        for node in listed
    ]


def check_images(
    known: Iterable[Mapping[str, Any]], kernel_name: str, ramdisk_name: str
) -> Findings:
    """Whether there is one image each that nodes are deployed with.

    :returns: ``kernel_id`` and ``ramdisk_id``, too; null: there is not one.
    """
    known = list(known)
    wrong: list[str] = []

    def only(name: str) -> Any:
        ids = [each.get("id") for each in known if each.get("name") == name]
        if len(ids) == 1:
            return ids[0]
        named = f"{name:.255}"
        wrong.append(
            f"There is no image {named}: upload it (openstack image create)."
            if not ids
            else f"There are {len(ids)} images {named}: rename or delete all "
            "but one."
        )
        return None

    found = {"kernel_id": only(kernel_name), "ramdisk_id": only(ramdisk_name)}
    return {**found, "errors": wrong, "warnings": []}


def check_flavors(
    cloud: clients.Cloud, roles_info: Mapping[str, Any]
) -> Findings:
    """Whether each role's flavor exists.

    :param roles_info: for each role the flavor's name and the number of
        nodes.
    :returns: ``flavors``, too: for each ``[{name, keys}, number]``, the
        numbers of roles that share it added.
    :raises InvalidInput: *roles_info* is of another form.
    """
    wanted: dict[str, int] = {}
    roles: dict[str, list[str]] = {}
    for role, told in roles_info.items():
        name, scale = _flavor_and_scale(role, told)
        if name and scale:
            wanted[name] = wanted.get(name, 0) + scale
            roles.setdefault(name, []).append(role)
    known = _flavors(cloud) if wanted else {}
    found, wrong, odd = {}, [], []
    for name, scale in wanted.items():
        if name not in known:
            wrong.append(
                f"There is no flavor {name:.255}, which the roles "
                f"{', '.join(roles[name])} want: create it (openstack flavor "
                "create), or set another."
            )
            continue
        keys = known[name]
        found[name] = [{"name": name, "keys": keys}, scale]
        if keys.get(_BOOT_OPTION) == "netboot":
            odd.append(
                f"The flavor {name} has {_BOOT_OPTION} netboot: its nodes "
                "boot from the network each time."
            )
    return {"flavors": found, "errors": wrong, "warnings": odd}


def _flavor_and_scale(role: str, told: Any) -> tuple[str, int]:
    if isinstance(told, list) and len(told) == 2:
        name, scale = told
        if isinstance(name, str | None) and str(scale or 0).isdecimal():
            return name or "", int(scale or 0)
    raise errors.InvalidInput(
        f"roles_info[{role!r:.100}] must be a list of a flavor's name and a "
        "number of nodes. Correct it and try again."
    )


def _flavors(cloud: clients.Cloud) -> dict[str, dict[str, str]]:
    return {
        flavor.name: dict(flavor.get_keys())
        for flavor in cloud.compute.flavors.list(is_public=None)
    }


def check_boot_configuration(
    known: Iterable[Mapping[str, Any]], kernel_id: Any, ramdisk_id: Any
) -> Findings:
    """Whether nodes are deployed with these images, and boot by themselves."""
    wanted = {"deploy_kernel": kernel_id, "deploy_ramdisk": ramdisk_id}
    wrong, odd = [], []
    for node in known:
        named = f"Node {node.get('name') or node.get('uuid')}"
        info = _mapping(node.get("driver_info"))
        wrong += [
            f"{named} has {key} {info.get(key) or 'unset'}, not {image}: run "
            "tripleo.baremetal.v1.configure for it."
            for key, image in wanted.items()
            if info.get(key) != image
        ]
        if _capabilities(node).get("boot_option") != "local":
            odd.append(
                f"{named} has no boot_option local among its capabilities: "
                "it boots from the network each time."
            )
    return {"errors": wrong, "warnings": odd}


def check_profiles(
    known: Iterable[Mapping[str, Any]], flavors: Any
) -> Findings:
    """Whether there are as many nodes of each profile as flavors want.

    :param flavors: as :func:`check_flavors` tells them.
    """
    there = Counter(
        _capabilities(node).get("profile")
        for node in known
        if node.get("provision_state") in _USABLE
    )
    wrong, odd, wanted = [], [], set()
    for name, keys, scale in _collected(flavors):
        profile = keys.get(_PROFILE)
        if profile is None:
            odd.append(
                f"The flavor {name} names no profile ({_PROFILE}): any node "
                "can become one of its."
            )
            continue
        wanted.add(profile)
        if there[profile] < scale:
            wrong.append(
                f"{scale} nodes of the profile {profile} are wanted, and "
                f"{there[profile]} can be used: tag more "
                "(tripleo.baremetal.v1.tag_nodes), or ask for fewer."
            )
    spare = sum(
        count for profile, count in there.items() if profile not in wanted
    )
    if spare and wanted:
        odd.append(f"{spare} nodes have a profile that nobody wants, or none.")
    return {"errors": wrong, "warnings": odd}


def _collected(flavors: Any) -> Iterator[tuple[str, dict[str, Any], int]]:
    """Name, keys and number of each flavor.

    :raises InvalidInput: *flavors* is of another form.
    """
    try:
        for name, (flavor, scale) in dict(flavors or {}).items():
            yield str(name), dict(flavor["keys"]), int(scale)
    except (KeyError, TypeError, ValueError):
        raise errors.InvalidInput(
            "flavors must be what tripleo.validations.check_flavors tells: "
            "for each name a list of a mapping with keys, and a number. "
            "Correct it and try again."
        ) from None


def check_count(
    stack: Mapping[str, Any] | None,
    associated: int,
    available: int,
    parameters: Mapping[str, Any],
    default_role_counts: Mapping[str, Any],
) -> Findings:
    """Whether there are as many nodes as a deployment takes.

    :param stack: with ``stack_status`` and ``parameters``; None: there is
        none.
    :param parameters: what is to be set, before what the stack has.
    :param default_role_counts: what counts otherwise, such as
        ``{"ComputeCount": 1}``.
    :returns: ``enough_nodes``, ``requested_count`` and ``available_count``,
        too.
    """
    stands = stack is not None
    known = dict(default_role_counts)
    if stack is not None and "FAILED" not in str(stack.get("stack_status")):
        told = _mapping(stack.get("parameters"))
        known |= {name: told[name] for name in known if name in told}
    known |= {name: parameters[name] for name in known if name in parameters}
    requested = sum(_number(name, value) for name, value in known.items())
    there = available + (associated if stands else 0)
    wrong = []
    if there < requested:
        wrong.append(
            f"{requested} nodes are wanted, and {there} can be used: register "
            "and provide more, or ask for fewer."
        )
    return {
        "enough_nodes": not wrong,
        "requested_count": requested,
        "available_count": there,
        "errors": wrong,
        "warnings": [],
    }


def statistics(cloud: clients.Cloud) -> dict[str, Any] | None:
    """How many hypervisors Nova has; None: there is no Nova."""
    if not cloud.offers("compute"):
        return None
    return {"count": len(cloud.compute.hypervisors.list(detailed=False))}


def _number(name: str, value: Any) -> int:
    if str(value).isdecimal():
        return int(value)
    raise errors.InvalidInput(
        f"{name:.255} must be a whole number of nodes. Correct it and try "
        "again."
    )


def _capabilities(node: Mapping[str, Any]) -> dict[str, str]:
    told = _mapping(node.get("properties")).get("capabilities")
    return parsed_capabilities(told)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
