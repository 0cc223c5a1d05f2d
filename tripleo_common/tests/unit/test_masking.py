from __future__ import annotations

import json
import time

import pytest

from tripleo_common import masking
from tripleo_common.plans import passwords


@pytest.mark.parametrize(
    "name",
    [
        "AdminPassword",
        "pm_password",
        "password",
        "ssh_private_key",
        "auth_token",
        "KeystoneFernetKeys",
        "admin_passwd",
        "credentials",
        "CinderPureAPIToken",
    ],
)
def test_secrets_are_known_by_their_names(name):
    assert masking.is_secret(name)


@pytest.mark.parametrize(
    "name",
    ["key_name", "KeyName", "keypair", "pm_user", "mac", "password_len"],
)
def test_other_names_are_not_secret(name):
    assert not masking.is_secret(name)


@pytest.mark.parametrize("name", sorted(passwords.kinds()))
def test_every_generated_password_is_secret(name):
    if name == "CephClusterFSID":
        assert not masking.is_secret(name)
    else:
        assert masking.is_secret(name)


def test_secrets_are_masked_at_any_depth_and_the_source_stays():
    source = {
        "nodes_json": [{"pm_addr": "192.0.2.1", "pm_password": "s3cret"}],
        "passwords": {"AdminPassword": "s3cret"},
        "empty": {"password": None},
    }
    masked = masking.masked(source)
    assert "s3cret" not in str(masked)
    assert masked["nodes_json"][0]["pm_addr"] == "192.0.2.1"
    assert masked["empty"] == {"password": None}
    assert source["nodes_json"][0]["pm_password"] == "s3cret"


@pytest.mark.parametrize("name", ["SSLKey", "api_key", "SecretKey"])
def test_keys_that_open_something_are_secret(name):
    assert masking.is_secret(name)


def test_a_secrets_value_is_masked_wherever_it_stands():
    source = {"nodes": [{"pm_password": "correct-horse"}], "n": 3}
    known = masking.values(source)
    assert known == {"correct-horse"}
    told = {"message": "refused: correct-horse!", "more": [["correct-horse"]]}
    assert masking.masked(told, known) == {
        "message": "refused: ***!",
        "more": [["***"]],
    }


def test_what_stands_inside_of_a_secret_is_secret():
    source = {
        "credentials": [["root", "calvin"]],
        "ssh_private_key": {"a": "b"},
    }
    assert masking.values(source) == {"root", "calvin", "b"}
    assert masking.values({"password": masking.MASK}) == set()


def test_a_key_is_found_as_texts_quote_it():
    key = '-----BEGIN KEY-----\nabc"def\n-----END KEY-----\n'
    for quoted in (key, repr({"k": key}), json.dumps({"k": key})):
        assert "abc" not in masking.masked(f"bad: {quoted}", {key})


def test_a_short_secret_is_a_word_and_a_shorter_one_is_left():
    known = {"admin", "a"}
    text = "user admin of administrators has a key"
    assert masking.masked(text, known) == (
        "user *** of administrators has a key"
    )


def test_the_longer_of_two_secrets_is_masked_first():
    known = {"correct-horse", "correct-horse-battery"}
    assert masking.masked("correct-horse-battery", known) == "***"


def test_a_thousand_secrets_cost_little():
    known = {f"secret-{number:08}" for number in range(1000)}
    value = [{"uuid": f"node {number}"} for number in range(10_000)]
    started = time.process_time()
    assert masking.masked(value, known) == value
    assert time.process_time() - started < 2
