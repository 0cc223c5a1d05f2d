"""Which service listens on which port of loopback."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Iterable
from typing import Any

import psutil

from tripleo_common.undercloud import errors

HOST = "127.0.0.1"
DEFAULT_BASE = 25000

#: Every port that is ever opened, as its distance from the base port.
OFFSETS = {
    "keystone": 0,
    "mistral": 1,
    "zaqar": 2,
    "zaqar-websocket": 3,
    # Where Zaqar posts the messages that a websocket is subscribed to.
    "zaqar-notification": 4,
    "swift": 5,
    "swift-account": 6,
    "swift-container": 7,
    "swift-object": 8,
    "heat": 9,
    "heat-cfn": 10,
    "glance": 11,
    "ironic": 12,
    # Written into what real nodes boot; nothing listens on it.
    "ironic-http": 13,
    "inspector": 14,
    "bmc": 15,
}

SOMEBODY = "a process of another user"

#: Seconds that what a process left behind may hold a port, and between two
#: looks at it.
LINGER = 10.0
POLL = 0.1

#: How many ports an undercloud keeps for itself.
SPAN = 20


def numbers(base: int) -> dict[str, int]:
    """Return the port of each name."""
    last = base + SPAN - 1
    if not 1024 <= base <= last <= 65535:
        raise errors.PortsInvalid(base, last)
    return {name: base + offset for name, offset in OFFSETS.items()}


def urls(ports: dict[str, int]) -> dict[str, str]:
    """Return the address of each port, without a path."""
    return {
        name: f"{'ws' if name == 'zaqar-websocket' else 'http'}://{HOST}:{n}"
        for name, n in ports.items()
    }


def is_free(port: int) -> bool:
    """Tell whether a service could listen on a port now."""
    with socket.socket() as sock:
        # As the services do, so that a closed connection is no obstacle.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((HOST, port))
            sock.listen()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def is_open(port: int) -> bool:
    """Tell whether something listens on a port."""
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex((HOST, port)) == 0


def check_free(names: Iterable[str], ports: dict[str, int]) -> None:
    """Raise :class:`~errors.PortsTaken` unless these ports are free.

    A port on which nothing listens may still be about to become free: the
    system closes what a process left behind after its end.
    """
    names = list(names)
    deadline = time.monotonic() + LINGER
    while taken := [name for name in names if not is_free(ports[name])]:
        listeners = [listener(ports[name]) for name in taken]
        # A process that is about to be gone has no number any more.
        certain = all(each and each != SOMEBODY for each in listeners)
        if certain or time.monotonic() > deadline:
            raise errors.PortsTaken(
                [(name, ports[name], _holder(ports[name])) for name in taken]
            )
        time.sleep(POLL)


def listener(port: int) -> str | None:
    """Describe the process that listens on a port, if one is seen to."""
    for connection in _connections(port):
        if connection.status == psutil.CONN_LISTEN:
            return _name_process(connection.pid)
    return None


def _holder(port: int) -> str:
    """Describe what keeps a port from others.

    It need not be who listens: for connections that go out the system takes
    ports of a range of its own (ip(7), ``ip_local_port_range``).
    """
    found = listener(port)
    for connection in _connections(port):
        if found is None and connection.pid is not None:
            found = f"a connection of {_name_process(connection.pid)}"
    return found or SOMEBODY


def _connections(port: int) -> list[Any]:
    """The TCP sockets that are seen to have a port."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:
        return []
    return [
        each for each in connections if each.laddr and each.laddr.port == port
    ]


def _name_process(pid: int | None) -> str:
    if pid is None:
        return SOMEBODY
    try:
        return f"{psutil.Process(pid).name()} (process {pid})"
    except psutil.Error:
        return f"process {pid}"


def find_free_base(start: int = DEFAULT_BASE) -> int:
    """Find a base whose ports are all free."""
    for base in range(start, 60000, SPAN):
        if all(is_free(port) for port in numbers(base).values()):
            return base
    raise errors.UndercloudError(
        f"No {SPAN} ports in a row are free between {start} and 60000. "
        "See what listens with: ss -ltnp."
    )
