from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.nodes import configuration


def capabilities(ironic, uuid):
    return ironic.nodes[uuid]["properties"].get("capabilities")


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        (None, "compute", "profile:compute"),
        ("a:b", "compute", "a:b,profile:compute"),
        ("profile:control,a:b", "compute", "a:b,profile:compute"),
        ("profile:control,a:b", None, "a:b"),
    ],
)
def test_one_capability_changes(cloud, ironic, before, value, after):
    properties = {} if before is None else {"capabilities": before}
    ironic.add("a", properties=properties)
    told = configuration.set_capability(cloud, "a", "profile", value)
    assert capabilities(ironic, "a") == after
    assert told["properties"]["capabilities"] == after


@pytest.mark.parametrize(
    ("before", "value"), [("profile:compute", "compute"), ("a:b", None)]
)
def test_what_is_so_already_is_not_sent(cloud, ironic, before, value):
    ironic.add("a", properties={"capabilities": before})
    configuration.set_capability(cloud, "a", "profile", value)
    assert not ironic.patches


@pytest.mark.parametrize(
    ("name", "value"), [("", "a"), ("a:b", "c"), ("a", "b,c"), ("a", " ")]
)
def test_what_nobody_could_read_again_is_refused(cloud, ironic, name, value):
    ironic.add("a")
    with pytest.raises(errors.InvalidInput, match="of a capability"):
        configuration.set_capabilities(cloud, ["a"], name, value)
    assert not ironic.requests


def test_a_node_that_fails_is_told_and_the_others_go_on(cloud, ironic):
    ironic.add("a")
    told = configuration.set_capabilities(cloud, ["x", "a"], "profile", "b")
    assert told["changed"] == ["a"]
    (failure,) = told["failed"]
    assert failure["uuid"] == "x"
    assert "Ironic has no node 'x'" in failure["result"]


def test_boot_is_configured_once(cloud, ironic):
    cloud.machines.images = {"kernel": "k-id", "ramdisk": "r-id"}
    ironic.add("a", properties={"capabilities": "profile:x"})
    ironic.add("b", properties={"capabilities": "boot_option:netboot"})
    for _ in range(2):
        told = configuration.configure_boot(
            cloud, ["a", "b"], "kernel", "ramdisk", None
        )
        assert told == {"changed": ["a", "b"], "failed": []}
    assert len(ironic.patches) == 2
    assert capabilities(ironic, "a") == "boot_option:local,profile:x"
    assert capabilities(ironic, "b") == "boot_option:netboot"
    assert ironic.nodes["a"]["driver_info"] == {
        "deploy_kernel": "k-id",
        "rescue_kernel": "k-id",
        "deploy_ramdisk": "r-id",
        "rescue_ramdisk": "r-id",
    }


def test_a_boot_option_that_is_said_is_set(cloud, ironic):
    ironic.add("a", properties={"capabilities": "boot_option:netboot"})
    configuration.configure_boot(cloud, ["a"], None, None, "local")
    assert capabilities(ironic, "a") == "boot_option:local"
    assert ironic.nodes["a"]["driver_info"] == {}
    with pytest.raises(errors.InvalidInput, match="local or netboot"):
        configuration.configure_boot(cloud, ["a"], None, None, "x")


def test_an_image_that_is_not_there_changes_nothing(cloud, ironic):
    ironic.add("a")
    with pytest.raises(errors.NotFound, match="no image 'kernel'"):
        configuration.configure_boot(cloud, ["a"], "kernel", None, None)
    assert not ironic.requests
