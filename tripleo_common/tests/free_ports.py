"""Ports for underclouds of tests."""

from __future__ import annotations

import os

from tripleo_common.undercloud import ports


def free_base(start: int) -> int:
    """Ports that are free, and that no worker of ``pytest -n`` takes too.

    :param start: below 32000: the ports above are taken by connections that
        go out, at any moment.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return ports.find_free_base(start + 500 * int(worker))
