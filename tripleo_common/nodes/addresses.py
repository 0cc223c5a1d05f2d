"""The addresses and ports that BMCs are looked for at, as people name them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tripleo_common import errors

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Addresses of one search: a network of 16 bits.
MOST = 65536
_IPMI_PORT = 623
_PORT = re.compile(r"(?:(ipmi|https|http):)?([0-9]{1,5})")
#: How many things that are wrong one text tells.
_TOLD = 20


@dataclass(frozen=True)
class Port:
    """A port, and what may speak there.

    :ivar ways: of ipmi, https and http, the first that answers.
    """

    number: int
    ways: tuple[str, ...]


def expand(told: str | list[str]) -> list[str]:
    """All addresses, each once, in the order they are named.

    :param told: an address, a network (192.0.2.0/24, its hosts), a range
        (192.0.2.1-192.0.2.20), several with commas, or a list of these.
    :raises InvalidInput: tells all that is none of these.
    """
    parts = told.split(",") if isinstance(told, str) else told
    found: dict[str, None] = {}
    wrong: list[str] = []
    for part in parts:
        try:
            for address in _expanded(str(part).strip()):
                found[str(address)] = None
                if len(found) > MOST:
                    raise errors.InvalidInput(
                        f"ip_addresses has more than {MOST} addresses. Look "
                        "at less at once; nothing was done."
                    )
        except ValueError:
            wrong.append(f"{part!r:.60}")
    if wrong or not found:
        named = ", ".join(wrong[:_TOLD]) or "nothing"
        raise errors.InvalidInput(
            f"ip_addresses has {named}, and that is no address, network or "
            "range. Name such as 192.0.2.7, 192.0.2.0/24 or "
            "192.0.2.1-192.0.2.20, or a list of these; nothing was done."
        )
    return list(found)


def ports(told: list[Any]) -> list[Port]:
    """The ports: numbers, or with what speaks there (http:8000).

    :raises InvalidInput: tells all that is none.
    """
    found, wrong = [], []
    for each in told:
        match = _PORT.fullmatch(str(each))
        number = int(match[2]) if match and type(each) in (int, str) else 0
        if match is None or not 0 < number < 65536:
            wrong.append(f"{each!r:.40}")
        elif match[1]:
            found.append(Port(number, (match[1],)))
        elif number == _IPMI_PORT:
            found.append(Port(number, ("ipmi",)))
        else:
            # Without TLS, a password would go in the clear: only if told.
            found.append(Port(number, ("https", "ipmi")))
    if wrong or not found:
        named = ", ".join(wrong[:_TOLD]) or "nothing"
        raise errors.InvalidInput(
            f"ports has {named}, and that is no port. Name numbers such as "
            "623 and 443, or texts such as ipmi:6230, https:8443 or "
            "http:8000; nothing was done."
        )
    return list(dict.fromkeys(found))


def at(address: str, port: int, way: str) -> str:
    """The URL of an address and a port."""
    host = f"[{address}]" if ":" in address else address
    return f"{way}://{host}:{port}"


def is_address(text: str) -> bool:
    """Whether it is one address, and nothing else."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _expanded(text: str) -> Iterator[Address]:
    if "/" in text:
        yield from ipaddress.ip_network(text, strict=False).hosts()
        return
    first, dash, last = text.partition("-")
    begin = ipaddress.ip_address(first.strip())
    end = ipaddress.ip_address(last.strip()) if dash else begin
    if type(begin) is not type(end) or int(end) < int(begin):
        raise ValueError(text)
    for number in range(int(begin), int(end) + 1):
        yield type(begin)(number)
