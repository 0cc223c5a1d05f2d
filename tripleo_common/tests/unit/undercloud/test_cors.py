from __future__ import annotations

import pytest

from tripleo_common.undercloud import cors, errors


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://localhost:3000/", "http://localhost:3000"),
        ("HTTPS://UI.Example.org:443", "https://ui.example.org"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_origin_is_as_browsers_write_it(text: str, origin: str) -> None:
    assert cors.parse([text]) == (origin,)


def test_each_stays_once() -> None:
    found = cors.parse(["http://b", "http://a", "http://b/"])
    assert found == ("http://b", "http://a")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*",
        "null",
        "localhost:3000",
        "file:///tmp/index.html",
        "http://",
        "http://*.example.org",
        "http://a,http://b",
        "http://a\n[DEFAULT]",
        "http://host/path",
        "http://host?query",
        "http://user@host",
        "http://host:port",
        "http://[::1",
    ],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(errors.OriginInvalid, match="is not the origin"):
        cors.parse([text])


def test_without_an_origin_nothing_is_said() -> None:
    assert cors.environ([]) == {}


def test_origins_and_what_their_pages_may_see_are_told() -> None:
    found = cors.environ(["http://a", "http://b:1"])
    assert found["OS_CORS__ALLOWED_ORIGIN"] == "http://a,http://b:1"
    assert "X-Subject-Token" in found["OS_CORS__EXPOSE_HEADERS"].split(",")
    assert "X-Auth-Token" in found["OS_CORS__ALLOW_HEADERS"].split(",")
