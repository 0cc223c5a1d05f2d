"""How large may a message be?"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from tripleo_common.undercloud.doctor.finding import (
    Finding,
    ok,
    unknown,
    warning,
)
from tripleo_common.undercloud.doctor.subject import Subject

_CHECK = "zaqar.message_size"
#: Zaqar's own default, in bytes.
_STOCK = 262144


def check(subject: Subject) -> Iterator[Finding]:
    """Ask a queue that does not exist: it tells the limits all the same."""
    name = f"tripleo-doctor-{uuid.uuid4()}"
    answer = subject.get("messaging", f"/v2/queues/{name}")
    limit = answer.get("_max_messages_post_size")
    setting = "[transport] max_messages_post_size in zaqar.conf"
    if not isinstance(limit, int):
        yield unknown(
            _CHECK,
            "This Zaqar does not tell how large a message may be.",
            f"See {setting}.",
        )
    elif limit < _STOCK:
        yield warning(
            _CHECK,
            f"A message may have {limit} bytes, less than Zaqar's default: "
            "more of each message goes to Swift, which not every client "
            "reads.",
            f"Set {setting} to {_STOCK} or more.",
        )
    else:
        yield ok(_CHECK, f"A message may have {limit} bytes.")
