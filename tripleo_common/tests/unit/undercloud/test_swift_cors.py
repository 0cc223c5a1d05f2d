from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from types import ModuleType
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from tripleo_common.undercloud import starting

PAGE = "http://localhost:3000"
HEADERS = [("Content-Type", "text/plain"), ("X-Container-Meta-A", "1")]


@pytest.fixture(scope="module")
def swift_cors() -> ModuleType:
    path = starting.LAUNCHERS / "swift_cors.py"
    spec = importlib.util.spec_from_file_location("swift_cors", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Answer:
    """What the filter answers, and whether Swift was asked."""

    def __init__(
        self,
        module: ModuleType,
        method: str,
        headers: Iterable[tuple[str, str]] = HEADERS,
        **sent: str,
    ) -> None:
        self.asked = False
        environ: dict[str, Any] = {"REQUEST_METHOD": method, **sent}
        setup_testing_defaults(environ)

        def swift(environ: Any, start_response: Any) -> list[bytes]:
            self.asked = True
            start_response("401 Unauthorized", list(headers))
            return [b""]

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            self.status = status
            self.headers = dict(headers)

        build = module.filter_factory({}, allowed_origin=f"http://b,{PAGE}")
        build(swift)(environ, start)


def test_a_preflight_is_answered(swift_cors: ModuleType) -> None:
    answer = Answer(
        swift_cors,
        "OPTIONS",
        HTTP_ORIGIN=PAGE,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="PUT",
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS="x-auth-token,x-account-meta-a",
    )
    assert not answer.asked
    assert answer.status == "200 OK"
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    allowed = answer.headers["Access-Control-Allow-Headers"]
    assert allowed == "x-auth-token,x-account-meta-a"
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]


def test_an_answer_is_shown_whatever_it_is(swift_cors: ModuleType) -> None:
    answer = Answer(swift_cors, "GET", HTTP_ORIGIN=PAGE)
    assert answer.asked
    assert answer.status == "401 Unauthorized"
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert exposed == ["Content-Type", "X-Container-Meta-A"]


def test_what_a_container_says_of_itself_stays(
    swift_cors: ModuleType,
) -> None:
    own = [("access-control-allow-origin", "*")]
    answer = Answer(swift_cors, "GET", own, HTTP_ORIGIN=PAGE)
    assert answer.headers == dict(own)


@pytest.mark.parametrize("origin", ["http://other", "http://b,", "", "null"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_other_pages_are_swifts_own_matter(
    swift_cors: ModuleType, method: str, origin: str
) -> None:
    answer = Answer(
        swift_cors,
        method,
        HTTP_ORIGIN=origin,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="GET",
    )
    assert answer.asked
    assert answer.headers == dict(HEADERS)


def test_options_alone_is_no_preflight(swift_cors: ModuleType) -> None:
    assert Answer(swift_cors, "OPTIONS", HTTP_ORIGIN=PAGE).asked
