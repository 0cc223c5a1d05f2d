"""Let an execution say what it waits for.

Messages would not do: clients of Newton and Ocata take the first one on their
queue for the last. So it is the description of the execution in Mistral, which
``openstack workflow execution show`` tells, until the wait has ended.
"""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.plans import operation

LOG = logging.getLogger(__name__)


class Notice:
    """What the present execution says while it waits for a plan.

    :param cloud: whose Mistral runs it.
    :param plan: the plan's name.
    """

    def __init__(self, cloud: clients.Cloud, plan: str) -> None:
        self._cloud = cloud
        self._plan = plan
        self._execution = operation.current().execution
        self._afterwards = ""

    def __enter__(self) -> Notice:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._afterwards:
            self._describe(self._afterwards)

    def tell(self, holder: str, since: str) -> None:
        """Say so, once; a wait that cannot be told is a wait all the same.

        :param holder: who changes the plan.
        :param since: when that began.
        """
        if self._afterwards:
            return
        what = f"plan {self._plan}, which {{}} changed by {holder} since"
        LOG.info("Waiting for %s %s", what.format("is being"), since)
        # Mistral takes no empty description.
        self._afterwards = f"Waited for {what.format('was being')} {since}."
        if self._execution:
            self._afterwards = self._description() or self._afterwards
            self._describe(f"Waiting for {what.format('is being')} {since}.")

    def _description(self) -> str:
        try:
            found: Any = self._cloud.workflow.executions.get(self._execution)
        except errors.ServiceError as error:
            LOG.info("Mistral does not tell of the execution: %s", error)
            return ""
        return str(getattr(found, "description", None) or "")

    def _describe(self, text: str) -> None:
        if not self._execution:
            return
        try:
            self._cloud.workflow.executions.update(
                self._execution, None, description=text
            )
        except errors.ServiceError as error:
            LOG.info("The execution does not say that it waits: %s", error)
