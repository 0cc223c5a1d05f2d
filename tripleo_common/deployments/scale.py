"""Take chosen nodes away from a cloud that stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.deployments import failures, stack
from tripleo_common.plans.store import Plan

_SERVERS = ("OS::Nova::Server", "OS::Heat::DeployedServer")
#: Types of the templates' own that stand for servers, ``ComputeServer``.
_SERVER = "Server"
_SHOWN = 50


@dataclass
class Node:
    """A member of a role's group.

    :ivar role: the group's name, which is the role's.
    :ivar member: the member's name in it, its index.
    :ivar servers: the ids of the servers in it, and where to ask for them:
        ``(stack, resource)``.
    :ivar names: the names of its servers, where they were asked for.
    """

    role: str
    member: str
    servers: dict[str, tuple[str, str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        told = ", ".join([*sorted(self.names), *sorted(self.servers)])
        return f"{self.role}.{self.member}" + (f" ({told})" if told else "")

    def is_called(self, name: str) -> bool:
        """Whether an operator can mean it by *name*."""
        own = f"{self.role}.{self.member}"
        return name == own or name in self.servers or name in self.names


def delete_nodes(
    cloud: clients.Cloud, plan: Plan, nodes: Iterable[str], timeout: int
) -> dict[str, list[str]]:
    """Have Heat begin to remove nodes from a plan's stack.

    The roles' counts and removal policies are set in the plan when Heat has
    taken them.

    :param nodes: each the id or the name of a server, or ``<role>.<index>``.
    :param timeout: minutes that Heat may take.
    :returns: the indexes of the nodes that go, by role.
    :raises InvalidInput: no nodes are named.
    :raises NotFound: there is no stack, or no such node in it.
    :raises StackBusy: the stack is being changed already.
    """
    wanted = list(dict.fromkeys(nodes))
    if not wanted:
        raise errors.InvalidInput(
            "nodes is empty. Name the nodes to be removed, by the ids or the "
            "names of their servers."
        )
    with plan.exclusively():
        found = plan.stack()
        if found is None:
            raise errors.NotFound(
                f"Plan {plan.name} has no stack, so it has no nodes."
            )
        known = find(cloud, found)
        gone = _chosen(cloud, known, wanted, plan.name)
        parameters = _parameters(known, gone, plan)
        stack.deploy(
            cloud,
            plan,
            timeout,
            skip_deploy_identifier=True,
            overrides=parameters,
        )
        plan.merge_parameters(parameters)
    return {
        role: [node.member for node in gone if node.role == role]
        for role in sorted({node.role for node in gone})
    }


def find(cloud: clients.Cloud, root: Any) -> list[Node]:
    """The nodes of a stack, by the servers in its groups."""
    listed = cloud.orchestration.resources.list(
        root.id, nested_depth=failures.DEPTH
    )
    owners = {each.physical_resource_id: each for each in listed}
    groups = {
        each.resource_name
        for each in listed
        if each.resource_type == "OS::Heat::ResourceGroup"
        and failures.stack_of(each) == root.id
    }
    nodes: dict[tuple[str, str], Node] = {}
    for each in listed:
        path = failures.path_of(each, owners).split(".")
        if len(path) < 2 or path[0] not in groups:
            continue
        role, member = path[:2]
        node = nodes.setdefault((role, member), Node(role, member))
        if len(path) > 2 and _is_server(each):
            where = (failures.stack_of(each), each.resource_name)
            node.servers[each.physical_resource_id] = where
    return [node for node in nodes.values() if node.servers]


def _is_server(resource: Any) -> bool:
    if not resource.physical_resource_id:
        return False
    kind = str(resource.resource_type)
    return kind in _SERVERS or kind.endswith(_SERVER)


def _chosen(
    cloud: clients.Cloud, known: list[Node], wanted: list[str], plan: str
) -> list[Node]:
    """The nodes that an operator means; each once."""
    if any(not _meant(known, name) for name in wanted):
        _ask_names(cloud, known)
    unknown = [name for name in wanted if not _meant(known, name)]
    if unknown:
        told = "; ".join(map(str, known[:_SHOWN])) or "none"
        more = f"; and {len(known) - _SHOWN} more" if known[_SHOWN:] else ""
        raise errors.NotFound(
            f"The stack {plan} has no node {', '.join(unknown)}; nothing was "
            f"removed. Its nodes are: {told}{more}."
        )
    names = [f"{n.role}.{n.member}" for w in wanted for n in _meant(known, w)]
    return [n for n in known if f"{n.role}.{n.member}" in names]


def _meant(known: list[Node], name: str) -> list[Node]:
    return [node for node in known if node.is_called(name)]


def _ask_names(cloud: clients.Cloud, known: list[Node]) -> None:
    for node in known:
        for where in node.servers.values():
            try:
                server = cloud.orchestration.resources.get(*where)
            except errors.ResourceNotFound:
                continue
            name = (getattr(server, "attributes", None) or {}).get("name")
            if name:
                node.names.add(str(name))


def _parameters(
    known: list[Node], gone: list[Node], plan: Plan
) -> dict[str, Any]:
    """What makes Heat remove these nodes, and no others."""
    before = plan.state().parameter_defaults
    parameters: dict[str, Any] = {}
    for role in sorted({node.role for node in gone}):
        members = [node.member for node in gone if node.role == role]
        left = sum(node.role == role for node in known) - len(members)
        policies = f"{role}RemovalPolicies"
        # Those of before stay away: their indexes are not given again.
        already = [
            str(each)
            for policy in before.get(policies) or []
            for each in policy.get("resource_list") or []
        ]
        listed = [*already, *(m for m in members if m not in already)]
        parameters[f"{role}Count"] = left
        parameters[policies] = [{"resource_list": listed}]
    return parameters
