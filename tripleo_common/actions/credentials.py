"""Actions that tell how to log in to a deployed cloud."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants, messages
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.deployments import overcloudrc
from tripleo_common.plans.store import Plan


class PostOvercloudRcAction(base.TripleOAction):
    """Post the files that log in to a cloud, as a workflow's last message.

    They go to the queue, and are not kept by Mistral: they hold the admin's
    password.

    :param container: name of the plan, and of the stack.
    :param no_proxy: hosts to be reached without a proxy, separated by
        commas; the cloud's own are added.
    :param queue_name: the queue of Zaqar. Whoever may read it can read the
        password, for an hour.
    :returns: nothing. The message is a mapping with overcloudrc and
        overcloudrc.v3: texts to source in a shell.
    :repeated: the message may be there twice.
    :raises PlanNotFound: there is no such plan.
    :raises NotFound: the plan has no stack, or no AdminPassword.
    :raises Conflict: the stack does not tell where its Keystone is (yet).
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        no_proxy: str = "",
        queue_name: str = constants.DEFAULT_QUEUE_NAME,
    ) -> None:
        self.container = container
        self.no_proxy = no_proxy
        self.queue_name = queue_name

    def execute(self, cloud: Cloud) -> None:
        plan = Plan(cloud, self.container)
        files = overcloudrc.create(cloud, plan, self.no_proxy)
        _post(self, cloud, files)


class PostCloudsYamlAction(base.TripleOAction):
    """Post a cloud's entry of clouds.yaml, as a workflow's last message.

    It goes to the queue, and is not kept by Mistral: it holds the admin's
    password.

    :param container: name of the plan, and of the stack.
    :param queue_name: the queue of Zaqar. Whoever may read it can read the
        password, for an hour.
    :returns: nothing. The message is a mapping of the plan's name to what
        stands under it in the file.
    :repeated: the message may be there twice.
    :raises PlanNotFound: there is no such plan.
    :raises NotFound: the plan has no stack, or no AdminPassword.
    :raises Conflict: the stack does not tell where its Keystone is (yet).
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        queue_name: str = constants.DEFAULT_QUEUE_NAME,
    ) -> None:
        self.container = container
        self.queue_name = queue_name

    def execute(self, cloud: Cloud) -> None:
        plan = Plan(cloud, self.container)
        _post(self, cloud, overcloudrc.clouds_yaml(cloud, plan))


class HorizonUrlAction(base.TripleOAction):
    """Tell where the dashboard of a deployed cloud is.

    :param stack: name of the stack.
    :returns: its URL.
    :repeated: harmless; it only reads.
    :raises NotFound: there is no such stack.
    :raises Conflict: the stack does not tell (yet), or has no dashboard.
    """

    def __init__(self, stack: str = constants.DEFAULT_CONTAINER_NAME) -> None:
        self.stack = stack

    def execute(self, cloud: Cloud) -> str:
        return overcloudrc.horizon_url(cloud, self.stack)


def _post(
    action: PostOvercloudRcAction | PostCloudsYamlAction,
    cloud: Cloud,
    message: dict[str, Any],
) -> None:
    messages.notify(
        cloud,
        action._told("workflow_execution_id"),
        action.queue_name,
        "SUCCESS",
        message,
        handed_out=True,
    )
