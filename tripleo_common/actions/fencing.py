"""Actions that make the parameters of fencing."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants, messages
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.nodes import fencing


class GenerateFencingParametersAction(base.TripleOAction):
    """Make the parameters that have Pacemaker fence nodes.

    :param nodes_json: the nodes as they are registered.
    :param os_auth: not used any more; clients of Ocata and Pike pass it.
    :param fence_action: what fencing does to a node: reboot, off or on;
        none: what the agent does of itself.
    :param delay: seconds before a node is fenced.
    :param ipmi_level: privilege level of IPMI.
    :param ipmi_cipher: cipher suite of IPMI.
    :param ipmi_lanplus: whether IPMI 2.0 is spoken.
    :returns: a mapping with parameter_defaults: EnableFencing (true) and
        FencingConfig with devices, a list of mappings with agent, host_mac
        and params. The passwords of the nodes' BMCs are in it: workflows
        call this with keep-result: false.
    :repeated: harmless; it only reads.
    :raises InvalidInput: tells all that is wrong with the nodes.
    """

    def __init__(
        self,
        nodes_json: list[Any],
        os_auth: Any = None,
        fence_action: str | None = None,
        delay: Any = None,
        ipmi_level: Any = None,
        ipmi_cipher: Any = None,
        ipmi_lanplus: Any = None,
    ) -> None:
        self.nodes_json = nodes_json
        self.os_auth = os_auth
        self.fence_action = fence_action
        self.delay = delay
        self.ipmi_level = ipmi_level
        self.ipmi_cipher = ipmi_cipher
        self.ipmi_lanplus = ipmi_lanplus

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        options = fencing.Options(
            self.delay,
            self.fence_action,
            self.ipmi_level,
            self.ipmi_cipher,
            self.ipmi_lanplus,
        )
        return fencing.generate(cloud, self.nodes_json, options)


class PostFencingParametersAction(base.TripleOAction):
    """Post the parameters of fencing, as the message a workflow ends with.

    They go to the queue, and are not kept by Mistral.

    :param nodes_json: the nodes as they are registered.
    :param delay: seconds before a node is fenced.
    :param ipmi_level: privilege level of IPMI.
    :param ipmi_cipher: cipher suite of IPMI.
    :param ipmi_lanplus: whether IPMI 2.0 is spoken.
    :param queue_name: the queue of Zaqar. Whoever may read it can read the
        passwords of the nodes' BMCs, for an hour.
    :returns: nothing.
    :repeated: the message may be there twice.
    :raises InvalidInput: tells all that is wrong with the nodes.
    """

    def __init__(
        self,
        nodes_json: list[Any],
        delay: Any = None,
        ipmi_level: Any = None,
        ipmi_cipher: Any = None,
        ipmi_lanplus: Any = None,
        queue_name: str = constants.DEFAULT_QUEUE_NAME,
    ) -> None:
        self.nodes_json = nodes_json
        self.delay = delay
        self.ipmi_level = ipmi_level
        self.ipmi_cipher = ipmi_cipher
        self.ipmi_lanplus = ipmi_lanplus
        self.queue_name = queue_name

    def execute(self, cloud: Cloud) -> None:
        options = fencing.Options(
            self.delay,
            None,
            self.ipmi_level,
            self.ipmi_cipher,
            self.ipmi_lanplus,
        )
        made = fencing.generate(cloud, self.nodes_json, options)
        messages.notify(
            cloud,
            self._told("workflow_execution_id"),
            self.queue_name,
            "SUCCESS",
            "The parameters of fencing are told.",
            {"fencing_parameters": made},
            handed_out=True,
        )
