"""Are all services in the catalog, and do they answer the token?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tripleo_common.undercloud.doctor.finding import (
    Finding,
    error,
    ok,
    warning,
)
from tripleo_common.undercloud.doctor.subject import (
    FAILURES,
    Endpoint,
    Subject,
    describe,
)


@dataclass(frozen=True)
class Needed:
    """A service that TripleO works with.

    :ivar path: after the endpoint: answers to whom has a token. None: it is
        not asked.
    :ivar version: of the API; empty: it has no versions.
    :ivar microversion: that it has to know.
    :ivar without: what does not work where it is missing; empty: all.
    """

    type: str
    name: str
    path: str | None
    version: str = ""
    microversion: str = ""
    without: str = ""


SERVICES = (
    Needed("identity", "Keystone", None, "v3"),
    Needed("workflowv2", "Mistral", "/workflows?limit=1", "v2"),
    Needed("messaging", "Zaqar", "/v2/queues?limit=1", "2"),
    Needed(
        "messaging-websocket",
        "Zaqar's websocket",
        None,
        without="clients cannot wait for messages, they have to ask again "
        "and again",
    ),
    Needed("object-store", "Swift", "?format=json&limit=1"),
    Needed("orchestration", "Heat", "/stacks?limit=1", "v1"),
    Needed("baremetal", "Ironic", "/v1/nodes?limit=1", "v1", "1.81"),
    Needed("image", "Glance", "/v2/images?limit=1", "v2"),
    Needed(
        "baremetal-introspection",
        "ironic-inspector",
        "/v1/introspection?limit=1",
        "1",
        without="nodes are inspected by Ironic itself only",
    ),
    Needed(
        "compute",
        "Nova",
        "/servers?limit=1",
        "v2.1",
        "2.53",
        without="only servers that are there already can be deployed on",
    ),
)

_ADD = "openstack endpoint create --region {region} {type} {interface} URL"
_VERSIONED = re.compile(r"/v\d[^/]*(/.*)?$")


def check(subject: Subject) -> Iterator[Finding]:
    """Look for each service in the catalog, and ask it."""
    for service in SERVICES:
        url = subject.url(service.type)
        yield _of_catalog(subject, service, url)
        if url is None or service.path is None:
            continue
        try:
            yield _of_api(subject, service, url)
        except FAILURES as failure:
            yield _dead(service, url, f"{failure!s:.300}")


def _of_catalog(subject: Subject, service: Needed, url: str | None) -> Finding:
    check = f"catalog.{service.type}"
    wanted = f"{subject.interface} in {subject.region or 'any region'}"
    if url is not None:
        return ok(check, f"{service.name} is at {url} ({wanted}).")
    found = f"{service.name} has no endpoint that is {wanted}"
    others = subject.endpoints(service.type)
    if others:
        found += f"; it is {_list(others)}"
    fix = _ADD.format(
        region=subject.region or "REGION",
        type=service.type,
        interface=subject.interface,
    )
    if service.without:
        return warning(check, f"{found}: {service.without}.", fix)
    return error(check, f"{found}.", fix)


def _list(endpoints: list[Endpoint]) -> str:
    return ", ".join(
        f"{each.interface} in {each.region}" for each in endpoints
    )


def _of_api(subject: Subject, service: Needed, url: str) -> Finding:
    response = subject.ask_url("GET", f"{url}{service.path}")
    if response.status_code >= 300:
        return _dead(service, url, describe(response))
    check = f"api.{service.type}"
    if not service.version:
        return ok(check, f"{service.name} answers.")
    root = _VERSIONED.sub("", url) + "/"
    answer = subject.ask_url("GET", root).json()
    versions = _versions(answer)
    version = versions.get(_bare(service.version))
    if version is None:
        return error(
            check,
            f"{service.name} at {root} does not know version "
            f"{service.version} of its API; it knows "
            f"{', '.join(versions) or 'none'}.",
            f"Install a release of {service.name} that does, or correct its "
            "endpoint.",
        )
    return _of_microversion(check, service, version)


def _of_microversion(
    check: str, service: Needed, version: dict[str, Any]
) -> Finding:
    newest = str(version.get("version") or version.get("max_version") or "")
    found = f"{service.name} answers, with version {service.version}"
    if newest:
        found += f", microversions {version.get('min_version')} to {newest}"
    wanted = service.microversion
    if wanted and _number(newest) < _number(wanted):
        return error(
            check,
            f"{found}; {wanted} is needed.",
            f"Upgrade {service.name}.",
        )
    return ok(check, f"{found}.")


def _versions(answer: Any) -> dict[str, dict[str, Any]]:
    """The versions that a service tells, by their bare numbers."""
    found = answer["versions"]
    if isinstance(found, dict):
        found = found["values"]
    return {_bare(str(each["id"])): each for each in reversed(found)}


def _bare(version: str) -> str:
    """Return ``2`` of ``v2.15``, but ``2.1`` of ``v2.1``, which is Nova's."""
    number = version.removeprefix("v")
    return number if number == "2.1" else number.partition(".")[0]


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _dead(service: Needed, url: str, how: str) -> Finding:
    return error(
        f"api.{service.type}",
        f"{service.name} at {url} does not answer as it should ({how}).",
        f"See that {service.name} runs (its log tells more), and that the "
        "endpoint is right: openstack endpoint list --service "
        f"{service.type}",
    )
