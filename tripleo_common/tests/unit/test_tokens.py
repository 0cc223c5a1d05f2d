from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from tripleo_common import errors, tokens

NOW = datetime.datetime(2030, 1, 31, 12, 0, tzinfo=datetime.UTC)


def check(expires_at):
    tokens.check_lifetime(SimpleNamespace(expires_at=expires_at), NOW)


@pytest.mark.parametrize(
    "expires_at", [None, "2030-01-31T12:02:00.000000Z", "2030-01-31T13:00:00Z"]
)
def test_a_token_that_lasts_is_good(expires_at):
    check(expires_at)


@pytest.mark.parametrize(
    "expires_at", ["2030-01-31T12:01:59.000000Z", "2030-01-31T11:00:00Z"]
)
def test_a_token_that_ends_before_is_told(expires_at):
    with pytest.raises(errors.TokenEndsSoon) as caught:
        check(expires_at)
    text = str(caught.value)
    assert expires_at[11:19] in text
    assert "about 2 minutes" in text
    assert "Log in again" in text


def test_the_minutes_are_an_option(options):
    options("token_minutes", 90)
    with pytest.raises(errors.TokenEndsSoon, match="about 90 minutes"):
        check("2030-01-31T13:00:00Z")
    options("token_minutes", 0)
    check("2030-01-31T12:00:01Z")


def test_the_present_is_the_default():
    tokens.check_lifetime(SimpleNamespace(expires_at="2999-01-01T00:00:00Z"))
    with pytest.raises(errors.TokenEndsSoon):
        tokens.check_lifetime(
            SimpleNamespace(expires_at="2020-01-01T00:00:00Z")
        )
