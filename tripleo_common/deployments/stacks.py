"""Stacks as such, plans' or not: list them, delete them."""

from __future__ import annotations

from typing import Any

from tripleo_common import clients, errors
from tripleo_common.deployments import watching

_TOLD = (
    "id",
    "stack_name",
    "stack_status",
    "stack_status_reason",
    "creation_time",
    "updated_time",
)


def listing(cloud: clients.Cloud) -> list[dict[str, Any]]:
    """The project's stacks, without nested ones."""
    return [
        {key: getattr(stack, key, None) for key in _TOLD}
        for stack in cloud.orchestration.stacks.list()
    ]


def delete(cloud: clients.Cloud, name: str) -> dict[str, Any]:
    """Have Heat begin to delete a stack.

    :param name: a stack's name or id.
    :returns: ``id`` (None: there is no such stack), ``name`` and
        ``message``.
    :raises InvalidInput: no name is given.
    """
    if not name:
        raise errors.InvalidInput(
            "The input stack is empty. Give a stack's name or id."
        )
    stack = watching.find(cloud, name)
    if stack is None:
        text = f"There is no stack {name}; nothing is to be deleted."
        return {"id": None, "name": name, "message": text}
    if stack.stack_status != "DELETE_IN_PROGRESS":
        cloud.orchestration.stacks.delete(stack.id)
    return {
        "id": stack.id,
        "name": stack.stack_name,
        "message": f"Heat deletes the stack {stack.stack_name}.",
    }
