"""The workflows that set what nodes are like."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from oslo_config import cfg

from tripleo_common import conf
from tripleo_common.nodes import inventory, root_device
from tripleo_common.tests.unit.fake_ironic import Ironic
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    assert_failed,
    assert_succeeded,
    posted,
)

WF = "tripleo.baremetal.v1."


@pytest.fixture(autouse=True)
def ironic(cloud: FakeCloud) -> Ironic:
    """The Ironic of the cloud, with two nodes."""
    cloud.baremetal = Ironic()
    for uuid in "ab":
        cloud.baremetal.add(uuid, provision_state="manageable")
    return cloud.baremetal


@pytest.fixture
def nova_manage(tmp_path: Path) -> Iterator[Path]:
    """What nova-manage was called with."""
    called, command = tmp_path / "called", tmp_path / "nova-manage"
    command.write_text(f'#!/bin/sh\necho "$*" > {called}\n')
    command.chmod(0o700)
    before = conf.options().nova_manage
    cfg.CONF.set_override("nova_manage", [str(command)], conf.GROUP)
    yield called
    cfg.CONF.set_override("nova_manage", before, conf.GROUP)


def profiles(ironic: Ironic) -> dict[str, str]:
    return {
        uuid: node["properties"].get("capabilities", "")
        for uuid, node in ironic.nodes.items()
    }


def test_a_node_is_tagged_and_untagged(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    name = WF + "tag_node"
    execution = engine.run(name, node_uuid="a", role="compute")
    message = "Node a has the profile compute."
    assert_succeeded(execution, cloud, name, message)
    assert profiles(ironic) == {"a": "profile:compute", "b": ""}
    cloud.messaging.posted.clear()
    execution = engine.run(name, node_uuid="a")
    assert_succeeded(execution, cloud, name, "Node a has no profile.")
    assert profiles(ironic) == {"a": "", "b": ""}
    cloud.messaging.posted.clear()
    execution = engine.run(name, node_uuid="x", role="compute")
    message = posted(cloud)["payload"]["message"]
    assert "Ironic has no node 'x'" in message
    assert_failed(execution, cloud, name, message)


def test_tags_set_the_roles_count(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    cloud.add_plan("mine", TEMPLATES)
    ironic.nodes["b"]["properties"] = {"capabilities": "profile:control"}
    name = WF + "tag_nodes"
    inputs = {
        "tag_node_uuids": ["a"],
        "untag_node_uuids": ["b"],
        "role": "compute",
        "plan": "mine",
    }
    execution = engine.run(name, **inputs)
    message = "1 node(s) tagged, 1 untagged."
    assert_succeeded(execution, cloud, name, message)
    assert profiles(ironic) == {"a": "profile:compute", "b": ""}
    variables = cloud.workflow.environments.variables["mine"]
    assert variables["parameter_defaults"]["ComputeCount"] == 1
    cloud.messaging.posted.clear()
    inputs["untag_node_uuids"] = ["x", "b"]
    execution = engine.run(name, **inputs)
    assert execution.state == "ERROR"
    (failure,) = posted(cloud)["payload"]["message"]
    assert failure["uuid"] == "x"
    assert execution.output["message"] == [failure]


def test_a_plan_that_is_not_there_is_told(
    engine: Engine, cloud: FakeCloud
) -> None:
    name = WF + "tag_nodes"
    execution = engine.run(
        name, tag_node_uuids=["a"], untag_node_uuids=[], role="compute"
    )
    message = posted(cloud)["payload"]["message"]
    assert message.startswith("There is no plan overcloud")
    assert_failed(execution, cloud, name, message)


IMAGES = {"bm-deploy-kernel": "k-id", "bm-deploy-ramdisk": "r-id"}


def disks(monkeypatch: pytest.MonkeyPatch, sizes: dict[str, int]) -> None:
    """What the introspection of every node has found."""
    found = [
        {"name": f"/dev/{name}", "size": size * root_device.GIB, "wwn": name}
        for name, size in sizes.items()
    ]
    monkeypatch.setattr(inventory, "disks", lambda cloud, uuid: found)


@pytest.mark.parametrize(
    ("workflow", "named", "message"),
    [
        (
            "configure",
            {"node_uuids": ["a"], "nodes_uuids": ["b"]},
            "Successfully configured the nodes.",
        ),
        (
            "configure_manageable_nodes",
            {},
            "Manageable nodes configured successfully.",
        ),
    ],
)
def test_nodes_are_configured(
    engine: Engine,
    cloud: FakeCloud,
    ironic: Ironic,
    monkeypatch: pytest.MonkeyPatch,
    workflow: str,
    named: dict[str, Any],
    message: str,
) -> None:
    cloud.machines.images = IMAGES
    disks(monkeypatch, {"sda": 100, "sdb": 20, "sdc": 2})
    ironic.add("c", provision_state="active")
    execution = engine.run(WF + workflow, **named, root_device="smallest")
    assert_succeeded(execution, cloud, WF + workflow, message)
    for uuid in "ab":
        node = ironic.nodes[uuid]
        assert node["driver_info"]["deploy_kernel"] == "k-id"
        assert node["driver_info"]["deploy_ramdisk"] == "r-id"
        assert node["properties"]["capabilities"] == "boot_option:local"
        assert node["properties"]["root_device"] == {"wwn": "sdb"}
    assert ironic.nodes["c"]["driver_info"] == {}


def test_what_is_not_configured_is_told_of_each_node(
    engine: Engine,
    cloud: FakeCloud,
    ironic: Ironic,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cloud.machines.images = IMAGES
    disks(monkeypatch, {"sda": 2})
    name = WF + "configure"
    execution = engine.run(name, node_uuids=["x", "a"], root_device="largest")
    assert execution.state == "ERROR"
    failures = posted(cloud)["payload"]["message"]
    assert [each["uuid"] for each in failures] == ["x", "a"]
    assert "at least 4 GiB" in failures[1]["result"]
    assert execution.output["message"] == failures
    assert "deploy_kernel" in ironic.nodes["a"]["driver_info"]
    cloud.messaging.posted.clear()
    cloud.machines.images = {}
    execution = engine.run(name, node_uuids=["a"])
    message = posted(cloud)["payload"]["message"]
    assert "Glance has no image 'bm-deploy-kernel'" in message
    assert_failed(execution, cloud, name, message)


def test_nova_finds_nodes_where_there_is_nova(
    engine: Engine,
    cloud: FakeCloud,
    nova_manage: Path,
) -> None:
    name = WF + "cellv2_discovery"
    cloud.machines.hypervisors = ["a", "b"]
    execution = engine.run(name, node_uuids=["a"], nodes_uuids=["b"])
    assert_succeeded(execution, cloud, name, "Nova's cells have the nodes.")
    assert "cell_v2 discover_hosts" in nova_manage.read_text()
    cloud.messaging.posted.clear()
    cloud.catalog.remove("compute")
    execution = engine.run(name, node_uuids=["a"])
    message = posted(cloud)["payload"]["message"]
    assert message.startswith("There are no cells")
    assert_failed(execution, cloud, name, message)
