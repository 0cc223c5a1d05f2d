from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.nodes import inventory, root_device
from tripleo_common.tests.unit.fake_inspector import Inspector

GIB = 1024**3
DISKS = [
    {"name": "/dev/sda", "size": 60 * GIB, "wwn": "w", "serial": "a"},
    {
        "name": "/dev/sdb",
        "size": 500 * GIB + 7,
        "wwn": "w2",
        "wwn_with_extension": "we",
        "serial": "b",
    },
    {"name": "/dev/vda", "size": 2 * GIB, "serial": "c"},
    {"name": "disk3", "size": 80 * GIB, "serial": None, "wwn": ""},
]


@pytest.fixture(autouse=True)
def node(ironic):
    ironic.add("a", properties={"local_gb": 3, "cpus": 4})
    ironic.inventories = {"a": {"disks": DISKS}}
    return ironic.nodes["a"]


@pytest.mark.parametrize(
    ("wanted", "least", "hint", "size"),
    [
        ("smallest", 4, {"wwn": "w"}, 59),
        ("smallest", 1, {"serial": "c"}, 1),
        ("largest", 4, {"wwn_with_extension": "we"}, 499),
        ("sda", 4, {"wwn": "w"}, 59),
        ("sdz, /dev/vda,sda", 0, {"serial": "c"}, 1),
        ("vda,sda", 4, {"wwn": "w"}, 59),
    ],
)
def test_a_disk_is_chosen(cloud, node, wanted, least, hint, size):
    assert root_device.configure(cloud, "a", wanted, least)
    assert node["properties"] == {
        "cpus": 4,
        "root_device": hint,
        "local_gb": size,
    }


def test_what_is_set_stays_unless_it_is_to_be_overwritten(cloud, ironic, node):
    node["properties"]["root_device"] = {"serial": "mine"}
    assert not root_device.configure(cloud, "a", "largest")
    assert ironic.requests == {"GET node": 1}
    assert root_device.configure(cloud, "a", "largest", overwrite=True)
    assert node["properties"]["root_device"] == {"wwn_with_extension": "we"}


@pytest.mark.parametrize(
    ("wanted", "least", "text"),
    [
        ("sdz", 4, "has no disk 'sdz' of at least 4 GiB, but /dev/sda of 60"),
        ("smallest", 999, r"None of the disks of node a \(/dev/sda of 60 GiB"),
        ("disk3", 4, "Disk disk3 of node a cannot be told from others"),
    ],
)
def test_a_disk_that_cannot_be_is_told(cloud, ironic, wanted, least, text):
    with pytest.raises(errors.TripleOError, match=text):
        root_device.configure(cloud, "a", wanted, least)
    assert not ironic.patches


def test_a_hint_that_other_disks_have_too_is_none(cloud, ironic, node):
    twins = [{**disk, "wwn": "w"} for disk in DISKS[:1] * 2]
    twins[1].update(name="/dev/sdb", serial="b")
    ironic.inventories = {"a": {"disks": twins}}
    root_device.configure(cloud, "a", "sda")
    assert node["properties"]["root_device"] == {"serial": "a"}
    twins[1]["serial"] = "a"
    with pytest.raises(errors.Conflict, match="told from others"):
        root_device.configure(cloud, "a", "sda", overwrite=True)


@pytest.mark.parametrize(
    "told", [{}, {"disks": None}, {"disks": ["x", {"name": 7}]}]
)
def test_an_inventory_without_disks_is_told(cloud, ironic, told):
    ironic.inventories = {"a": told}
    with pytest.raises(errors.NotFound, match="told no disk with a name"):
        root_device.configure(cloud, "a", "smallest")


def test_a_node_that_was_never_introspected_is_told(cloud, ironic):
    ironic.inventories = {}
    with pytest.raises(errors.NotFound, match="introspect it with"):
        inventory.of_node(cloud, "a")


def test_what_inspector_found_goes_first(cloud, ironic):
    cloud.catalog = {*cloud.catalog, "baremetal-introspection"}
    cloud.introspection = Inspector()
    assert inventory.disks(cloud, "a") == DISKS
    cloud.introspection.data = {"a": {"inventory": {"disks": DISKS[:1]}}}
    assert inventory.disks(cloud, "a") == DISKS[:1]
