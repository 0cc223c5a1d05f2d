"""What Ironic remembers of a node's failures.

Ironic empties ``last_error`` whenever it finds a node's power to be as it
should, which can be a moment after a failure. The node's history stays.
"""

from __future__ import annotations

from tripleo_common import clients, errors


def last_error(cloud: clients.Cloud, uuid: str) -> str:
    """The newest error in a node's history; empty: there is none to be had."""
    try:
        events = cloud.baremetal.node.get_history_list(uuid, detail=True)
    except errors.TripleOError:
        # Whoever reads this asks for a reason, not for another failure.
        return ""
    failures = [event for event in events if event["severity"] == "ERROR"]
    failures.sort(key=lambda event: str(event["created_at"]))
    return str(failures[-1]["event"]) if failures else ""
