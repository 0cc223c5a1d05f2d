"""The files by which OpenStack's commands find the undercloud.

``stackrc`` is for a shell to source, ``clouds.yaml`` for the variable
OS_CLIENT_CONFIG_FILE and the option ``--os-cloud``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from tripleo_common.undercloud import rc
from tripleo_common.undercloud.paths import Paths, write_private

#: The undercloud's name in its clouds.yaml.
CLOUD = "undercloud"

CLOUDS = "clouds.yaml"
STACKRC = "stackrc"

_AUTH = (
    "auth_url",
    "username",
    "password",
    "project_name",
    "user_domain_name",
    "project_domain_name",
)


def write(paths: Paths, values: Mapping[str, str], commands: Path) -> None:
    """Write both files, for their owner only, where they are different.

    :param values: the variables that OpenStack's clients read.
    :param commands: the folder of the ``openstack`` command.
    """
    for name, text in (
        (STACKRC, rc.render(values, commands)),
        (CLOUDS, render(values)),
    ):
        path = paths.state / name
        if not path.exists() or path.read_text() != text:
            write_private(path, text)


def render(values: Mapping[str, str]) -> str:
    """Return the text of ``clouds.yaml``."""
    auth = {name: values[f"OS_{name.upper()}"] for name in _AUTH}
    cloud = {
        "auth_type": values["OS_AUTH_TYPE"],
        "auth": auth,
        "identity_api_version": values["OS_IDENTITY_API_VERSION"],
        "region_name": values["OS_REGION_NAME"],
        "interface": "public",
    }
    head = "# tripleo-undercloud writes this file at each start.\n"
    return head + yaml.safe_dump(
        {"clouds": {CLOUD: cloud}}, sort_keys=False, default_flow_style=False
    )
