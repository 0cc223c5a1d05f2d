"""The key that validations log in with, in the environment ``ssh_keys``.

It is made when it is first asked for, and stays. Whether it is there tells
whether validations are enabled.
"""

from __future__ import annotations

import contextlib

from tripleo_common import clients, errors
from tripleo_common.plans import passwords

ENVIRONMENT = "ssh_keys"
_DESCRIPTION = "SSH keys for TripleO validations"
PUBLIC = "public_key"
PRIVATE = "private_key"


def exist(cloud: clients.Cloud) -> bool:
    """Whether there is a key already."""
    try:
        cloud.workflow.environments.get(ENVIRONMENT)
    except errors.ResourceNotFound:
        return False
    return True


def get(cloud: clients.Cloud) -> dict[str, str]:
    """Both halves of the key, which is made if there is none.

    :raises Conflict: what is there is no key.
    """
    if not exist(cloud):
        # Who made one at the same moment was faster: that one is used.
        with contextlib.suppress(errors.ResourceConflict):
            cloud.workflow.environments.create(
                name=ENVIRONMENT,
                description=_DESCRIPTION,
                variables=passwords.ssh_key_pair(),
            )
    variables = cloud.workflow.environments.get(ENVIRONMENT).variables
    for half in (PUBLIC, PRIVATE):
        if not isinstance(variables.get(half), str):
            raise errors.Conflict(
                f"The Mistral environment {ENVIRONMENT} holds no {half}. "
                "Delete it (openstack workflow env delete "
                f"{ENVIRONMENT}), and a new key is made."
            )
    return {half: variables[half] for half in (PUBLIC, PRIVATE)}
