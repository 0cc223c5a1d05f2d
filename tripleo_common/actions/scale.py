"""Actions that change how many nodes a cloud has."""

from __future__ import annotations

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.deployments import scale
from tripleo_common.plans.store import Plan


class ScaleDownAction(base.TripleOAction):
    """Have Heat begin to remove nodes from a plan's stack.

    The counts of their roles are lowered, and their indexes put into the
    roles' removal policies, in the plan, too.

    :param timeout: minutes that Heat may take.
    :param nodes: each the id or the name of a server, or <role>.<index>.
    :param container: name of the plan, and of the stack.
    :returns: the indexes of the nodes that go, by role.
    :repeated: it is refused while Heat is at work; later the nodes are not
        found any more.
    :raises NotFound: there is no such node; tells those that there are.
    :raises StackBusy: the stack is being changed already.
    :raises PlanRefused: Heat finds fault with the plan.
    :raises PlanNotFound: there is no such plan.
    """

    takes_minutes = True

    def __init__(
        self,
        timeout: int,
        nodes: list[str] | None = None,
        container: str = constants.DEFAULT_CONTAINER_NAME,
    ) -> None:
        self.timeout = timeout
        self.nodes = nodes
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, list[str]]:
        plan = Plan(cloud, self.container)
        return scale.delete_nodes(cloud, plan, self.nodes or [], self.timeout)
