"""Find machines by their BMCs: over addresses, ports and passwords."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from concurrent import futures
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tripleo_common import clients, errors
from tripleo_common.nodes import addresses, drivers, ipmi, redfish

#: Addresses that may be looked at at a time.
MOST_AT_ONCE = 200
Credentials = list[tuple[str, str]]


@dataclass(frozen=True)
class Options:
    """How BMCs are looked for.

    :ivar at_once: addresses at a time.
    :ivar attempts: how often a packet of IPMI is sent again.
    :ivar ipmi_driver: the pm_type of what speaks IPMI.
    :ivar verify: whether certificates have to be trusted.
    """

    at_once: int = 20
    attempts: int = 2
    ipmi_driver: str = "ipmi"
    verify: bool = True


@dataclass(frozen=True)
class Found:
    """What is at an address.

    :ivar nodes: as a list of machines has them, but for the password.
    :ivar credential: the place in the list of what it takes.
    :ivar refused: why a BMC that answers cannot be used; empty: it can.
    """

    address: str
    port: int
    nodes: tuple[dict[str, Any], ...] = ()
    credential: int = 0
    refused: str = ""


def credentials(told: list[Any]) -> Credentials:
    """Pairs of user and password.

    :raises InvalidInput: they are not; no value is told.
    """
    for each in told:
        pair = isinstance(each, list | tuple) and len(each) == 2
        if not pair or not all(_usable(text) for text in each):
            told = []
    if not told:
        raise errors.InvalidInput(
            "credentials must be a list of pairs of a user and a password, "
            "both of them texts of one line. Correct it and try again; "
            "nothing was done."
        )
    return [(user, password) for user, password in told]


def candidates(
    ips: str | list[str],
    ports: list[Any],
    known: Credentials,
    existing: Iterable[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Each address with each port and each password, but those of nodes.

    One address after the other is in the innermost loop, so none is asked
    twice in a row.

    :param existing: nodes of Ironic's, with driver and driver_info.
    :returns: mappings with ``ip``, ``username``, ``password``, ``port``.
    """
    taken = _taken(existing)
    found = itertools.product(
        known, addresses.ports(ports), addresses.expand(ips)
    )
    return [
        {
            "ip": ip,
            "username": user,
            "password": password,
            "port": port.number,
        }
        for (user, password), port, ip in found
        if not _is_taken(ip, port.number, taken)
    ]


def discover(
    cloud: clients.Cloud,
    ips: str | list[str],
    ports: list[Any],
    known: Credentials,
    options: Options,
) -> list[Found]:
    """Look for BMCs, so many addresses at a time; not for those of nodes.

    :returns: what was found, in the order of the addresses.
    :raises InvalidInput: addresses or ports are none.
    """
    if not 1 <= options.at_once <= MOST_AT_ONCE:
        raise errors.InvalidInput(
            f"The input concurrency must be 1 to {MOST_AT_ONCE}. Correct it "
            "and try again; nothing was done."
        )
    where = list(
        itertools.product(addresses.expand(ips), addresses.ports(ports))
    )
    listed = cloud.baremetal.node.list(
        limit=0, fields=["uuid", "driver", "driver_info"]
    )
    taken = _taken(
        {"driver": node.driver, "driver_info": node.driver_info}
        for node in listed
    )
    free = [
        (ip, port)
        for ip, port in where
        if not _is_taken(ip, port.number, taken)
    ]
    with futures.ThreadPoolExecutor(options.at_once) as pool:
        found = pool.map(lambda at: probe(at[0], at[1], known, options), free)
        return [each for each in found if each]


def probe(
    ip: str, port: addresses.Port, known: Credentials, options: Options
) -> Found | None:
    """What is at one address and port; None: nothing answers."""
    for way in port.ways:
        if way == "ipmi":
            found = _over_ipmi(ip, port.number, known, options)
        else:
            found = _over_redfish(ip, port.number, way, known, options)
        if found:
            return found
    return None


def _over_ipmi(
    ip: str, port: int, known: Credentials, options: Options
) -> Found | None:
    if not ipmi.answers(ip, port):
        return None
    for number, (user, password) in enumerate(known):
        if ipmi.takes(ip, port, user, password, options.attempts):
            node = {
                "pm_type": options.ipmi_driver,
                "pm_addr": ip,
                "pm_user": user,
                "pm_port": port,
            }
            return Found(ip, port, (node,), number)
    return Found(ip, port, refused="It takes none of the credentials.")


def _over_redfish(
    ip: str, port: int, way: str, known: Credentials, options: Options
) -> Found | None:
    url = addresses.at(ip, port, way)
    bmc = redfish.BMC(url, options.verify)
    try:
        if not bmc.answers():
            return None
        for number, (user, password) in enumerate(known):
            systems = bmc.systems(user, password)
            if systems is None:
                continue
            shared: dict[str, Any] = {
                "pm_type": "redfish",
                "pm_addr": url,
                "pm_user": user,
            }
            if way == "https" and not options.verify:
                shared["redfish_verify_ca"] = False
            nodes = [{**shared, "pm_system_id": path} for path in systems]
            return Found(ip, port, tuple(nodes), number)
    except redfish.Refused as error:
        return Found(ip, port, refused=str(error))
    return Found(ip, port, refused="It takes none of the credentials.")


def _usable(text: Any) -> bool:
    return isinstance(text, str) and text.isprintable()


def _taken(nodes: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Address and port of the nodes' BMCs; an empty port is any."""
    found = set()
    for node in nodes:
        driver_info = node.get("driver_info") or {}
        identity = drivers.of_node(str(node.get("driver"))).identity
        if not identity or not driver_info.get(identity[0]):
            continue
        told = str(driver_info[identity[0]])
        parts = urlsplit(told if "://" in told else f"https://{told}")
        own = [driver_info.get(k) for k in identity if k.endswith("_port")]
        port = parts.port or next(filter(None, own), "")
        found.add((parts.hostname or told, str(port)))
    return found


def _is_taken(ip: str, port: int, taken: set[tuple[str, str]]) -> bool:
    return bool({(ip, str(port)), (ip, "")} & taken)
