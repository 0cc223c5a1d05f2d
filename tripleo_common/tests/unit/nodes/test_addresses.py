from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.nodes import addresses


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("192.0.2.7", ["192.0.2.7"]),
        ("192.0.2.0/30", ["192.0.2.1", "192.0.2.2"]),
        ("192.0.2.1/30", ["192.0.2.1", "192.0.2.2"]),
        ("192.0.2.9-192.0.2.11", ["192.0.2.9", "192.0.2.10", "192.0.2.11"]),
        ("192.0.2.1, 192.0.2.3", ["192.0.2.1", "192.0.2.3"]),
        (["192.0.2.2", "192.0.2.0/30"], ["192.0.2.2", "192.0.2.1"]),
        ("2001:db8::1-2001:db8::2", ["2001:db8::1", "2001:db8::2"]),
        ("127.0.0.1/32", ["127.0.0.1"]),
    ],
)
def test_addresses_of_all_forms(told, found):
    assert addresses.expand(told) == found


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("", "''"),
        ([], "nothing"),
        ("host.example", "'host.example'"),
        (["192.0.2.0/33", "192.0.2.1"], "'192.0.2.0/33'"),
        ("192.0.2.9-192.0.2.1", "'192.0.2.9-192.0.2.1'"),
        ("192.0.2.1-2001:db8::2", "'192.0.2.1-2001:db8::2'"),
        ([7, None], "7, None"),
        ("10.0.0.0/8", "more than 65536"),
        ("2001:db8::/64", "more than 65536"),
    ],
)
def test_what_are_no_addresses(told, text):
    with pytest.raises(errors.InvalidInput, match=text):
        addresses.expand(told)


@pytest.mark.parametrize(
    ("told", "number", "ways"),
    [
        (623, 623, ("ipmi",)),
        ("623", 623, ("ipmi",)),
        (443, 443, ("https", "ipmi")),
        ("ipmi:6230", 6230, ("ipmi",)),
        ("http:8000", 8000, ("http",)),
    ],
)
def test_ports_and_what_speaks_there(told, number, ways):
    assert addresses.ports([told]) == [addresses.Port(number, ways)]


@pytest.mark.parametrize(
    "wrong", [0, 65536, True, 1.5, "ftp:21", "", None, "-1", [623]]
)
def test_what_is_no_port(wrong):
    with pytest.raises(errors.InvalidInput, match="that is no port"):
        addresses.ports([443, wrong])


def test_urls_of_both_families():
    assert addresses.at("192.0.2.1", 1, "https") == "https://192.0.2.1:1"
    assert addresses.at("2001:db8::1", 1, "http") == "http://[2001:db8::1]:1"


@pytest.mark.parametrize("text", ["-x", "fe80::1%eth0", "192.0.2.0/24"])
def test_what_is_not_one_address(text):
    assert not addresses.is_address(text)
