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
    :param default: whether it is there unless the user wants otherwise.
    """

    name: str
    environment: str
    ports: tuple[str, ...]
    config: tuple[str, ...]
    check: Callable[[health.Probe], None]
    needs: tuple[str, ...] = ("keystone",)
    default: bool = True

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
    Service(
        "inspector",
        "metal",
        ("inspector",),
        ("inspector.conf",),
        health.inspector,
        needs=("keystone", "ironic"),
        default=False,
    ),
    Service(
        "bmc",
        "metal",
        ("bmc",),
        ("bmc.cfg",),
        health.bmc,
        needs=("keystone",),
        default=False,
    ),
)

#: The names of those that are there unless the user wants otherwise.
DEFAULT = tuple(service.name for service in SERVICES if service.default)

BY_NAME = {service.name: service for service in SERVICES}


def choose(names: Iterable[str]) -> list[Service]:
    """Return the services of these names, or all if there are none."""
    chosen = list(names)
    for name in chosen:
        if name not in BY_NAME:
            raise errors.ServiceUnknown(name, sorted(BY_NAME))
    return [s for s in SERVICES if s.name in chosen or not chosen]


def named(names: Iterable[str]) -> list[Service]:
    """Return the services of these names, and of no others."""
    chosen = set(names)
    return [s for s in SERVICES if s.name in chosen]


def parse(text: str) -> tuple[str, ...]:
    """Return the names of the services that a user wants.

    :param text: names with commas between; ``+NAME`` and ``-NAME`` add to the
        default and take from it.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    changes = [word for word in words if word[0] in "+-"]
    if (changes and len(changes) < len(words)) or not words:
        raise errors.ServicesUnclear(text)
    for word in words:
        name = word.lstrip("+-")
        if name not in BY_NAME:
            raise errors.ServiceUnknown(name, sorted(BY_NAME))
    found = set(DEFAULT if changes else words)
    for word in changes:
        (found.add if word[0] == "+" else found.discard)(word[1:])
    return tuple(service.name for service in named(found))


def complete(names: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """Add what services need; and say of each why it is there."""
    found = set(names)
    reasons = []
    left = sorted(found)
    while left:
        name = left.pop()
        for need in BY_NAME[name].needs:
            if need not in found:
                found.add(need)
                left.append(need)
                reasons.append(f"{need} is there, too: {name} needs it")
    return tuple(s.name for s in named(found)), reasons
