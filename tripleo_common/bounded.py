"""Clients of services that give up in time, and repeat what they can."""

from __future__ import annotations

import io
from typing import Any

import requests.adapters
import swiftclient
import urllib3
import zaqarclient.transport
from zaqarclient.queues.v2 import client as zaqar_client

from tripleo_common import service_errors


class Swift(swiftclient.Connection):
    """swiftclient that repeats a PUT of bytes, too.

    It repeats only what it can rewind, and bytes it cannot.
    """

    def put_object(
        self, container: str, obj: str, contents: Any, **kwargs: Any
    ) -> Any:
        """Store an object; as swiftclient's."""
        if isinstance(contents, bytes):
            kwargs.setdefault("content_length", len(contents))
            contents = io.BytesIO(contents)
        return super().put_object(container, obj, contents, **kwargs)


class Zaqar(zaqar_client.Client):
    """zaqarclient on one connection pool, with timeouts (it has none)."""

    def __init__(
        self, *args: Any, timeout: float, retries: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, version=2, **kwargs)
        self._http = zaqarclient.transport.get_transport_for(
            self.api_url, version=2, options=self.conf
        )
        adapter = _Adapter(timeout, retries)
        http = self._http.client.session
        for scheme in ("http://", "https://"):
            http.mount(scheme, adapter)
        http.hooks["response"].append(service_errors.check_answer)

    def _get_transport(self, request: Any) -> Any:
        return self._http


class _Adapter(requests.adapters.HTTPAdapter):
    """Gives requests that bring none a timeout, and connects again."""

    def __init__(self, timeout: float, retries: int) -> None:
        self._timeout = timeout
        super().__init__(
            max_retries=urllib3.Retry(
                total=retries, connect=retries, read=0, backoff_factor=0.5
            )
        )

    def send(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["timeout"] = kwargs.get("timeout") or self._timeout
        return super().send(*args, **kwargs)
