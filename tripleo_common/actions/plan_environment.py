"""Actions on what a plan's environment says."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import plan_environment, sample_plans, store


class UpdatePlanEnvironmentAction(base.TripleOAction):
    """Set or drop a key of a plan's environment, or one name below it.

    :param env_key: the key: parameter_defaults, passwords, environments,
        template, or any other that stands in plan-environment.yaml.
    :param parameter: the name below the key; none: the key as a whole.
    :param value: what it becomes.
    :param delete: whether it is dropped instead.
    :param container: name of the plan.
    :returns: nothing.
    :repeated: it sets the same value, over what others set since; dropping
        what is gone is refused.
    :raises InvalidInput: the key or name is not there to be dropped, cannot
        be set, or must be of another form.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self,
        env_key: str,
        parameter: str | None = None,
        value: Any = None,
        delete: bool = False,
        container: str = constants.DEFAULT_CONTAINER_NAME,
    ) -> None:
        self.env_key = env_key
        self.parameter = parameter
        self.value = value
        self.delete = delete
        self.container = container

    def execute(self, cloud: Cloud) -> None:
        plan_environment.update(
            store.Plan(cloud, self.container),
            self.env_key,
            self.parameter,
            self.value,
            self.delete,
        )


class ListSamplePlansAction(base.TripleOAction):
    """Tell the samples of plan environments that a plan's templates ship.

    :param container: name of the plan.
    :returns: a list of mappings, sorted by name: what each sample says, with
        its name.
    :repeated: harmless; it only reads.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidFile: a sample does not parse; tells file and line.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        return sample_plans.available(store.Plan(cloud, self.container))


class SelectSamplePlanAction(base.TripleOAction):
    """Take a sample of a plan environment over into a plan.

    What it says replaces what the plan's environment says, but for the
    parameters and passwords that are set already.

    :param sample: name of the sample, as tripleo.plan.list_samples tells it.
    :param container: name of the plan.
    :returns: nothing.
    :repeated: it sets the same, over what others set since.
    :raises NotFound: the templates ship no such sample; tells which.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self, sample: str, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.sample = sample
        self.container = container

    def execute(self, cloud: Cloud) -> None:
        sample_plans.select(store.Plan(cloud, self.container), self.sample)
