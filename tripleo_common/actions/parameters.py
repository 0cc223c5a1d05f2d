"""Actions on plans' parameters.

Those of passwords, fencing and roles are found here, too, where clients of
earlier releases look for them.
"""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.actions.fencing import (
    GenerateFencingParametersAction,
    PostFencingParametersAction,
)
from tripleo_common.actions.passwords import (
    GeneratePasswordsAction,
    GetPasswordsAction,
    PostPasswordsAction,
    RotateFernetKeysAction,
)
from tripleo_common.actions.role_parameters import (
    GetNetworkConfigAction,
    GetProfileOfFlavorAction,
    UpdateRoleParametersAction,
)
from tripleo_common.clients import Cloud
from tripleo_common.plans import (
    deprecated_parameters,
    large_results,
    parameters,
    store,
)

__all__ = [
    "FindDeprecatedParametersAction",
    "GenerateFencingParametersAction",
    "GeneratePasswordsAction",
    "GetFlattenedParametersAction",
    "GetNetworkConfigAction",
    "GetParametersAction",
    "GetPasswordsAction",
    "GetProfileOfFlavorAction",
    "PostFencingParametersAction",
    "PostPasswordsAction",
    "ResetParametersAction",
    "RotateFernetKeysAction",
    "UpdateParametersAction",
    "UpdateRoleParametersAction",
]


class _TreeAction(base.TripleOAction):
    """An action whose result may be larger than what Mistral keeps."""

    container: str

    def _fitted(self, cloud: Cloud, result: dict[str, Any]) -> dict[str, Any]:
        if self._told("action_execution_id") is None:
            # Mistral keeps no such result.
            return result
        return large_results.fitted(
            cloud, self.container, result, "heat_resource_tree"
        )


class UpdateParametersAction(_TreeAction):
    """Merge parameters into a plan.

    They are compared with what the plan's templates take, and Heat validates
    the whole, before anything is stored: names, values and what is asked of
    them are told for all at once. With the templates of a whole cloud that
    takes Heat some seconds.

    :param parameters: names and values; each replaces what the plan sets
        for that name, the others stay.
    :param container: name of the plan.
    :param key: the key of the plan environment below which they are set.
        Only parameter_defaults, which it is if nobody says otherwise, is
        validated.
    :param validate: whether to validate; without, they are stored as they
        are.
    :param known_only: whether a name that no template takes is refused. If
        not, such names are told in the result: they may be meant for an
        environment that is put in force later.
    :param include_tree: whether the result tells what
        tripleo.parameters.get_flatten does; workflows that have no use for
        it leave it out.
    :returns: the plan's name and variables (template, environments,
        parameter_defaults) after the merge, without its passwords. If
        validated, also unknown (a list of names that no template takes),
        and what tripleo.parameters.get_flatten tells: heat_resource_tree
        and environment_parameters.
    :repeated: it sets the same values, over what others set since.
    :raises InvalidInput: parameters is not a mapping of names.
    :raises InvalidParameters: tells all values that the templates do not
        take; nothing is stored.
    :raises ServiceError: Heat finds fault with the rest of the plan.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self,
        parameters: dict[str, Any],
        container: str = constants.DEFAULT_CONTAINER_NAME,
        key: str = "parameter_defaults",
        validate: bool = True,
        known_only: bool = False,
        include_tree: bool = True,
    ) -> None:
        self.parameters = parameters
        self.container = container
        self.key = key
        self.validate = validate
        self.known_only = known_only
        self.include_tree = include_tree

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        result = parameters.update(
            cloud,
            store.Plan(cloud, self.container),
            self.parameters,
            self.key,
            self.validate,
            self.known_only,
        )
        if not self.include_tree:
            result.pop("heat_resource_tree", None)
        return self._fitted(cloud, result)


class ResetParametersAction(base.TripleOAction):
    """Drop the parameters that were set on a plan; its passwords stay.

    :param container: name of the plan.
    :param key: which key of the plan environment is dropped, if not the
        parameters: passwords, or one that others keep there. What the plan
        does not have is dropped already.
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


class GetParametersAction(_TreeAction):
    """Tell which parameters a plan's templates take, and which are set.

    The templates are rendered and Heat validates them; nothing is stored.
    Heat's answer is kept for as long as nothing that went into it changes.
    With the templates of a whole cloud it is of some megabytes: where
    Mistral keeps the result and it is over half of what an execution may
    hold, the tree goes to Swift, and spilled tells where.

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
        plan = store.Plan(cloud, self.container)
        return self._fitted(cloud, parameters.get(cloud, plan))


class GetFlattenedParametersAction(_TreeAction):
    """Tell the same as tripleo.parameters.get, with a flat tree.

    :param container: name of the plan.
    :returns: a mapping with environment_parameters (what operators set) and
        heat_resource_tree: a mapping with parameters (by name; Heat's keys
        begin with a small letter) and resources (by id, the same in each
        answer), each with id, name, parameters (names) and, where it has
        these, type, description, parameter_groups and resources (ids). The
        plan itself is the resource named Root.
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
        plan = store.Plan(cloud, self.container)
        return self._fitted(cloud, parameters.get_flatten(cloud, plan))


class FindDeprecatedParametersAction(base.TripleOAction):
    """Tell which parameters had better not be set any more.

    :param container: name of the plan.
    :returns: a mapping with deprecated (a list of mappings with parameter,
        deprecated and user_defined), unused (names that operators set and
        no template takes) and invalid_role_specific (names in a role's
        <role>Parameters that are not meant for that).
    :repeated: harmless; it only reads.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidFile: a file cannot be used; tells file, line and cause.
    :raises ServiceError: Heat finds fault with the templates.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        plan = store.Plan(cloud, self.container)
        return deprecated_parameters.find(cloud, plan)
