"""A BMC that speaks Redfish: sushy-tools' emulator, served by cheroot.

Deviates from stock in two points: cheroot serves it, as the server that
``sushy-emulator`` starts is Flask's own, for development only; and its fake
systems have processors, memory and disks, as the emulator's have but a power
switch and network cards, and Ironic's inspection fails on these. The one can
go when the emulator starts another server, the other when its fake systems
have hardware.
"""

import os

import launching

SETTINGS = launching.settings()
(SETTINGS.data / "bmc").mkdir(exist_ok=True)
os.environ["SUSHY_EMULATOR_CONFIG"] = SETTINGS.config("bmc.cfg")

from sushy_tools.emulator.resources.systems import fakedriver  # noqa: E402


class Systems(fakedriver.FakeDriver):
    """Fake systems with what inspection looks for."""

    def __init__(self):
        super().__init__()
        # The dictionary remembers systems that are not configured any more.
        for known in list(self._systems):
            if known not in self._configured():
                del self._systems[known]
        for uuid, system in self._configured().items():
            # What describes the hardware is as configured; state stays.
            self._systems[uuid] = {**self._systems[uuid], **_hardware(system)}

    def _configured(self):
        systems = self._config["SUSHY_EMULATOR_FAKE_SYSTEMS"]
        return {system["uuid"]: system for system in systems}

    def set_power_state(self, identity, state):
        super().set_power_state(identity, state)
        system = self._get(identity)
        pending = system.get("pending_power")
        if pending:
            # At once, and not after up to eleven seconds.
            self._update(system, pending_power={**pending, "apply_time": 0})

    def get_total_memory(self, identity):
        return self._get(identity)["memory_gib"]

    def get_total_cpus(self, identity):
        return self._get(identity)["processors"]

    def get_processors(self, identity):
        system = self._get(identity)
        return [
            {
                "id": f"CPU{number}",
                "Id": f"CPU{number}",
                "socket": f"CPU {number}",
                "vendor": "Undercloud",
                "model": "Emulated",
                "cores": system["cores"],
                "threads": system["cores"] * 2,
            }
            for number in range(system["processors"])
        ]

    def get_simple_storage_collection(self, identity):
        disks = self._get(identity)["disks_gb"]
        devices = [
            {"Name": f"disk{number}", "CapacityBytes": size * 10**9}
            for number, size in enumerate(disks)
        ]
        return {"sata": {"Id": "sata", "Name": "sata", "DeviceList": devices}}


def _hardware(system):
    return {k: v for k, v in system.items() if k != "power_state"}


# The emulator chooses among its own drivers only.
fakedriver.FakeDriver = Systems

from sushy_tools.emulator.main import app  # noqa: E402

launching.serve(
    launching.cheroot(app, SETTINGS.host, SETTINGS.ports["bmc"], threads=8)
)
launching.leave()
