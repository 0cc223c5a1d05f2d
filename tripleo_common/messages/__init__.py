"""The one message that a workflow ends with, on a queue of Zaqar.

``envelope`` says what stands in it, ``envelope.json`` is its JSON schema,
``failure`` adds the form of a failure that programs read, ``queues`` posts
it, ``spill`` puts what a queue does not take into Swift, ``notification``
does all of it for the action ``tripleo.messaging.notify``, and ``reporter``
finds the executions that ended without a message.
"""

from tripleo_common.messages.envelope import STATUSES, body
from tripleo_common.messages.notification import notify
from tripleo_common.messages.queues import TTL, post

__all__ = ["STATUSES", "TTL", "body", "notify", "post"]
