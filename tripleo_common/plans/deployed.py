"""What a plan's stack was deployed with, as far as Heat tells it.

Of parameters that their templates hide (``hidden: true``), as passwords,
Heat tells six stars (``EngineService.get_environment``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tripleo_common import clients, errors

_HIDDEN = "******"


@dataclass(frozen=True)
class Deployed:
    """The parameters of a stack.

    :ivar parameters: those whose values are known.
    :ivar hidden: the names of the others, sorted.
    """

    parameters: dict[str, Any]
    hidden: list[str]


def get(cloud: clients.Cloud, plan: str) -> Deployed:
    """What was set when a plan's stack was last deployed.

    :returns: nothing, where it has no stack.
    """
    try:
        environment = cloud.orchestration.stacks.environment(plan)
    except errors.ResourceNotFound:
        return Deployed({}, [])
    told = {
        **(environment.get("parameter_defaults") or {}),
        **(environment.get("parameters") or {}),
    }
    hidden = sorted(name for name, each in told.items() if each == _HIDDEN)
    for name in hidden:
        del told[name]
    return Deployed(told, hidden)
