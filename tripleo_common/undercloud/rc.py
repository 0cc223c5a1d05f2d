"""The environment in which OpenStack's commands find the undercloud."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from tripleo_common.undercloud.config import REGION


def variables(url: str, password: str) -> dict[str, str]:
    """Return the variables that OpenStack's clients read.

    :param url: Keystone's address.
    """
    return {
        "OS_AUTH_TYPE": "password",
        "OS_AUTH_URL": f"{url}/v3",
        "OS_IDENTITY_API_VERSION": "3",
        "OS_PASSWORD": password,
        "OS_PROJECT_DOMAIN_NAME": "Default",
        "OS_PROJECT_NAME": "admin",
        "OS_REGION_NAME": REGION,
        "OS_USERNAME": "admin",
        "OS_USER_DOMAIN_NAME": "Default",
    }


def render(values: Mapping[str, str], commands: Path) -> str:
    """Return the lines of a file for a shell to source.

    :param commands: the folder of the ``openstack`` command.
    """
    lines = [f"export {k}={shlex.quote(v)}" for k, v in values.items()]
    lines += [f'export PATH={shlex.quote(str(commands))}:"$PATH"']
    return "\n".join(lines) + "\n"


def child_environ(
    values: Mapping[str, str], commands: Path, environ: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment for a command on this undercloud."""
    kept = {k: v for k, v in environ.items() if not k.startswith("OS_")}
    path = f"{commands}:{environ.get('PATH', '/usr/bin:/bin')}"
    return {**kept, **values, "PATH": path}
