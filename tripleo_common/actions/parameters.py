"""Actions on plans' parameters and passwords."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants, messages
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import parameters, passwords, store


class UpdateParametersAction(base.TripleOAction):
    """Merge parameters into a plan.

    :param parameters: names and values; each replaces what the plan sets
        for that name, the others stay.
    :param container: name of the plan.
    :returns: the plan's name and variables (template, environments,
        parameter_defaults) after the merge, without its passwords.
    :repeated: it sets the same values, over what others set since.
    :raises InvalidInput: parameters is not a mapping of names.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self,
        parameters: dict[str, Any],
        container: str = constants.DEFAULT_CONTAINER_NAME,
    ) -> None:
        self.parameters = parameters
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        plan = store.Plan(cloud, self.container)
        return parameters.update(plan, self.parameters)


class ResetParametersAction(base.TripleOAction):
    """Drop the parameters that were set on a plan; its passwords stay.

    :param container: name of the plan.
    :param key: which of the plan's variables is dropped, if not its
        parameters: passwords, or one that others keep in the plan's Mistral
        environment. What the plan does not have is dropped already.
    :returns: the plan's name and variables (template, environments,
        parameter_defaults) after it, without its passwords.
    :repeated: it drops what others set since, too.
    :raises InvalidInput: a plan cannot do without that variable.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        key: str = "parameter_defaults",
    ) -> None:
        self.container = container
        self.key = key

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        plan = store.Plan(cloud, self.container)
        return parameters.reset(plan, self.key)


class GetParametersAction(base.TripleOAction):
    """Tell which parameters a plan's templates take, and which are set.

    The templates are rendered and Heat validates them; nothing is stored.
    With the templates of a whole cloud the result is of some megabytes, and
    takes Heat a minute.

    :param container: name of the plan.
    :returns: a mapping with heat_resource_tree (Heat's answer to a
        validation with nested stacks: Parameters, NestedParameters and so
        on, in which the passwords that were generated are masked), and what
        operators set, as mistral_environment_parameters and, as later
        releases call it, environment_parameters.
    :repeated: harmless; it only reads.
    :raises PlanNotFound: there is no such plan.
    :raises FileMissing: a file that another refers to is not in the plan.
    :raises InvalidFile: a file cannot be used; tells file, line and cause.
    :raises ServiceError: Heat finds fault with the templates.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return parameters.get(cloud, store.Plan(cloud, self.container))


class GetPasswordsAction(base.TripleOAction):
    """Tell a plan's passwords.

    What an operator set as a parameter is told in the place of what was
    generated.

    :param container: name of the plan.
    :returns: all passwords in clear text, by parameter name. Call it without
        save_result, or Mistral keeps them; workflows call it with
        keep-result: false.
    :repeated: harmless; it only reads.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return _passwords(cloud, self.container)


class PostPasswordsAction(base.TripleOAction):
    """Post a plan's passwords, as the message that a workflow ends with.

    They go from the plan to the queue, and are not kept by Mistral.

    :param container: name of the plan.
    :param queue_name: the queue of Zaqar. Whoever may read it can read the
        passwords, for an hour.
    :returns: nothing.
    :repeated: the message may be there twice.
    :raises InvalidInput: it is not called from a workflow.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        queue_name: str = constants.DEFAULT_QUEUE_NAME,
    ) -> None:
        self.container = container
        self.queue_name = queue_name

    def run(self, context: Any) -> Any:
        # Only here is told which workflow asks.
        self._execution_id = context.execution.workflow_execution_id
        return super().run(context)

    def execute(self, cloud: Cloud) -> None:
        messages.notify(
            cloud,
            self._execution_id,
            self.queue_name,
            "SUCCESS",
            _passwords(cloud, self.container),
            handed_out=True,
        )


class GeneratePasswordsAction(base.TripleOAction):
    """Generate the passwords that a plan's services need.

    Those that are there already stay. What an operator set as a parameter
    is told in the place of what was generated.

    :param container: name of the plan.
    :returns: all passwords in clear text, by parameter name. Workflows call
        this with keep-result: false.
    :repeated: harmless; the passwords that are there stay.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return store.Plan(cloud, self.container).generate_passwords()


def _passwords(cloud: Cloud, plan: str) -> dict[str, Any]:
    current = store.Plan(cloud, plan).state()
    return passwords.in_force(current.passwords, current.parameter_defaults)
