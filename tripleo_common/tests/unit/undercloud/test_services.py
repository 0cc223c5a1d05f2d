from __future__ import annotations

import pytest

from tripleo_common.undercloud import bmc, errors, services

EVERY = "keystone,mistral,zaqar,swift,heat,glance,ironic,inspector,bmc"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("swift,keystone", {"swift", "keystone"}),
        ("+bmc", {*services.DEFAULT, "bmc"}),
        ("+inspector, -glance", {*services.DEFAULT, "inspector"} - {"glance"}),
        ("-bmc", set(services.DEFAULT)),
        (EVERY, set(services.BY_NAME)),
    ],
)
def test_a_list_says_what_is_wanted(text: str, names: set[str]) -> None:
    assert set(services.parse(text)) == names


def test_names_are_in_the_order_of_starts() -> None:
    found = services.parse(EVERY)
    assert found == tuple(s.name for s in services.SERVICES)


@pytest.mark.parametrize("text", ["", ",", "keystone,+bmc", "-glance,heat"])
def test_a_list_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(errors.ServicesUnclear, match="not both"):
        services.parse(text)


@pytest.mark.parametrize("text", ["nova", "+nova", "-nova", "keystone,nova"])
def test_an_unknown_name_is_told_the_known_ones(text: str) -> None:
    with pytest.raises(errors.ServiceUnknown, match=r"no service nova.*zaqar"):
        services.parse(text)


def test_what_is_needed_is_added_and_told() -> None:
    names, reasons = services.complete(["inspector"])
    assert names == ("keystone", "ironic", "inspector")
    assert sorted(reasons) == [
        "ironic is there, too: inspector needs it",
        "keystone is there, too: inspector needs it",
    ]


def test_what_is_needed_cannot_be_taken_away() -> None:
    names, reasons = services.complete(services.parse("-swift"))
    assert names == services.DEFAULT
    assert reasons == ["swift is there, too: zaqar needs it"]


def test_systems_are_the_same_each_time() -> None:
    assert bmc.systems(2) == bmc.systems(5)[:2]


def test_no_two_systems_share_an_address() -> None:
    found = bmc.systems(bmc.MOST)
    macs = {card["mac"] for s in found for card in s["nics"]}  # type: ignore
    assert len(macs) == 2 * bmc.MOST
    assert len({system["uuid"] for system in found}) == bmc.MOST
