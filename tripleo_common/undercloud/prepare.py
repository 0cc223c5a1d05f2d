"""Make any plan deployable on the embedded undercloud.

There are no servers, no Nova and no Neutron here. This writes into a plan what
a deployment without them needs; only through actions and APIs that every
client has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tripleo_common import constants
from tripleo_common.plans import networks, roles
from tripleo_common.undercloud import deployed_servers
from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.errors import UndercloudError


def prepare(
    client: Client,
    plan: str,
    controllers: int = 1,
    computes: int = 1,
    others: Mapping[str, int] | None = None,
    roles_file: Path | None = None,
    small: bool = True,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, int]:
    """Write what the plan needs; return the number of nodes of each role.

    :param others: numbers of nodes of further roles.
    :param roles_file: becomes the plan's ``roles_data.yaml``.
    :param small: deploy few services only.
    :param say: told what is done.
    """
    if roles_file is not None:
        _upload_roles(client, plan, roles_file)
        say(f"roles: {roles_file}")
    plan_roles = roles.parse(
        _read(client, plan, constants.ROLES_FILE), constants.ROLES_FILE
    )
    nodes = deployed_servers.counts(
        plan_roles, controllers, computes, others or {}
    )
    client.run_action(
        "tripleo.heat_capabilities.update",
        container=plan,
        environments={deployed_servers.ENVIRONMENT: True},
    )
    say(f"environment: {deployed_servers.ENVIRONMENT}")
    inputs = client.run_action("tripleo.templates.process", container=plan)
    parameters = deployed_servers.parameters(
        plan,
        plan_roles,
        _networks(client, plan),
        nodes,
        deployed_servers.image_parameters(inputs["files"]),
        small,
    )
    client.run_action(
        "tripleo.parameters.update", container=plan, parameters=parameters
    )
    say(f"parameters: {len(parameters)}")
    return nodes


def _upload_roles(client: Client, plan: str, path: Path) -> None:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise UndercloudError(
            f"The roles file {path} cannot be read: {error.strerror}."
        ) from error
    roles.parse(text, str(path))
    client.swift.put_object(plan, constants.ROLES_FILE, text)


def _networks(client: Client, plan: str) -> list[networks.Network]:
    for path in (constants.NETWORKS_FILE, constants.DEFAULT_NETWORKS_FILE):
        if _exists(client, plan, path):
            return networks.complete(
                networks.parse(_read(client, plan, path), path)
            )
    return []


def _exists(client: Client, plan: str, path: str) -> bool:
    _, listing = client.swift.get_container(plan, prefix=path)
    return any(entry["name"] == path for entry in listing)


def _read(client: Client, plan: str, path: str) -> Any:
    if not _exists(client, plan, path):
        raise UndercloudError(
            f"The plan {plan} has no file {path}. Upload it, or pass "
            "--roles-file."
        )
    return client.swift.get_object(plan, path)[1]
