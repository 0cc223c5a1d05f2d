from __future__ import annotations

import contextlib

import pytest

from tripleo_common import errors
from tripleo_common.validations import slots


@pytest.fixture
def folder(tmp_path, options):
    options("validations_slots_dir", str(tmp_path / "slots"))
    options("validations_limit", 2)
    return tmp_path / "slots"


def never():
    pytest.fail("it had to wait")


def test_there_are_as_many_as_the_limit_says(folder, monkeypatch):
    monkeypatch.setattr(slots, "_PAUSE", 0)
    with contextlib.ExitStack() as held:
        for _ in range(2):
            held.enter_context(slots.held(never))
        with slots.held(lambda: False) as third:
            assert third is None
    with slots.held(never) as slot:
        assert slot is not None


def test_who_waits_gets_what_becomes_free(folder, monkeypatch):
    monkeypatch.setattr(slots, "_PAUSE", 0)
    held = contextlib.ExitStack()
    for _ in range(2):
        held.enter_context(slots.held(never))

    def free():
        held.close()
        return True

    with slots.held(free) as slot:
        assert slot is not None


def test_a_file_in_the_way_is_told(folder):
    folder.write_text("")
    with (
        pytest.raises(errors.Conflict, match="must be a directory"),
        slots.held(never),
    ):
        pytest.fail("it was taken")


def test_a_link_in_the_way_is_told(folder, tmp_path):
    folder.symlink_to(tmp_path)
    with (
        pytest.raises(errors.Conflict, match="must be a directory"),
        slots.held(never),
    ):
        pytest.fail("it was taken")
