"""The services of the embedded undercloud, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tripleo_common.undercloud import errors, health


@dataclass(frozen=True)
class Service:
    """A process of the undercloud.

    :param environment: the virtual environment that it lives in.
    :param ports: the names of the ports that it opens, its API's first.
    :param config: the configuration files that it reads.
    :param check: sends an authenticated request, and raises unless the
        answer is right.
    :param needs: the services without which it cannot answer one.
    """

    name: str
    environment: str
    ports: tuple[str, ...]
    config: tuple[str, ...]
    check: Callable[[health.Probe], None]
    needs: tuple[str, ...] = ("keystone",)

    @property
    def launcher(self) -> str:
        """The name of the script that starts it."""
        return f"start_{self.name}.py"


#: In the order in which they are started: what others need comes first,
#: then what takes longest.
SERVICES = (
    Service(
        "keystone",
        "control",
        ("keystone",),
        ("keystone.conf",),
        health.keystone,
        needs=(),
    ),
    Service(
        "ironic",
        "heat",
        ("ironic",),
        ("ironic.conf",),
        health.ironic,
    ),
    Service(
        "mistral",
        "control",
        ("mistral",),
        ("mistral.conf",),
        health.mistral,
    ),
    Service(
        "heat",
        "heat",
        ("heat", "heat-cfn"),
        ("heat.conf",),
        health.heat,
    ),
    Service(
        "glance",
        "heat",
        ("glance",),
        ("glance-api.conf",),
        health.glance,
    ),
    Service(
        "swift",
        "control",
        ("swift", "swift-account", "swift-container", "swift-object"),
        (
            "swift.conf",
            "account-server.conf",
            "container-server.conf",
            "object-server.conf",
            "proxy-server.conf",
        ),
        health.swift,
    ),
    Service(
        "zaqar",
        "control",
        ("zaqar", "zaqar-websocket", "zaqar-notification"),
        ("zaqar.conf",),
        health.zaqar,
        needs=("keystone", "swift"),
    ),
)

BY_NAME = {service.name: service for service in SERVICES}


def choose(names: Iterable[str]) -> list[Service]:
    """Return the services of these names, or all if there are none."""
    chosen = list(names)
    for name in chosen:
        if name not in BY_NAME:
            raise errors.ServiceUnknown(name, sorted(BY_NAME))
    return [s for s in SERVICES if s.name in chosen or not chosen]
