from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.nodes import cleaning, waiting

DISKS = {"logical_disks": [{"size_gb": 10, "raid_level": "1"}]}


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch):
    monkeypatch.setattr(waiting, "pause", lambda seconds: None)


def test_nodes_get_the_steps(cloud, ironic):
    ironic.add("a", provision_state="manageable")
    options = cleaning.Options(disable_ramdisk=True)
    told = cleaning.clean(cloud, ["a"], cleaning.RESET_BIOS, options)
    assert told["moved"] == ["a"]
    ((_, action, more),) = ironic.sent
    assert action == "clean"
    assert more["cleansteps"] == cleaning.RESET_BIOS
    assert more["disable_ramdisk"] is True


def test_without_steps_nothing_is_cleaned(cloud, ironic):
    with pytest.raises(errors.InvalidInput, match="No clean step is named"):
        cleaning.clean(cloud, ["a"], [], cleaning.Options())


def test_raid_is_set_and_made(cloud, ironic):
    for uuid in "ab":
        ironic.add(uuid, provision_state="manageable")
    told = cleaning.create_raid(
        cloud, ["a", "b", "c"], DISKS, cleaning.Options()
    )
    assert told["moved"] == ["a", "b"]
    (failure,) = told["failed"]
    assert "Node c did not take the configuration." in failure["result"]
    assert ironic.nodes["a"]["target_raid_config"] == DISKS
    assert {tuple(s["step"] for s in m["cleansteps"]) for *_, m in ironic.sent}


@pytest.mark.parametrize("wrong", [{}, {"logical_disks": {}}])
def test_what_is_no_raid_changes_nothing(cloud, ironic, wrong):
    with pytest.raises(errors.InvalidInput, match="logical_disks"):
        cleaning.create_raid(cloud, ["a"], wrong, cleaning.Options())
    assert not ironic.requests


SETTINGS = [{"name": "BootMode", "value": "Uefi"}]


@pytest.mark.parametrize("settings", [SETTINGS, {"settings": SETTINGS}])
def test_bios_settings_of_either_form(settings):
    (step,) = cleaning.bios_steps(settings)
    assert step["args"] == {"settings": SETTINGS}


@pytest.mark.parametrize(
    "wrong", [None, [], {}, ["a"], [{"name": "a"}], {"settings": {"a": 1}}]
)
def test_what_are_no_bios_settings(wrong):
    with pytest.raises(errors.InvalidInput, match="name and value"):
        cleaning.bios_steps(wrong)
