"""Actions on what a plan's templates can do."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import capabilities, store


class GetCapabilitiesAction(base.TripleOAction):
    """Tell which environment files a plan has, and which are in force.

    :param container: name of the plan.
    :returns: the topics of the plan's capabilities-map.yaml by their titles,
        in the file's order, with enabled (true or false) in each
        environment; and the topic Other, with the files below environments/
        and the user's own that the map does not know.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidFile: the map does not parse, or has another form.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return capabilities.get(store.Plan(cloud, self.container))


class UpdateCapabilitiesAction(base.TripleOAction):
    """Put environment files of a plan in force, or out of it.

    What the plan's capabilities-map.yaml says of files that require others,
    or that exclude one another, is kept.

    :param environments: a mapping of files' paths in the plan to true or
        false, or a list of paths to be put in force; what it does not name
        stays as it is. Those that are put in force come last, in the order
        given, so they win.
    :param container: name of the plan.
    :param purge_missing: whether what environments does not name is put out
        of force. Where it is, name the base environment, too.
    :param sort_environments: whether all that is in force is ordered so that
        what another file requires comes before it.
    :returns: the plan's variables after it (template, environments,
        parameter_defaults), without its passwords.
    :raises InvalidInput: environments is not such a mapping, or the files do
        not go together; tells which.
    :raises FileMissing: a file is not in the plan.
    :raises PlanNotFound: there is no such plan.
    :repeated: it selects the same, over what others did since.
    """

    def __init__(
        self,
        environments: dict[str, bool] | list[str],
        container: str = constants.DEFAULT_CONTAINER_NAME,
        purge_missing: bool = False,
        sort_environments: bool = False,
    ) -> None:
        self.environments = environments
        self.container = container
        self.purge_missing = purge_missing
        self.sort_environments = sort_environments

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return capabilities.select(
            store.Plan(cloud, self.container),
            self.environments,
            self.purge_missing,
            self.sort_environments,
        )
