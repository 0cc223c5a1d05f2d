from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.validations import predeployment

IMAGES = [{"id": "1", "name": "kernel"}, {"id": "2", "name": "ramdisk"}]
PROFILE = "capabilities:profile"


def images(*more):
    return predeployment.check_images([*IMAGES, *more], "kernel", "ramdisk")


def test_one_image_of_each_name_is_wanted():
    assert images() == {
        "kernel_id": "1",
        "ramdisk_id": "2",
        "errors": [],
        "warnings": [],
    }
    found = images({"id": "3", "name": "kernel"})
    assert (found["kernel_id"], found["ramdisk_id"]) == (None, "2")
    assert "There are 2 images kernel" in found["errors"][0]
    found = predeployment.check_images([], "kernel", "ramdisk")
    assert len(found["errors"]) == 2
    assert "no image kernel" in found["errors"][0]


def test_flavors_that_roles_share_are_added(cloud):
    cloud.machines.flavors = {
        "big": {PROFILE: "compute"},
        "net": {"capabilities:boot_option": "netboot"},
    }
    found = predeployment.check_flavors(
        cloud,
        {
            "Compute": ["big", 2],
            "Ceph": ["big", 1],
            "Controller": ["net", 1],
            "Swift": ["none", 0],
            "Block": [None, 3],
        },
    )
    assert found["flavors"] == {
        "big": [{"name": "big", "keys": {PROFILE: "compute"}}, 3],
        "net": [
            {"name": "net", "keys": {"capabilities:boot_option": "netboot"}},
            1,
        ],
    }
    assert found["errors"] == []
    assert "boot from the network" in found["warnings"][0]


def test_a_flavor_that_is_not_there_is_told_with_its_roles(cloud):
    found = predeployment.check_flavors(
        cloud, {"Compute": ["none", 1], "Ceph": ["none", "2"]}
    )
    assert (
        "no flavor none, which the roles Compute, Ceph want"
        in (found["errors"][0])
    )


def test_without_roles_nova_is_not_asked(cloud):
    cloud.compute = None
    found = predeployment.check_flavors(cloud, {})
    assert found == {"flavors": {}, "errors": [], "warnings": []}


@pytest.mark.parametrize("told", [[], ["a"], "text", [1, 2], ["a", "many"]])
def test_roles_are_told_in_one_form(cloud, told):
    with pytest.raises(errors.InvalidInput, match=r"roles_info\['Compute'\]"):
        predeployment.check_flavors(cloud, {"Compute": told})


def node(capabilities="", kernel="1", ramdisk="2", **more):
    return {
        "uuid": "u",
        "provision_state": "available",
        "properties": {"capabilities": capabilities},
        "driver_info": {"deploy_kernel": kernel, "deploy_ramdisk": ramdisk},
        **more,
    }


def test_nodes_are_deployed_with_these_images():
    good = node("boot_option:local")
    found = predeployment.check_boot_configuration([good], "1", "2")
    assert found == {"errors": [], "warnings": []}
    bad = node(kernel="3", ramdisk=None, name="rack-1")
    found = predeployment.check_boot_configuration([good, bad], "1", "2")
    assert [text.partition(": ")[0] for text in found["errors"]] == [
        "Node rack-1 has deploy_kernel 3, not 1",
        "Node rack-1 has deploy_ramdisk unset, not 2",
    ]
    assert "Node rack-1 has no boot_option local" in found["warnings"][0]


def flavor(profile, scale):
    keys = {PROFILE: profile} if profile else {}
    return [{"name": "f", "keys": keys}, scale]


def test_there_are_nodes_of_each_profile():
    nodes = [
        node("profile:compute"),
        node("profile:compute", provision_state="active"),
        node("profile:compute", provision_state="manageable"),
        node("profile:other"),
    ]

    def check(**flavors):
        return predeployment.check_profiles(nodes, flavors)

    assert check(big=flavor("compute", 2))["errors"] == []
    assert (
        "1 nodes have a profile"
        in (check(big=flavor("compute", 2))["warnings"][0])
    )
    found = check(big=flavor("compute", 3))
    assert (
        "3 nodes of the profile compute are wanted, and 2"
        in (found["errors"][0])
    )
    found = check(any=flavor(None, 3))
    assert found["errors"] == []
    assert "names no profile" in found["warnings"][0]


@pytest.mark.parametrize("flavors", [["a"], {"a": 1}, {"a": ["b", 1]}])
def test_flavors_are_told_in_one_form(flavors):
    with pytest.raises(errors.InvalidInput, match="flavors must be"):
        predeployment.check_profiles([], flavors)


class TestCount:
    DEFAULTS = {"ControllerCount": 1, "ComputeCount": 1}

    def check(self, stack=None, parameters=None, available=2, associated=1):
        found = predeployment.check_count(
            stack, associated, available, parameters or {}, self.DEFAULTS
        )
        return (
            found["requested_count"],
            found["available_count"],
            found["enough_nodes"],
        )

    def test_without_a_stack_the_defaults_count(self):
        assert self.check() == (2, 2, True)
        assert self.check(parameters={"ComputeCount": 3}) == (4, 2, False)

    def test_what_the_stack_has_counts_with_its_nodes(self):
        stack = {
            "stack_status": "CREATE_COMPLETE",
            "parameters": {"ComputeCount": "2", "Other": "x"},
        }
        assert self.check(stack) == (3, 3, True)
        assert self.check(stack, {"ComputeCount": 4}) == (5, 3, False)

    def test_what_a_failed_stack_has_does_not(self):
        stack = {
            "stack_status": "CREATE_FAILED",
            "parameters": {"ComputeCount": "9"},
        }
        assert self.check(stack) == (2, 3, True)

    def test_too_few_are_told(self):
        found = predeployment.check_count(None, 0, 1, {}, self.DEFAULTS)
        assert "2 nodes are wanted, and 1 can be used" in found["errors"][0]

    def test_a_count_is_a_number(self):
        with pytest.raises(errors.InvalidInput, match="ComputeCount must be"):
            self.check(parameters={"ComputeCount": "many"})
