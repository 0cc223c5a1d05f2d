"""Actions on what a plan's templates can do."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import capabilities, store


class UpdateCapabilitiesAction(base.TripleOAction):
    """Put environment files of a plan in force, or out of it.

    :param environments: a mapping of files' paths in the plan to true or
        false; what it does not name stays as it is. Those that are put in
        force come last, in the order given, so they win.
    :param container: name of the plan.
    :returns: the plan's variables after it (template, environments,
        parameter_defaults), without its passwords.
    :repeated: it selects the same, over what others did since.
    :raises InvalidInput: environments is not such a mapping.
    :raises FileMissing: a file is not in the plan.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self,
        environments: dict[str, bool],
        container: str = constants.DEFAULT_CONTAINER_NAME,
    ) -> None:
        self.environments = environments
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        plan = store.Plan(cloud, self.container)
        return capabilities.select(plan, self.environments)
