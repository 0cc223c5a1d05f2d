"""Actions that run validations, and end them."""

from __future__ import annotations

from typing import Any

from mistral_lib.actions import types

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.validations import results, running, stopping


class RunValidationAction(base.TripleOAction):
    """Run a validation, and keep its result.

    It waits while the machine runs as many as it may. The hosts are the
    undercloud and the servers of the plan's stack. Its workflow execution's
    end stops it, and so does tripleo.validations.stop.

    :param validation: id of the validation.
    :param plan: name of the plan, which need not exist.
    :param inputs: variables of the playbook.
    :param fails: whether the action fails where the validation does; the
        error then is the result.
    :returns: a mapping: id, plan, validation, status (SUCCESS, FAILED,
        SKIPPED or STOPPED), message, start, end, hosts (ok, failed or
        unreachable), failures (task and text by host), output (container,
        object and bytes in Swift), execution_id, root_execution_id, stdout
        (begin and end of the output) and stderr.
    :repeated: it runs again; the first result stays as it was.
    :raises ValidationNotFound: there is no such validation.
    :raises InvalidInput: it cannot be run, or must not.
    """

    takes_minutes = True

    def __init__(
        self,
        validation: str,
        plan: str = constants.DEFAULT_CONTAINER_NAME,
        inputs: dict[str, Any] | None = None,
        fails: bool = True,
    ) -> None:
        self.validation = validation
        self.plan = plan
        self.inputs = inputs
        self.fails = fails

    def execute(self, cloud: Cloud) -> Any:
        told = running.run(cloud, self.plan, self.validation, self.inputs)
        passed = told["status"] in (results.SUCCESS, results.SKIPPED)
        return told if passed or not self.fails else types.Result(error=told)


class StopValidationsAction(base.TripleOAction):
    """Stop validations of a plan, and wait until they have ended.

    Ansible is interrupted; after [tripleo_common] validations_grace seconds
    all its processes are killed.

    :param plan: name of the plan.
    :param ids: of runs, or of the workflow executions that started them: what
        those have not begun yet does not begin.
    :param validations: ids of validations whose runs are stopped.
    :returns: a list of the runs that were stopped; with neither ids nor
        validations all that went on.
    :repeated: harmless; what has ended has ended.
    :raises ValidationNotFound: there is no run of one of the ids.
    :raises Conflict: a run does not end.
    """

    _user = "an unknown user"

    def __init__(
        self,
        plan: str = constants.DEFAULT_CONTAINER_NAME,
        ids: list[str] | None = None,
        validations: list[str] | None = None,
    ) -> None:
        self.plan = plan
        self.ids = ids
        self.validations = validations

    def run(self, context: Any) -> Any:
        """As all actions; Mistral tells who asks."""
        self._user = getattr(context.security, "user_name", "") or self._user
        return super().run(context)

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        return stopping.stop(
            cloud, self.plan, self.ids, self.validations, self._user
        )
