from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests_mock
from keystoneauth1 import session
from keystoneauth1.identity import v3

from tripleo_common.undercloud.doctor.catalog import SERVICES
from tripleo_common.undercloud.doctor.subject import Subject

KEYSTONE = "http://keystone.test/v3"
#: What stands after the host in a service's endpoint.
PATHS = {
    "identity": "/v3",
    "workflowv2": "/v2",
    "object-store": "/v1/AUTH_1",
    "orchestration": "/v1/1",
    "compute": "/v2.1",
}


class Cloud:
    """An undercloud made of answers; all of them can be changed."""

    def __init__(self, http: requests_mock.Mocker) -> None:
        self.http = http
        self.catalog: list[dict[str, Any]] = []
        for service in SERVICES:
            self.add(service.type)

    def url(self, service_type: str) -> str:
        return f"http://{service_type}.test{PATHS.get(service_type, '')}"

    def add(self, service_type: str, interface: str = "public") -> None:
        endpoint = {
            "interface": interface,
            "region": "one",
            "region_id": "one",
            "url": self.url(service_type),
        }
        entry = {"type": service_type, "name": "x", "endpoints": [endpoint]}
        self.catalog.append(entry)

    def remove(self, service_type: str) -> None:
        self.catalog = [e for e in self.catalog if e["type"] != service_type]

    def answer(
        self, method: str, service_type: str, path: str, **answer: Any
    ) -> None:
        self.http.register_uri(
            method, f"{self.url(service_type)}{path}", **answer
        )

    def subject(self, **more: Any) -> Subject:
        self.http.post(
            f"{KEYSTONE}/auth/tokens",
            json={
                "token": {
                    "user": {"name": "admin", "id": "1"},
                    "project": {"name": "admin", "id": "1"},
                    "catalog": self.catalog,
                    "expires_at": "2999-01-01T00:00:00Z",
                    "issued_at": "2000-01-01T00:00:00Z",
                }
            },
            headers={"X-Subject-Token": "secret-token"},
        )
        auth = v3.Password(
            auth_url=KEYSTONE, username="admin", password="x", project_id="1"
        )
        return Subject(session.Session(auth), "one", **more)


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with requests_mock.Mocker() as http:
        yield Cloud(http)
