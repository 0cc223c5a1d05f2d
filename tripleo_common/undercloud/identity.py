"""What Keystone must know: roles, users, services and endpoints.

Only what is missing or different is written, so this can be done again at
any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from keystoneauth1.session import Session

from tripleo_common.undercloud.config import REGION

INTERFACES = ("public", "internal", "admin")

ROLES = (
    "admin",
    "member",
    "reader",
    "service",
    "heat_stack_owner",
    "heat_stack_user",
    "swiftoperator",
)

#: Each has a user of its name with the roles that services have.
SERVICE_USERS = (
    "mistral",
    "zaqar",
    "swift",
    "heat",
    "glance",
    "ironic",
    "inspector",
)
SERVICE_ROLES = ("admin", "service")
ADMIN_ROLES = ("heat_stack_owner", "member", "swiftoperator")

#: Type and name of each service, the port it is at, and the path of its
#: endpoint.
CATALOG = (
    ("identity", "keystone", "keystone", "/v3"),
    ("workflowv2", "mistral", "mistral", "/v2"),
    ("messaging", "zaqar", "zaqar", ""),
    ("messaging-websocket", "zaqar-websocket", "zaqar-websocket", ""),
    ("object-store", "swift", "swift", "/v1/AUTH_%(project_id)s"),
    ("orchestration", "heat", "heat", "/v1/%(project_id)s"),
    ("cloudformation", "heat-cfn", "heat-cfn", "/v1"),
    ("image", "glance", "glance", ""),
    ("baremetal", "ironic", "ironic", ""),
    ("baremetal-introspection", "ironic-inspector", "inspector", ""),
)


class Seeder:
    """Writes into Keystone what is missing there.

    :param session: authenticated as admin.
    :param url: Keystone's address.
    """

    def __init__(self, session: Session, url: str) -> None:
        self.session = session
        self.url = f"{url}/v3"

    def seed(
        self,
        secrets: dict[str, str],
        urls: dict[str, str],
        ports: Collection[str],
    ) -> None:
        """Have everything that the services need.

        :param ports: the names of those that are served: only these are in
            the catalog.
        """
        roles = self._ensure_named("role", ROLES)
        project = self._ensure_named(
            "project", ["service"], domain_id="default"
        )["service"]
        domain = self._ensure_named("domain", ["heat"])["heat"]
        users = self._ensure_users(secrets, SERVICE_USERS, "default")
        users |= self._ensure_users(
            {"heat_domain_admin": secrets["heat-domain"]},
            ["heat_domain_admin"],
            domain,
        )
        self._grant(roles, users, project, domain)
        self._ensure_catalog(urls, ports)

    def _grant(
        self,
        roles: dict[str, str],
        users: dict[str, str],
        project: str,
        domain: str,
    ) -> None:
        admin = str(self.session.get_user_id())
        own = str(self.session.get_project_id())
        wanted = {
            (f"projects/{project}", users[user], roles[role])
            for user in SERVICE_USERS
            for role in SERVICE_ROLES
        }
        wanted |= {
            (f"projects/{own}", admin, roles[role]) for role in ADMIN_ROLES
        }
        wanted |= {
            # Ironic asks for things that belong to no project.
            ("system", users["ironic"], roles["admin"]),
            ("system", admin, roles["admin"]),
            (
                f"domains/{domain}",
                users["heat_domain_admin"],
                roles["admin"],
            ),
        }
        for target, user, role in sorted(wanted - self._granted()):
            self._request("PUT", f"/{target}/users/{user}/roles/{role}")

    def _granted(self) -> set[tuple[str, str, str]]:
        """Return the roles that users have: where, who and which."""
        found = set()
        for grant in self._list("role_assignment"):
            kind, where = next(iter(grant["scope"].items()))
            target = "system" if kind == "system" else f"{kind}s/{where['id']}"
            if "user" in grant:
                found.add((target, grant["user"]["id"], grant["role"]["id"]))
        return found

    def _ensure_users(
        self, secrets: dict[str, str], names: Iterable[str], domain: str
    ) -> dict[str, str]:
        found = self._named("user", domain_id=domain)
        for name in names:
            if name not in found:
                body = {
                    "name": name,
                    "domain_id": domain,
                    "password": secrets[name],
                }
                found[name] = self._create("user", body)["id"]
        return found

    def _ensure_named(
        self, kind: str, names: Iterable[str], **more: str
    ) -> dict[str, str]:
        found = self._named(kind, **more)
        for name in names:
            if name not in found:
                found[name] = self._create(kind, {"name": name} | more)["id"]
        return found

    def _ensure_catalog(
        self, urls: dict[str, str], ports: Collection[str]
    ) -> None:
        services = {s["type"]: s["id"] for s in self._list("service")}
        endpoints = {
            (e["service_id"], e["interface"]): e
            for e in self._list("endpoint")
        }
        for kind, name, port, path in CATALOG:
            service = services.get(kind)
            if port not in ports:
                if service is not None:
                    # With its endpoints.
                    self._request("DELETE", f"/services/{service}")
                continue
            if service is None:
                body = {"type": kind, "name": name}
                service = self._create("service", body)["id"]
            for interface in INTERFACES:
                self._ensure_endpoint(
                    endpoints.get((service, interface)),
                    {
                        "service_id": service,
                        "interface": interface,
                        "region_id": REGION,
                        "url": urls[port] + path,
                    },
                )

    def _ensure_endpoint(
        self, present: dict[str, Any] | None, wanted: dict[str, str]
    ) -> None:
        if present is None:
            self._create("endpoint", wanted)
        elif present["url"] != wanted["url"]:
            self._request(
                "PATCH", f"/endpoints/{present['id']}", endpoint=wanted
            )

    def _named(self, kind: str, **query: str) -> dict[str, str]:
        return {x["name"]: x["id"] for x in self._list(kind, **query)}

    def _list(self, kind: str, **query: str) -> list[dict[str, Any]]:
        response = self.session.get(f"{self.url}/{kind}s", params=query)
        found: list[dict[str, Any]] = response.json()[f"{kind}s"]
        return found

    def _create(self, kind: str, body: dict[str, str]) -> dict[str, Any]:
        created = self._request("POST", f"/{kind}s", **{kind: body})
        found: dict[str, Any] = created[kind]
        return found

    def _request(self, method: str, path: str, **body: Any) -> Any:
        response = self.session.request(
            self.url + path, method, json=body or None
        )
        return response.json() if response.content else None
