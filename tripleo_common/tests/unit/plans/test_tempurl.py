from __future__ import annotations

import hashlib
import hmac
from urllib import parse

import pytest

from tripleo_common import errors
from tripleo_common.plans import tempurl

KEY = "x-container-meta-temp-url-key"


def signature(url, method, key):
    """As Swift computes it, of the path without quotes."""
    parts = parse.urlsplit(url)
    query = dict(parse.parse_qsl(parts.query))
    told = f"{method}\n{query['temp_url_expires']}\n"
    text = told + parse.unquote(parts.path)
    made = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return made, query["temp_url_sig"]


@pytest.mark.parametrize("name", ["a.tar.gz", "dir/å ?x=1&y #%2F"])
def test_swift_takes_the_signature(cloud, name):
    cloud.object_store.add("c", {}, plan=False)
    url = tempurl.create(cloud, "c", name, "PUT", "60")
    assert parse.unquote(parse.urlsplit(url).path) == f"/v1/AUTH_p/c/{name}"
    assert url.startswith("http://swift:8080/v1/AUTH_p/c/")
    key = cloud.object_store.headers["c"][KEY]
    made, told = signature(url, "PUT", key)
    assert made == told


def test_a_key_is_kept(cloud):
    cloud.object_store.add("c", {}, plan=False)
    cloud.object_store.headers["c"][KEY] = "known"
    url = tempurl.create(cloud, "c", "o")
    assert cloud.object_store.headers["c"][KEY] == "known"
    made, told = signature(url, "GET", "known")
    assert made == told


def test_a_plan_stays_one(cloud):
    cloud.object_store.add("c", {})
    headers = dict(cloud.object_store.headers["c"])
    tempurl.create(cloud, "c", "o")
    assert headers.items() < cloud.object_store.headers["c"].items()


def test_a_container_is_made(cloud):
    tempurl.create(cloud, "c", "o")
    assert set(cloud.object_store.headers["c"]) == {KEY}


def test_of_two_keys_the_one_that_stays_counts(cloud):
    cloud.object_store.add("c", {}, plan=False)
    post = cloud.object_store.post_container

    def post_before_another(name, headers):
        post(name, headers)
        post(name, {KEY: "theirs"})

    cloud.object_store.post_container = post_before_another
    made, told = signature(tempurl.create(cloud, "c", "o"), "GET", "theirs")
    assert made == told


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        ({"container": ""}, "1 to 256 bytes"),
        ({"container": "a/b"}, "no slash"),
        ({"path": ""}, "name .obj. is empty"),
        ({"method": "get"}, "method must be one of GET, HEAD"),
        ({"valid": "soon"}, "valid must be a whole number"),
        ({"valid": 0}, "above 0, not '0'"),
        ({"valid": -5}, "above 0, not '-5'"),
        ({"valid": "9" * 50}, "above 0"),
        ({"valid": "\u0663"}, "above 0"),
    ],
)
def test_what_cannot_be_is_refused(cloud, inputs, text):
    with pytest.raises(errors.InvalidInput, match=text):
        tempurl.create(cloud, **{"container": "c", "path": "o", **inputs})
    assert not cloud.object_store.containers
