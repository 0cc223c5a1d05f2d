"""What every action has in common."""

from __future__ import annotations

import abc
import functools
from importlib import metadata
from typing import Any, ClassVar

from mistral_lib import actions
from mistral_lib.actions import types

from tripleo_common import errors, tokens
from tripleo_common.actions import inputs
from tripleo_common.clients import Cloud
from tripleo_common.plans import operation

#: Characters of an error's text. Mistral keeps 64 KiB, and people read less.
_LONGEST_TEXT = 4000


class TripleOAction(actions.Action):
    """An action on the cloud that the request came from.

    A subclass stores its inputs in ``__init__`` and does its work in
    :meth:`execute`. Mistral stores the public attributes and rebuilds the
    action from them, so they are plain JSON values. Each that ``__init__``
    annotates is checked to be of that kind before the work begins.

    The ``get_..._client`` methods serve action packages that want a
    service's own client and its own exceptions.
    """

    #: Whether the work takes so long that the caller's token may end before.
    takes_minutes: ClassVar[bool] = False
    #: What Mistral told of the run, where Mistral runs it.
    _execution: Any = None

    def run(self, context: Any) -> Any:
        """Do the work; a known error becomes the action's failed result."""
        self._execution = getattr(context, "execution", None)
        try:
            inputs.check(self)
            if self.takes_minutes:
                tokens.check_lifetime(context.security)
            asked_by = _asked_by(context.security)
            with operation.running(*self._operation(), *asked_by):
                return self.execute(Cloud.of_request(context.security))
        except errors.TripleOError as error:
            return types.Result(error=_bounded(str(error)))

    def _operation(self) -> tuple[str, str]:
        """The workflow that this is a part of, and its execution."""
        workflow = self._told("workflow_name")
        if workflow is None:
            return self._name(), ""
        return workflow, self._told("workflow_execution_id") or ""

    def _told(self, what: str) -> Any:
        """What Mistral told of this run, or ``None`` outside of Mistral."""
        return getattr(self._execution, what, None)

    def _name(self) -> str:
        """The name that Mistral knows the action by."""
        # Executors rebuild an action as one of a class made on the spot.
        for own in type(self).__mro__:
            name = _entry_point(own.__module__, own.__qualname__)
            if name:
                return name
        return type(self).__qualname__

    @abc.abstractmethod
    def execute(self, cloud: Cloud) -> Any:
        """The action's result, a plain JSON value.

        :raises TripleOError: with the text that the caller is to read.
        """

    def __repr__(self) -> str:
        # Mistral logs it, and inputs can hold passwords.
        return type(self).__name__

    def get_baremetal_client(self, context: Any) -> Any:
        """ironicclient."""
        return Cloud.of_request(context.security).clients.baremetal

    def get_baremetal_introspection_client(self, context: Any) -> Any:
        """ironic-inspector-client."""
        cloud = Cloud.of_request(context.security)
        return cloud.clients.baremetal_introspection

    def get_compute_client(self, context: Any) -> Any:
        """novaclient."""
        return Cloud.of_request(context.security).clients.compute

    def get_image_client(self, context: Any) -> Any:
        """glanceclient."""
        return Cloud.of_request(context.security).clients.image

    def get_messaging_client(self, context: Any) -> Any:
        """zaqarclient."""
        return Cloud.of_request(context.security).clients.messaging

    def get_object_client(self, context: Any) -> Any:
        """swiftclient."""
        return Cloud.of_request(context.security).clients.object_store

    def get_orchestration_client(self, context: Any) -> Any:
        """heatclient."""
        return Cloud.of_request(context.security).clients.orchestration

    def get_workflow_client(self, context: Any) -> Any:
        """mistralclient."""
        return Cloud.of_request(context.security).clients.workflow


def _asked_by(security: Any) -> tuple[str, str]:
    """The names of the user and of the project, where Mistral tells them."""
    user = getattr(security, "user_name", None)
    project = getattr(security, "project_name", None)
    return str(user or ""), str(project or "")


@functools.cache
def _entry_point(module: str, action: str) -> str:
    """The name that Mistral knows an action's class by; empty: by none."""
    package = module.partition(".")[0]
    for entry_point in metadata.entry_points(group="mistral.actions"):
        where, _, name = entry_point.value.partition(":")
        # A class may be found in another module than its own.
        if name == action and where.partition(".")[0] == package:
            return entry_point.name
    return ""


def _bounded(text: str) -> str:
    """*text*, cut where an input or an answer made it endless."""
    if len(text) <= _LONGEST_TEXT:
        return text
    return f"{text[:_LONGEST_TEXT]} ..."
