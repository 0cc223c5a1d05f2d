"""The systems that the emulated BMC has."""

from __future__ import annotations

import uuid

#: Systems, unless the user wants others.
DEFAULT = 3

#: What fits into the last part of their addresses.
MOST = 250

_NAMESPACE = uuid.UUID("9c2f3a54-7d0b-4e7a-9f0e-1d5c8a6b4e21")


def systems(number: int) -> list[dict[str, object]]:
    """Return so many systems, the same ones each time."""
    return [_system(n) for n in range(1, number + 1)]


def _system(number: int) -> dict[str, object]:
    name = f"bmc-{number}"
    return {
        "uuid": str(uuid.uuid5(_NAMESPACE, name)),
        "name": name,
        "power_state": "Off",
        "nics": [
            {
                # Of the range that nobody owns.
                "mac": f"52:54:00:b0:{card:02x}:{number:02x}",
                "ip": f"192.168.24.{number}",
            }
            for card in range(2)
        ],
        "processors": 2,
        "cores": 4,
        "memory_gib": 16,
        "disks_gb": [64, 128],
    }
