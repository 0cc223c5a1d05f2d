from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
import requests_mock
from keystoneauth1 import token_endpoint
from keystoneauth1.session import Session

from tripleo_common.undercloud import identity, passwords, ports, services

URL = "http://127.0.0.1:4000"
SECRETS = {name: f"secret-{name}" for name in passwords.NAMES}
KINDS = (
    "role",
    "project",
    "domain",
    "user",
    "service",
    "endpoint",
    "role_assignment",
)


class Token(token_endpoint.Token):
    def get_user_id(self, session: Session) -> str:
        return "admin-user"

    def get_project_id(self, session: Session) -> str:
        return "admin-project"


class Keystone:
    """What Keystone remembers, behind its API."""

    def __init__(self, mock: requests_mock.Mocker) -> None:
        self.have: dict[str, list[dict[str, Any]]] = {k: [] for k in KINDS}
        self.writes = 0
        for kind in KINDS:
            address = f"{URL}/v3/{kind}s"
            mock.get(address, json=self._list(kind))
            mock.post(address, json=self._create(kind))
        mock.put(requests_mock.ANY, status_code=204, text=self._grant)
        mock.patch(requests_mock.ANY, json=self._update)
        mock.delete(requests_mock.ANY, status_code=204, text=self._delete)

    def _list(self, kind: str) -> Any:
        def answer(request: Any, context: Any) -> Any:
            query = {k: v[0] for k, v in request.qs.items()}
            found = [x for x in self.have[kind] if query.items() <= x.items()]
            return {f"{kind}s": found}

        return answer

    def _create(self, kind: str) -> Any:
        def answer(request: Any, context: Any) -> Any:
            self.writes += 1
            body = request.json()[kind]
            new = body | {"id": f"{kind}-{len(self.have[kind])}"}
            self.have[kind].append(new)
            return {kind: new}

        return answer

    def _grant(self, request: Any, context: Any) -> str:
        self.writes += 1
        *target, _, user, _, role = request.path.split("/")[2:]
        scope = {"system": {"all": True}}
        if len(target) == 2:
            scope = {target[0][:-1]: {"id": target[1]}}  # type: ignore
        self.have["role_assignment"].append(
            {"scope": scope, "user": {"id": user}, "role": {"id": role}}
        )
        return ""

    def _delete(self, request: Any, context: Any) -> str:
        self.writes += 1
        gone = request.path.rpartition("/")[2]
        for kind, key in (("service", "id"), ("endpoint", "service_id")):
            left = [x for x in self.have[kind] if x[key] != gone]
            self.have[kind] = left
        return ""

    def _update(self, request: Any, context: Any) -> Any:
        self.writes += 1
        [endpoint] = [
            e
            for e in self.have["endpoint"]
            if request.path.endswith(f"/{e['id']}")
        ]
        endpoint.update(request.json()["endpoint"])
        return {"endpoint": endpoint}


@pytest.fixture
def keystone(requests_mock: requests_mock.Mocker) -> Keystone:
    return Keystone(requests_mock)


def seed(base: int = 4000, more: Iterable[str] = ()) -> None:
    session = Session(auth=Token(URL, "token"))
    urls = ports.urls(ports.numbers(base))
    chosen = services.named([*services.DEFAULT, *more])
    served = [port for service in chosen for port in service.ports]
    identity.Seeder(session, URL).seed(SECRETS, urls, served)


def test_all_service_types_have_three_endpoints(keystone: Keystone) -> None:
    seed()
    types = {s["id"]: s["type"] for s in keystone.have["service"]}
    assert sorted(types.values()) == [
        "baremetal",
        "cloudformation",
        "identity",
        "image",
        "messaging",
        "messaging-websocket",
        "object-store",
        "orchestration",
        "workflowv2",
    ]
    found = {
        (types[e["service_id"]], e["interface"])
        for e in keystone.have["endpoint"]
    }
    assert len(found) == 27


def test_the_catalog_follows_the_services(keystone: Keystone) -> None:
    def types() -> set[str]:
        return {s["type"] for s in keystone.have["service"]}

    seed(more=["inspector"])
    assert "baremetal-introspection" in types()
    seed()
    assert "baremetal-introspection" not in types()
    assert "baremetal" in types()


def test_each_service_has_its_user(keystone: Keystone) -> None:
    seed()
    users = {u["name"]: u for u in keystone.have["user"]}
    assert set(users) == {*identity.SERVICE_USERS, "heat_domain_admin"}
    assert users["swift"]["password"] == "secret-swift"
    [domain] = keystone.have["domain"]
    assert users["heat_domain_admin"]["domain_id"] == domain["id"]
    assert users["heat_domain_admin"]["password"] == "secret-heat-domain"


def test_a_second_time_nothing_is_written(keystone: Keystone) -> None:
    seed()
    before = keystone.writes
    seed()
    assert keystone.writes == before


def test_endpoints_follow_the_ports(keystone: Keystone) -> None:
    seed()
    before = keystone.writes
    seed(base=5000)
    assert keystone.writes == before + 27
    assert all(":50" in e["url"] for e in keystone.have["endpoint"])


def test_what_was_removed_comes_back(keystone: Keystone) -> None:
    seed()
    keystone.have["user"].pop()
    keystone.have["endpoint"].pop()
    seed()
    wanted = {*identity.SERVICE_USERS, "heat_domain_admin"}
    assert {user["name"] for user in keystone.have["user"]} == wanted
    assert len(keystone.have["endpoint"]) == 27
