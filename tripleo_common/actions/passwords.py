"""Actions on plans' passwords."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants, messages
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import fernet, passwords, store


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

    def execute(self, cloud: Cloud) -> None:
        messages.notify(
            cloud,
            self._told("workflow_execution_id"),
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
    :param rotate_passwords: whether passwords that are there are replaced,
        which the next deployment brings to the cloud.
    :param rotate_pw_list: the names of those to be replaced; empty: all but
        the keys that something was encrypted with.
    :returns: all passwords in clear text, by parameter name. Workflows call
        this with keep-result: false.
    :repeated: harmless; the passwords that are there stay. Those that are to
        be rotated are made anew once more.
    :raises InvalidInput: rotate_pw_list names what is no password, or what
        must stay.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        rotate_passwords: bool = False,
        rotate_pw_list: list[str] | None = None,
    ) -> None:
        self.container = container
        self.rotate_passwords = rotate_passwords
        self.rotate_pw_list = rotate_pw_list

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        rotated = (
            (self.rotate_pw_list or []) if self.rotate_passwords else None
        )
        return store.Plan(cloud, self.container).generate_passwords(rotated)


class RotateFernetKeysAction(base.TripleOAction):
    """Rotate the Fernet keys of a plan's Keystone.

    The staged key becomes the primary one, a new one is staged, and the
    oldest beyond KeystoneFernetMaxActiveKeys (5) go. The next deployment
    brings them to the cloud.

    :param container: name of the plan.
    :returns: the new keys in clear text: a mapping of files' paths to
        mappings with content. Workflows call this with keep-result: false.
    :repeated: the keys are rotated once more.
    :raises NotFound: the plan has no keys yet.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        return fernet.rotate(store.Plan(cloud, self.container))


def _passwords(cloud: Cloud, plan: str) -> dict[str, Any]:
    current = store.Plan(cloud, plan).state()
    return passwords.in_force(current.passwords, current.parameter_defaults)
