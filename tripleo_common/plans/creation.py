"""Who creates a plan, so that a creation that was cut off can be repeated.

The container's metadata names the workflow execution that makes a plan of it,
from the first step to the last. If that execution has ended and the note is
still there, it was cut off: an executor was killed, or all of Mistral. Whoever
creates the plan again goes on with what is there. Nothing of it is deleted.

The note says, too, whether the container was made on the way: templates that
somebody uploaded are not mixed with others. Of a state its description tells
whether this library made it.
"""

from __future__ import annotations

from tripleo_common import clients, errors
from tripleo_common.plans import operation
from tripleo_common.plans.container import Container

_ENDED = ("SUCCESS", "ERROR", "CANCELLED")
#: Stands behind the execution's id where it made the container, too.
_CONTAINER_TOO = " container"


def note() -> str:
    """What a container that is made for a new plan notes; empty: nothing."""
    own = operation.current().execution
    return own and own + _CONTAINER_TOO


def begin(container: Container) -> None:
    """Note that the present execution creates the plan."""
    own = operation.current().execution
    noted = container.creator
    told = own + _CONTAINER_TOO if noted.endswith(_CONTAINER_TOO) else own
    if own and told != noted:
        container.note_creator(told)


def end(container: Container) -> None:
    """Take the note away: the plan is whole, or nobody creates it."""
    if container.creator:
        container.note_creator("")


def may_go_on(
    cloud: clients.Cloud, container: Container, container_too: bool = False
) -> bool:
    """Whether what is there was left behind by a creation.

    :param container_too: whether that has to have made the container.
    :raises PlanBeingCreated: somebody is about it.
    """
    creator = container.creator.removesuffix(_CONTAINER_TOO)
    if not creator or (container_too and creator == container.creator):
        return False
    if creator != operation.current().execution and _runs(cloud, creator):
        raise errors.PlanBeingCreated(container.name, creator)
    return True


def _runs(cloud: clients.Cloud, execution: str) -> bool:
    try:
        found = cloud.workflow.executions.get(execution)
    except errors.ResourceNotFound:
        return False
    return found.state not in _ENDED
