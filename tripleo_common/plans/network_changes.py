"""Check and change the networks of a plan: ``network_data.yaml``."""

from __future__ import annotations

from collections.abc import Sequence

from tripleo_common import constants, errors
from tripleo_common.plans import entries, networks, roles
from tripleo_common.plans.files import Files
from tripleo_common.plans.networks import Network
from tripleo_common.plans.roles import Role
from tripleo_common.plans.store import Plan

#: What each network's file is rendered from, where it is.
_TEMPLATE = "network/network.network.j2.yaml"


def check_known(used: Sequence[Role], defined: Sequence[Network]) -> None:
    """Make sure that roles are on networks that are there.

    Where no network is defined, the templates leave the roles' networks out
    of account: all traffic goes over the network of the undercloud.

    :raises InvalidInput: tells each role and network.
    """
    names = {network["name"] for network in defined}
    unknown = [
        f"{network} of role {role}"
        for role, wanted in roles.networks_of(used).items()
        for network in wanted
        if network not in names
    ]
    if names and unknown:
        raise errors.InvalidInput(
            "Some networks in roles are not defined: "
            f"{', '.join(unknown)}. The plan defines "
            f"{', '.join(sorted(names))}. Define them "
            "(tripleo.networks.v1.update_networks), or correct the roles."
        )


def check_files(files: Files, defined: Sequence[Network]) -> None:
    """Make sure that each enabled network has its file in ``network/``.

    Templates that render these files have all of them; those since Victoria
    use none.

    :raises FileMissing: a network has none, though others do.
    """
    if _TEMPLATE in files:
        return
    paths = [
        f"network/{networks.name_lower(network)}.yaml"
        for network in networks.enabled(list(defined))
    ]
    missing = [path for path in paths if path not in files]
    if missing and len(missing) < len(paths):
        raise errors.FileMissing(files.plan, missing[0], "its network")


def validate(files: Files, path: str) -> list[Network]:
    """The networks of a plan, if they can be used."""
    defined = networks.listed(files, path)
    entries.check(defined, "network")
    check_files(files, defined)
    return defined


def update(
    plan: Plan,
    given: Sequence[Network],
    path: str = constants.NETWORKS_FILE,
    replace_all: bool = False,
) -> list[Network]:
    """Change networks of a plan, and process its templates.

    All is checked, and rendered, before anything is written.

    :param path: the file of the networks, in the plan.
    :param replace_all: whether networks that are not given go.
    :returns: the plan's networks after it.
    :raises InvalidInput: the networks cannot be used, or roles are on others.
    :raises InvalidFile: a template cannot be rendered with them.
    """
    entries.check(given, "network")
    with plan.exclusively():
        files = plan.files()
        known = path in files or path == constants.NETWORKS_FILE
        current = networks.listed(files, path) if known else []
        changed = entries.merged(current, given, replace_all)
        check_files(files, changed)
        if constants.ROLES_FILE in files:
            check_known(roles.load(files), changed)
        replaced = {path: entries.dump(changed)} if changed != current else {}
        plan.process(replaced=replaced)
    return changed
