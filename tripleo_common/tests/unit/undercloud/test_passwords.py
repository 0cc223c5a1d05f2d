from __future__ import annotations

import json
import stat

import pytest

from tripleo_common.undercloud import errors, passwords
from tripleo_common.undercloud.paths import Paths


def test_passwords_are_random_and_stay(paths: Paths) -> None:
    first = passwords.ensure(paths)
    assert set(first) == set(passwords.NAMES)
    assert len(set(first.values())) == len(first)
    assert passwords.ensure(paths) == first == passwords.load(paths)


def test_only_the_owner_may_read_them(paths: Paths) -> None:
    passwords.ensure(paths)
    mode = (paths.etc / passwords.FILE).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_heats_key_has_the_length_that_heat_wants(paths: Paths) -> None:
    assert len(passwords.ensure(paths)["heat-encryption"]) == 32


def test_a_new_one_joins_those_there_are(paths: Paths) -> None:
    known = passwords.ensure(paths)
    less = {k: v for k, v in known.items() if k != "ironic"}
    (paths.etc / passwords.FILE).write_text(json.dumps(less))
    again = passwords.ensure(paths)
    assert set(again) == set(known)
    assert less.items() <= again.items()


def test_lost_passwords_are_not_replaced(paths: Paths) -> None:
    (paths.data / "heat.sqlite").touch()
    with pytest.raises(errors.SecretsLost, match="is missing, but"):
        passwords.ensure(paths)


def test_there_are_none_before_the_first_start(paths: Paths) -> None:
    with pytest.raises(errors.NotPrepared, match="tripleo-undercloud up"):
        passwords.load(paths)
