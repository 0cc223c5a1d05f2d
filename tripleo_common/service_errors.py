"""Turn what the services' clients raise into errors of ours, in one place.

Each client has exceptions of its own, with the HTTP status in an attribute of
its own. :class:`Guard` wraps a client so that only errors of
:mod:`tripleo_common.errors` come out of it.
"""

from __future__ import annotations

import inspect
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import requests
import urllib3
from glanceclient import exc as glance_exc
from heatclient import exc as heat_exc
from ironic_inspector_client.common import http as inspector_exc
from ironicclient import exc as ironic_exc
from keystoneauth1 import exceptions as ka_exc
from mistralclient.api import base as mistral_api
from swiftclient import exceptions as swift_exc
from zaqarclient import errors as zaqar_errors
from zaqarclient.queues.v2.queues import Queue

from tripleo_common import errors


class NotJSON(Exception):
    """A success that is no JSON: something else than the API answered."""


LOG = logging.getLogger(__name__)

CLIENT_ERRORS = (
    NotJSON,
    glance_exc.BaseException,
    glance_exc.ClientException,
    heat_exc.BaseException,
    heat_exc.EndpointNotFound,
    inspector_exc.EndpointNotFound,
    inspector_exc.VersionNotSupported,
    # All clients parse what the service sent, and nothing else.
    json.JSONDecodeError,
    ironic_exc.ClientException,
    ka_exc.ClientException,
    mistral_api.APIException,
    requests.RequestException,
    swift_exc.ClientException,
    # Of bodies that end early; swiftclient reads them on its own.
    urllib3.exceptions.HTTPError,
    zaqar_errors.ZaqarError,
)

#: What clients raise when they read an answer that has another form.
_OTHER_FORM = (AttributeError, IndexError, KeyError, TypeError)

_STATUS_ATTRIBUTES = ("http_status", "error_code", "code")

_ADVICE = {
    400: "Correct what it complains about and try again.",
    401: "The token is not valid (any more): log in again and repeat the "
    "request.",
    403: "The user lacks a role for this in the project: ask for it, or use "
    "another user.",
    404: "Check the name, the project and the region.",
    409: "Look at the present state, and try again when it allows this.",
    413: "Send less at once, or raise the service's limit.",
    429: "The service limits its callers: wait, then try again.",
    507: "The service's storage is full: make room and try again.",
}
_SERVER_ADVICE = "Look at the service's log, and try again when it is well."
_UNREACHABLE_ADVICE = (
    "Check that the service runs and that its endpoint in the catalog "
    "(openstack catalog list) can be reached from Mistral's executor."
)
_NOT_THE_SERVICE_ADVICE = (
    "Something else than the service answered, such as a proxy: check the "
    "service's endpoint in the catalog (openstack catalog list)."
)
_LOST_STATUSES = {413, 429, 502, 504, 507}
_LONGEST_ANSWER = 1000
# urllib3's words for a connection that was not made, around the reason.
_NO_CONNECTION = re.compile(
    r"HTTPS?ConnectionPool\(host='(?P<host>[^']+)', port=(?P<port>\d+)\): "
    r".*\[Errno -?\d+\] (?P<reason>[^'\")]+).*"
)


class Guard:
    """A client, or a part of one, all of whose errors are ours.

    :param target: the client.
    :param service: the service's name for the error's text.
    :param path: the attributes that led to *target*.
    """

    def __init__(self, target: Any, service: str, path: str = "") -> None:
        self._target = target
        self._service = service
        self._path = path

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        path = f"{self._path}.{name}" if self._path else name
        if inspect.isroutine(value):
            return self._guarded(value, path)
        if isinstance(value, str | int | float | dict | list | None):
            return value
        return Guard(value, self._service, path)

    def _guarded(
        self, function: Callable[..., Any], path: str
    ) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            asked = f"{path}({_shown(args)})"
            try:
                result = function(*args, **kwargs)
            except CLIENT_ERRORS as error:
                raise translate(error, self._service, asked) from error
            except _OTHER_FORM as error:
                if _is_of_the_call(error):
                    raise
                raise _other_form(self._service, asked) from error
            if inspect.isgenerator(result):
                return self._guarded_items(result, asked)
            if isinstance(result, Queue):
                return Guard(result, self._service, asked)
            return result

        return call

    def _guarded_items(self, items: Iterator[Any], asked: str) -> Any:
        # Some clients send the request only when the first item is taken.
        try:
            yield from items
        except CLIENT_ERRORS as error:
            raise translate(error, self._service, asked) from error
        except _OTHER_FORM as error:
            raise _other_form(self._service, asked) from error


def _is_of_the_call(error: Exception) -> bool:
    """Whether the call itself was wrong, and the client's code never ran."""
    own_frame = error.__traceback__
    return own_frame is None or own_frame.tb_next is None


def _other_form(service: str, asked: str) -> errors.ServiceUnreachable:
    LOG.warning("%s: the answer to %s is odd", service, asked, exc_info=True)
    return errors.ServiceUnreachable(
        service,
        asked,
        "its answer is JSON, but not of the form that this API promises",
        _NOT_THE_SERVICE_ADVICE,
    )


def _shown(args: tuple[Any, ...]) -> str:
    """The names among a call's arguments; never contents, never secrets."""
    names = [
        arg
        for arg in args[:2]
        if isinstance(arg, str) and len(arg) <= 255 and "\n" not in arg
    ]
    return ", ".join(names)


def translate(
    error: BaseException, service: str, asked: str
) -> errors.ServiceError:
    """The error of ours that says what *error*, raised by a client, means."""
    status = status_of(error)
    if isinstance(error, NotJSON | json.JSONDecodeError):
        answer = (
            str(error)
            if isinstance(error, NotJSON)
            else "its answer is not JSON"
        )
        return errors.ServiceUnreachable(
            service, asked, answer, _NOT_THE_SERVICE_ADVICE
        )
    if status is None:
        return errors.ServiceUnreachable(
            service, asked, _answer(error), _UNREACHABLE_ADVICE
        )
    kinds: dict[int, type[errors.ServiceError]] = {
        404: errors.ResourceNotFound,
        409: errors.ResourceConflict,
        502: errors.ServiceUnreachable,
        503: errors.ServiceUnreachable,
        504: errors.ServiceUnreachable,
    }
    return kinds.get(status, errors.ServiceError)(
        service,
        asked,
        f"HTTP {status}: {_answer(error)}",
        _ADVICE.get(status, _SERVER_ADVICE),
        status=status,
    )


def check_answer(
    answer: requests.Response, *args: Any, **kwargs: Any
) -> requests.Response:
    """A hook of requests' sessions, for services that speak JSON only.

    Clients go on with a page for people as if it were empty, and fail later
    with errors that nobody understands. zaqarclient takes a refusal whose
    status it does not know for a success; glanceclient forgets the status.

    :raises NotJSON: a success whose body is something else.
    :raises HttpError: of keystoneauth; for the statuses that get lost.
    """
    if answer.status_code in _LOST_STATUSES:
        method = str(answer.request.method)
        raise ka_exc.from_response(answer, method, answer.url)
    if answer.ok:
        kind = answer.headers.get("Content-Type", "").partition(";")[0].lower()
        if kind == "text/html":
            raise NotJSON(f"it answered with {kind}, not JSON")
        if kind == "application/json" and _is_markup(answer.content):
            raise NotJSON("it answered with a page for people, not JSON")
    return answer


def _is_markup(body: bytes) -> bool:
    return body[:100].lstrip().startswith(b"<")


def status_of(error: BaseException) -> int | None:
    """The HTTP status that a client's error stands for, if any."""
    for attribute in _STATUS_ATTRIBUTES:
        status = getattr(error, attribute, None)
        if isinstance(status, int) and status >= 300:
            return status
    if isinstance(error, inspector_exc.ClientError):
        return int(error.response.status_code)
    return None


def _answer(error: BaseException) -> str:
    """The service's words, on one line and bounded."""
    if isinstance(error, swift_exc.ClientException):
        # Its text carries the whole URL and the answer's headers.
        text = error.http_reason or error.msg
    else:
        text = str(error)
    text = " ".join(text.split()).removeprefix("ERROR: ")
    text = _NO_CONNECTION.sub(r"\g<host>:\g<port>: \g<reason>", text)
    if len(text) > _LONGEST_ANSWER:
        text = f"{text[:_LONGEST_ANSWER]} ..."
    return text or type(error).__name__
