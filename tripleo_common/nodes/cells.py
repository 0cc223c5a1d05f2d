"""Have Nova find the nodes that Ironic has."""

from __future__ import annotations

import subprocess
import time

from tripleo_common import clients, conf, errors
from tripleo_common.nodes import waiting

_ARGUMENTS = ("cell_v2", "discover_hosts", "--verbose")
#: Seconds between two looks at Nova's hypervisors.
_PAUSE = 5
#: Characters of the command's own words.
_LONGEST = 500


def discover(cloud: clients.Cloud) -> str:
    """Map new compute hosts to their cells; the command's own words.

    :raises NotFound: there is no Nova, or its command is not there.
    :raises Conflict: the command failed.
    """
    if not cloud.offers("compute"):
        raise errors.NotFound(
            "There are no cells: they are Nova's, and the catalog has no "
            "compute service. Nodes that are deployed without Nova need no "
            "such discovery."
        )
    options = conf.options()
    command = [*options.nova_manage, *_ARGUMENTS]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=options.heat_timeout,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise errors.NotFound(
            f"The command {' '.join(command)} could not be run on the "
            f"executor: {error}. Say in [tripleo_common] nova_manage of "
            "Mistral's configuration how it is to be called, or have Nova "
            "discover hosts by itself ([scheduler] "
            "discover_hosts_in_cells_interval)."
        ) from None
    told = " ".join((done.stdout + done.stderr).split())
    if done.returncode:
        raise errors.Conflict(
            f"The command {' '.join(command)} failed with status "
            f"{done.returncode}: {told[-_LONGEST:]}. See what it says, and "
            "try again."
        )
    return told


def wait_for(cloud: clients.Cloud, uuids: list[str], timeout: float) -> None:
    """Wait until each node is a hypervisor of Nova's.

    :raises Conflict: some are not in time.
    """
    deadline = time.monotonic() + timeout
    while True:
        known = {
            each.hypervisor_hostname
            for each in cloud.compute.hypervisors.list(detailed=False)
        }
        missing = [uuid for uuid in uuids if uuid not in known]
        if not missing:
            return
        if time.monotonic() > deadline:
            raise errors.Conflict(
                f"Nova does not know {', '.join(missing[:20])} after "
                f"{timeout:g} seconds. See that the nodes are available, "
                "and what nova-compute's log says, then try again."
            )
        waiting.pause(_PAUSE)
