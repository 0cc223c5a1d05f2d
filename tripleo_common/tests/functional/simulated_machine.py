"""What is inside a simulated machine, and how its ramdisk tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

GIB = 1024**3


@dataclass
class Machine:
    """What is inside a machine.

    :ivar boot_seconds: until its ramdisk says something.
    :ivar boots: whether it ever does.
    :ivar error: what goes wrong while it looks at itself.
    :ivar failing_steps: clean steps that fail, and what they say.
    :ivar step_seconds: that a clean step takes.
    :ivar steps: the clean steps that it did.
    :ivar boots_seen: how many times it was booted.
    """

    macs: list[str]
    memory_mb: int = 8192
    cpus: int = 4
    disks_gib: tuple[int, ...] = (60, 500, 40)
    bmc_address: str = ""
    boot_seconds: float = 0
    boots: bool = True
    error: str = ""
    failing_steps: dict[str, str] = field(default_factory=dict)
    step_seconds: float = 0
    steps: list[str] = field(default_factory=list)
    boots_seen: int = 0

    def inventory(self) -> dict[str, Any]:
        """What the ramdisk posts, as one of a virtual machine does."""
        disks = [
            _disk(number, size) for number, size in enumerate(self.disks_gib)
        ]
        # As the agent chooses: the smallest of at least 4 GiB.
        fitting = [disk for disk in disks if disk["size"] >= 4 * GIB]
        posted: dict[str, Any] = {
            "inventory": {
                "interfaces": [
                    _interface(number, mac)
                    for number, mac in enumerate(self.macs)
                ],
                "cpu": {
                    "model_name": "Intel(R) Xeon(R) Gold 6248",
                    "frequency": "2499.998",
                    "count": self.cpus,
                    "architecture": "x86_64",
                    "flags": ["fpu", "aes", "vmx", "avx512f"],
                },
                "disks": disks,
                "memory": {
                    "total": self.memory_mb * 1024**2,
                    "physical_mb": self.memory_mb,
                },
                "bmc_address": self.bmc_address or None,
                "bmc_v6address": None,
                "system_vendor": {
                    "product_name": "Standard PC (Q35 + ICH9, 2009)",
                    "serial_number": "",
                    "manufacturer": "QEMU",
                },
                "boot": {
                    "current_boot_mode": "uefi",
                    "pxe_interface": self.macs[0],
                },
                "hostname": "localhost",
            },
            "boot_interface": f"01-{self.macs[0].replace(':', '-')}",
            "root_disk": min(fitting, key=lambda disk: disk["size"]),
            "configuration": {
                "collectors": ["default", "logs"],
                "managers": [
                    {"name": "generic_hardware_manager", "version": "1.2"}
                ],
            },
        }
        if self.error:
            posted["error"] = self.error
        return posted


def _disk(number: int, size_gib: int) -> dict[str, Any]:
    letter = "abcdefghij"[number]
    return {
        "name": f"/dev/sd{letter}",
        "model": "QEMU HARDDISK",
        "size": size_gib * GIB,
        "rotational": True,
        "wwn": f"0x50014380000000{number:02x}",
        "serial": f"QM{number:05d}",
        "vendor": "ATA",
        "wwn_with_extension": f"0x50014380000000{number:02x}",
        "wwn_vendor_extension": None,
        "hctl": f"{number}:0:0:0",
        "by_path": f"/dev/disk/by-path/pci-0000:00:1f.2-ata-{number + 1}",
    }


def _interface(number: int, mac: str) -> dict[str, Any]:
    return {
        "name": f"eth{number}",
        "mac_address": mac,
        "ipv4_address": f"192.168.24.{int(mac[-2:], 16)}",
        "ipv6_address": None,
        "has_carrier": True,
        "lldp": None,
        "vendor": "0x1af4",
        "product": "0x0001",
        "client_id": None,
        "biosdevname": None,
        "speed_mbps": None,
    }
