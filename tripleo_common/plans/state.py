"""A plan's state: the Mistral environment that bears its name."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.plans import names as names_of_plans

#: Of the environments that this library makes.
DESCRIPTION = "State of a TripleO plan"


@dataclass
class State:
    """What a plan knows besides its files.

    :ivar template: path of the root template.
    :ivar environments: ordered; each ``{"path": <file>}`` or
        ``{"data": <environment>}``.
    :ivar parameter_defaults: the parameters that operators set.
    :ivar passwords: the generated passwords, by parameter name.
    :ivar capabilities: the parsed capabilities map, if there is one.
    :ivar mirror: what the file that mirrors the state said when both last
        agreed, as :mod:`~tripleo_common.plans.mirror` notes it.
    :ivar history: which version of the plan this is, as
        :mod:`~tripleo_common.plans.history` notes it.
    :ivar other: variables that others keep in the environment.
    """

    template: str
    environments: list[dict[str, Any]] = field(default_factory=list)
    parameter_defaults: dict[str, Any] = field(default_factory=dict)
    passwords: dict[str, Any] = field(default_factory=dict, repr=False)
    capabilities: dict[str, Any] | None = None
    mirror: dict[str, Any] | None = field(default=None, repr=False)
    history: dict[str, Any] | None = field(default=None, repr=False)
    other: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_variables(cls, variables: dict[str, Any]) -> State:
        """The state that an environment's variables hold."""
        known = {f.name for f in dataclasses.fields(cls)} - {"other"}
        ours = {
            name: value
            for name, value in variables.items()
            if name in known and value is not None
        }
        rest = {k: v for k, v in variables.items() if k not in known}
        return cls(**{"template": "", **ours}, other=rest)

    def to_variables(self) -> dict[str, Any]:
        """The variables of the environment that holds this state."""
        variables = dict(self.other)
        for each in dataclasses.fields(self):
            value = getattr(self, each.name)
            if each.name != "other" and value is not None:
                variables[each.name] = value
        return variables

    def shown(self) -> dict[str, Any]:
        """The variables that are for whoever asks: not the passwords."""
        variables = self.to_variables()
        variables.pop("passwords", None)
        variables.pop("mirror", None)
        variables.pop("history", None)
        return variables


def description(cloud: clients.Cloud, plan: str) -> str | None:
    """What the plan's environment says of itself; None: there is none."""
    try:
        found = cloud.workflow.environments.get(plan)
    except errors.ResourceNotFound:
        return None
    return found.description or ""


def load(cloud: clients.Cloud, plan: str) -> State | None:
    """The plan's state, or None if it has none."""
    try:
        environment = cloud.workflow.environments.get(plan)
    except errors.ResourceNotFound:
        return None
    return State.from_variables(environment.variables)


def create(cloud: clients.Cloud, plan: str, state: State) -> None:
    """Store a new plan's state.

    :raises PlanExists: there is such an environment already.
    """
    try:
        cloud.workflow.environments.create(
            name=plan,
            description=DESCRIPTION,
            variables=state.to_variables(),
        )
    except errors.ResourceConflict:
        raise errors.PlanExists(plan, "Mistral environment") from None


def save(cloud: clients.Cloud, plan: str, state: State) -> None:
    """Store a plan's changed state."""
    cloud.workflow.environments.update(
        name=plan, variables=state.to_variables()
    )


def delete(cloud: clients.Cloud, plan: str) -> bool:
    """Delete a plan's state; whether there was one."""
    try:
        cloud.workflow.environments.delete(plan)
    except errors.ResourceNotFound:
        return False
    return True


def names(cloud: clients.Cloud) -> set[str]:
    """The names of all environments that the project sees, but leases."""
    return set(descriptions(cloud))


def descriptions(cloud: clients.Cloud) -> dict[str, str | None]:
    """The descriptions of these environments, by their names."""
    listing = cloud.workflow.environments.list(fields=["name", "description"])
    return {
        each.name: each.description
        for each in listing
        if not names_of_plans.is_lease(each.name)
    }
