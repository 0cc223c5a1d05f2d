"""What each service may answer, and the text that each answer becomes.

Every client talks to a real server on loopback, since what they make of a bad
answer depends on how it comes.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tripleo_common import errors
from tripleo_common.clients import Cloud
from tripleo_common.tests.unit.test_clients import endpoint, security

#: By service: its type in the catalog, a request, and the request's name.
REQUESTS: dict[str, tuple[str, Callable[[Any], Any], str]] = {
    "Heat": (
        "orchestration",
        lambda cloud: cloud.orchestration.stacks.get("a"),
        "stacks.get(a)",
    ),
    "Mistral": (
        "workflowv2",
        lambda cloud: cloud.workflow.environments.get("a"),
        "environments.get(a)",
    ),
    "Swift": (
        "object-store",
        lambda cloud: cloud.object_store.get_container("a"),
        "get_container(a)",
    ),
    "Zaqar": (
        "messaging",
        lambda cloud: cloud.messaging.queue("a", auto_create=False).post(
            [{"ttl": 60, "body": {}}]
        ),
        "queue(a).post()",
    ),
    "Ironic": (
        "baremetal",
        lambda cloud: cloud.baremetal.node.get("a"),
        "node.get(a)",
    ),
    "Glance": (
        "image",
        lambda cloud: cloud.image.images.get("a"),
        "images.get(a)",
    ),
}
LOG_IN = "log in again"
LOG = "Look at the service's log"
CATALOG = "endpoint in the catalog"
#: By status: what came back, and what to do.
STATUSES = {
    401: LOG_IN,
    403: "lacks a role",
    404: "Check the name",
    409: "present state",
    413: "Send less",
    429: "wait, then try again",
    500: LOG,
    503: LOG,
}


def answer(status: int, kind: str, body: str) -> bytes:
    """An answer of HTTP."""
    return (
        f"HTTP/1.1 {status} Reason\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
    ).encode()


class Server:
    """Answers every request with the same bytes, and hangs up.

    :param told: the bytes; None: it never answers.
    """

    def __init__(self, told: bytes | None) -> None:
        self._told = told
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        silent = []
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                break
            if self._told is None:
                silent.append(connection)
                continue
            with connection, connection.makefile("rb") as request:
                # The whole request: bytes left unread become a reset.
                length = 0
                while line := request.readline().strip():
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                request.read(length)
                connection.sendall(self._told)
        for connection in silent:
            connection.close()


@pytest.fixture
def text_for(options) -> Iterator[Callable[[str, bytes | None], str]]:
    """The text of what *service*'s client makes of an answer."""
    options("retries", 0)
    servers = []

    def text_for(service: str, told: bytes | None) -> str:
        # Short only where no answer will come: a busy machine is slow.
        for name in ("timeout", "heat_timeout"):
            options(name, 0.2 if told is None else 60)
        servers.append(Server(told))
        kind, ask, _ = REQUESTS[service]
        catalog = [endpoint(kind, servers[-1].url)]
        cloud = Cloud.of_request(
            security(
                service_catalog={"catalog": catalog, "project": {"id": "p"}}
            )
        )
        with pytest.raises(errors.TripleOError) as caught:
            ask(cloud)
        return str(caught.value)

    yield text_for
    for server in servers:
        server.close()


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("service", REQUESTS)
class TestARefusal:
    def test_as_json(self, text_for, service, status):
        text = text_for(service, answer(status, "application/json", "{}"))
        self.check(text, service, status)

    def test_as_html(self, text_for, service, status):
        """As proxies tell it."""
        page = "<html><body>Sorry</body></html>"
        text = text_for(service, answer(status, "text/html", page))
        self.check(text, service, status)

    def check(self, text: str, service: str, status: int) -> None:
        asked = REQUESTS[service][2]
        assert text.startswith(f"{service} could not do {asked}: HTTP")
        assert f"HTTP {status}: " in text
        assert STATUSES[status] in text


@pytest.mark.parametrize(
    ("told", "cause", "advice"),
    [
        (
            answer(200, "text/html; charset=utf-8", "<html></html>"),
            "not JSON",
            "Something else than the service answered",
        ),
        (
            answer(200, "application/json", "<html></html>"),
            "not JSON",
            "Something else than the service answered",
        ),
        (None, "timed out", CATALOG),
        (b"", "closed", CATALOG),
        (
            answer(200, "application/json", "{" + " " * 900)[:-800],
            "IncompleteRead",
            CATALOG,
        ),
    ],
    ids=["html", "html as json", "hangs", "closes", "closes in the middle"],
)
@pytest.mark.parametrize("service", REQUESTS)
def test_no_answer_of_the_service(text_for, service, told, cause, advice):
    text = text_for(service, told)
    asked = REQUESTS[service][2]
    assert text.startswith(f"{service} could not do {asked}: ")
    assert cause in text
    assert advice in text
    assert "\n" not in text


@pytest.mark.parametrize("body", ['"x"', '{"a": 1}'])
@pytest.mark.parametrize("service", ["Heat", "Glance"])
def test_json_of_another_form(text_for, service, body):
    text = text_for(service, answer(200, "application/json", body))
    asked = REQUESTS[service][2]
    assert text == (
        f"{service} could not do {asked}: its answer is JSON, but not of the "
        "form that this API promises. Something else than the service "
        "answered, such as a proxy: check the service's endpoint in the "
        "catalog (openstack catalog list)."
    )
