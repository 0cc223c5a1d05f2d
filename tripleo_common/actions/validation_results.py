"""Actions that tell what became of validations."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import large_results
from tripleo_common.validations import results


class ListResultsAction(base.TripleOAction):
    """List the results that are kept of a plan's validations.

    :param plan: name of the plan.
    :param validations: list those of these; none: of all.
    :param limit: as many at most.
    :returns: a list, the newest first, of mappings: id, plan, validation,
        status (WAITING, RUNNING, SUCCESS, FAILED, SKIPPED, STOPPED or LOST),
        message, start, end, hosts (how many are ok, failed and unreachable),
        execution_id and root_execution_id.
    :repeated: harmless; it only reads.
    :raises InvalidPlanName: no plan may be called that.
    """

    def __init__(
        self,
        plan: str = constants.DEFAULT_CONTAINER_NAME,
        validations: list[str] | None = None,
        limit: int = 100,
    ) -> None:
        self.plan = plan
        self.validations = validations
        self.limit = limit

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        found = results.chosen(cloud, self.plan, None, self.validations)
        return [results.short(each) for each in found[: max(self.limit, 0)]]


class GetResultsAction(base.TripleOAction):
    """Tell results of a plan's validations in full.

    :param plan: name of the plan.
    :param ids: of runs, or of the workflow executions that started them;
        none: those of all that are kept.
    :returns: a mapping: results, a list, the newest first, of mappings as of
        tripleo.validations.list_results, with hosts (ok, failed or
        unreachable), failures (task and text by host) and output (container,
        object and bytes in Swift). If that is more than Mistral keeps, it is
        null, and spilled tells where in Swift it is.
    :repeated: harmless; it only reads.
    :raises ValidationNotFound: there is no run of one of the ids.
    """

    def __init__(
        self,
        plan: str = constants.DEFAULT_CONTAINER_NAME,
        ids: list[str] | None = None,
    ) -> None:
        self.plan = plan
        self.ids = ids

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        found = results.chosen(cloud, self.plan, self.ids, None)
        told = {"results": found}
        return large_results.fitted(cloud, self.plan, told, "results")
