"""One session for a request, and the services' clients on it."""

from __future__ import annotations

import functools
import json
import threading
from typing import Any, Protocol

import glanceclient
import heatclient.client
import ironic_inspector_client
import ironicclient.client
from keystoneauth1 import access, adapter, session
from keystoneauth1 import exceptions as ka_exc
from keystoneauth1.identity.access import AccessInfoPlugin
from mistralclient.api.v2 import client as mistral_client

from tripleo_common import bounded, conf, errors, service_errors

#: What a deployment needs of Ironic: traits, deploy steps, inventories.
IRONIC_API_VERSION = "1.81"


class Security(Protocol):
    """The part of Mistral's request context that says who asks, and where."""

    auth_uri: str | None
    auth_token: str | None
    auth_cacert: str | None
    insecure: bool | None
    project_id: str
    region_name: str | None
    service_catalog: Any


class Clients:
    """The services' own clients, made when first asked for.

    :param keystone: an authenticated session.
    :param region: region of the endpoints; None: the only one there is.
    """

    def __init__(
        self, keystone: session.Session, region: str | None = None
    ) -> None:
        options = conf.options()
        self._session = keystone
        self._options = options
        self._retries: int = options.retries
        self._endpoints = {
            "interface": options.interface,
            "region_name": options.region_name or region,
        }
        self._of_thread = threading.local()

    def endpoint(self, service_type: str) -> str:
        """The URL of a service in the catalog."""
        try:
            url = self._session.get_endpoint(
                service_type=service_type,
                # Or the 2 in workflowv2 would have Mistral asked for it.
                skip_discovery=True,
                **self._endpoints,
            )
        except ka_exc.CatalogException:
            url = None
        if url is None:
            raise _not_in_catalog(service_type, self._endpoints)
        return str(url)

    def _shared(self, service_type: str) -> dict[str, Any]:
        """What the clients built on keystoneauth's adapter have in common."""
        return {
            "session": self._session,
            "service_type": service_type,
            "endpoint_override": self.endpoint(service_type),
            "connect_retries": self._retries,
            **self._endpoints,
        }

    @functools.cached_property
    def orchestration(self) -> Any:
        """heatclient, for Heat's native API."""
        arguments = self._shared("orchestration")
        arguments["session"] = with_timeout(
            self._session, self._options.heat_timeout
        )
        return heatclient.client.Client("1", **arguments)

    @functools.cached_property
    def workflow(self) -> Any:
        """mistralclient."""
        http = adapter.Adapter(self._session, connect_retries=self._retries)
        return mistral_client.Client(
            session=http, mistral_url=self.endpoint("workflowv2")
        )

    @functools.cached_property
    def baremetal(self) -> Any:
        """ironicclient."""
        arguments = self._shared("baremetal")
        return ironicclient.client.get_client(
            "1",
            os_ironic_api_version=IRONIC_API_VERSION,
            max_retries=self._retries,
            **arguments,
        )

    @functools.cached_property
    def baremetal_introspection(self) -> Any:
        """ironic-inspector-client."""
        return ironic_inspector_client.ClientV1(
            session=self._session,
            inspector_url=self.endpoint("baremetal-introspection"),
        )

    @functools.cached_property
    def image(self) -> Any:
        """glanceclient."""
        return glanceclient.Client("2", **self._shared("image"))

    @functools.cached_property
    def messaging(self) -> Any:
        """zaqarclient."""
        verify = self._session.verify
        return bounded.Zaqar(
            self.endpoint("messaging"),
            conf={
                "auth_opts": {
                    "backend": "keystone",
                    "options": {
                        "project_id": self._session.get_project_id(),
                        "insecure": verify is False,
                        "cacert": verify if isinstance(verify, str) else None,
                    },
                }
            },
            session=self._session,
            timeout=self._options.timeout,
            retries=self._retries,
        )

    @functools.cached_property
    def compute(self) -> Any:
        """novaclient, where it is installed."""
        arguments = self._shared("compute")
        from novaclient import client as nova_client

        return nova_client.Client("2.53", **arguments)

    @property
    def object_store(self) -> Any:
        """swiftclient; one connection a thread, as it is not thread-safe."""
        connection = getattr(self._of_thread, "swift", None)
        if connection is None:
            connection = self._swift_connection()
            self._of_thread.swift = connection
        return connection

    def _swift_connection(self) -> Any:
        verify = self._session.verify
        return bounded.Swift(
            preauthurl=self.endpoint("object-store"),
            preauthtoken=self._session.get_token(),
            retries=self._retries,
            max_backoff=8,
            timeout=self._options.timeout,
            cacert=verify if isinstance(verify, str) else None,
            insecure=verify is False,
        )


class Cloud:
    """The services that a request may use; all errors are ours.

    :param keystone: an authenticated session.
    :param region: region of the endpoints; None: the only one there is.
    """

    def __init__(
        self, keystone: session.Session, region: str | None = None
    ) -> None:
        self.clients = Clients(keystone, region)

    @classmethod
    def of_request(cls, security: Security) -> Cloud:
        """The cloud that a request to Mistral came from, as its user.

        The token is sent as it is: it lives as long as its owner's, and
        Keystone refuses to exchange a cron trigger's.

        :raises TokenMissing: the request is nobody's.
        :raises ServiceUnreachable: Keystone cannot tell the catalog.
        """
        if not security.auth_token:
            raise errors.TokenMissing
        options = conf.options()
        verify: bool | str = not (options.insecure or security.insecure)
        if verify:
            verify = options.cafile or security.auth_cacert or True
        keystone = _session(verify=verify, timeout=options.timeout)
        token = _token_body(security, keystone)
        keystone.auth = AccessInfoPlugin(
            access.create(
                body={"token": token}, auth_token=security.auth_token
            )
        )
        return cls(keystone, security.region_name)

    @property
    def baremetal(self) -> Any:
        """Ironic."""
        return self._guarded("baremetal", "Ironic")

    def offers(self, service_type: str) -> bool:
        """Whether the catalog has a service."""
        try:
            self.clients.endpoint(service_type)
        except errors.ServiceUnreachable:
            return False
        return True

    @property
    def compute(self) -> Any:
        """Nova, where there is one."""
        return self._guarded("compute", "Nova")

    @property
    def image(self) -> Any:
        """Glance."""
        return self._guarded("image", "Glance")

    @property
    def introspection(self) -> Any:
        """ironic-inspector, where there is one."""
        return self._guarded("baremetal_introspection", "ironic-inspector")

    @property
    def messaging(self) -> Any:
        """Zaqar."""
        return self._guarded("messaging", "Zaqar")

    @property
    def object_store(self) -> Any:
        """Swift; usable in any thread."""
        return self._guarded("object_store", "Swift")

    @property
    def orchestration(self) -> Any:
        """Heat."""
        return self._guarded("orchestration", "Heat")

    @property
    def workflow(self) -> Any:
        """Mistral."""
        return self._guarded("workflow", "Mistral")

    def _guarded(self, name: str, service: str) -> service_errors.Guard:
        try:
            client = getattr(self.clients, name)
        except service_errors.CLIENT_ERRORS as error:
            raise service_errors.translate(
                error, service, "the connection"
            ) from error
        return service_errors.Guard(client, service)


def _token_body(
    security: Security, keystone: session.Session
) -> dict[str, Any]:
    """The token's body as Keystone tells it, at least with its catalog."""
    known = security.service_catalog
    if isinstance(known, str):
        known = json.loads(known)
    if known:
        return known if "catalog" in known else {"catalog": known}
    url = security.auth_uri or conf.keystone_url()
    asked = "GET /v3/auth/catalog"
    if url is None:
        raise errors.ServiceUnreachable(
            "Keystone",
            asked,
            "the request brings no catalog and no URL of Keystone is "
            "configured",
            "Set [tripleo_common] auth_url in Mistral's configuration.",
        )
    try:
        answer = keystone.get(
            f"{url.rstrip('/').removesuffix('/v3')}/v3/auth/catalog",
            headers={"X-Auth-Token": security.auth_token},
            authenticated=False,
        )
        catalog = answer.json()["catalog"]
    except service_errors.CLIENT_ERRORS as error:
        raise service_errors.translate(error, "Keystone", asked) from error
    return {
        "catalog": catalog,
        "project": {"id": security.project_id},
    }


def with_timeout(keystone: session.Session, timeout: float) -> session.Session:
    """A session like *keystone* whose requests may take longer or less."""
    return _session(
        auth=keystone.auth, verify=keystone.verify, timeout=timeout
    )


def _session(**arguments: Any) -> session.Session:
    """A session that refuses what no client of a service understands."""
    made = session.Session(**arguments)
    made.session.hooks["response"].append(service_errors.check_answer)
    return made


def _not_in_catalog(
    service_type: str, endpoints: dict[str, Any]
) -> errors.ServiceUnreachable:
    region = endpoints["region_name"] or "any region"
    return errors.ServiceUnreachable(
        f"The service {service_type}",
        "anything",
        f"the catalog has no {endpoints['interface']} endpoint for it in "
        f"{region}",
        "Register it (openstack endpoint create), or correct interface and "
        "region_name in [tripleo_common] of Mistral's configuration.",
    )
