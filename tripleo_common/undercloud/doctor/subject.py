"""The undercloud that is examined, and how it is asked."""

from __future__ import annotations

import functools
import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from keystoneauth1 import exceptions as ka_exc
from keystoneauth1.session import Session

#: Seconds for one request.
TIMEOUT = 60.0

#: What asking may raise when a service is not well, or not what it should be.
FAILURES = (
    ka_exc.ClientException,
    requests.RequestException,
    OSError,
    # An answer of another form than the API's.
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)

#: Older and newer names of the same service.
_ALIASES = {"workflowv2": ("workflowv2", "workflow")}


@dataclass(frozen=True)
class Endpoint:
    """An entry of the catalog."""

    interface: str
    region: str
    url: str


class Subject:
    """An undercloud.

    :param session: authenticated.
    :param region: of the endpoints; None: any.
    :param interface: of the endpoints.
    :param slow: whether checks may take a minute.
    :param state: the folder of an embedded undercloud.
    """

    def __init__(
        self,
        session: Session,
        region: str | None = None,
        interface: str = "public",
        slow: bool = False,
        state: Path | None = None,
    ) -> None:
        self.session = session
        self.region = region
        self.interface = interface
        self.slow = slow
        self.state = state
        self.id = str(uuid.uuid4())

    @functools.cached_property
    def access(self) -> Any:
        """What Keystone told with the token."""
        auth: Any = self.session.auth
        return auth.get_access(self.session)

    @property
    def project(self) -> str:
        """The id of the token's project."""
        return str(self.access.project_id)

    def endpoints(self, service_type: str) -> list[Endpoint]:
        """Return all endpoints of a service."""
        types = _ALIASES.get(service_type, (service_type,))
        return [
            Endpoint(
                str(each["interface"]).removesuffix("URL"),
                str(each.get("region_id") or each.get("region")),
                str(each["url"]).rstrip("/"),
            )
            for entry in self.access.service_catalog.catalog
            if entry["type"] in types
            for each in entry["endpoints"]
        ]

    def url(self, service_type: str) -> str | None:
        """Return the endpoint that clients would use, if there is one."""
        for each in self.endpoints(service_type):
            right = each.interface == self.interface
            if right and self.region in (None, each.region):
                return each.url
        return None

    def ask(
        self, method: str, service_type: str, path: str, **more: Any
    ) -> requests.Response:
        """Send a request with the token; any status is an answer.

        :param path: after the service's endpoint.
        """
        url = self.url(service_type)
        if url is None:
            raise LookupError(f"{service_type} is not in the catalog")
        return self.ask_url(method, url + path, **more)

    def ask_url(self, method: str, url: str, **more: Any) -> requests.Response:
        """Send a request with the token to a URL."""
        # Zaqar answers nobody without an id.
        headers = {"Accept": "*/*", "Client-ID": self.id}
        headers |= more.pop("headers", {})
        response: requests.Response = self.session.request(
            url,
            method,
            headers=headers,
            raise_exc=False,
            **({"timeout": TIMEOUT} | more),
        )
        return response

    def get(self, service_type: str, path: str, **more: Any) -> Any:
        """Return the JSON that a service answers; refusals are errors."""
        response = self.ask("GET", service_type, path, **more)
        if response.status_code >= 300:
            raise ValueError(f"it was answered {describe(response)}")
        return response.json()


def describe(response: requests.Response) -> str:
    """Say what an answer is, in a line: the status, and its reason."""
    return f"{response.status_code}: {reason(response):.300}".rstrip(": ")


def reason(response: requests.Response) -> str:
    """Return what an answer tells of why it is one."""
    try:
        body = response.json()
    except ValueError:
        return " ".join(response.text.split())
    if isinstance(body, dict):
        nested = body.get("error")
        if isinstance(nested, dict):
            body = nested
        for key in ("message", "faultstring", "description", "error_message"):
            if isinstance(body.get(key), str):
                return " ".join(body[key].split())
    return json.dumps(body)
