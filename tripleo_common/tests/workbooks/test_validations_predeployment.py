"""The workflows that look at images, flavors and nodes."""

from __future__ import annotations

from typing import Any

import pytest

from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    assert_told,
    posted,
    refused,
    refusing,
)

V1 = "tripleo.validations.v1."
ALL = f"{V1}check_pre_deployment_validations"
#: How each fails on a cloud without anything, and what its message then says.
FAILING: dict[str, tuple[dict[str, Any], str]] = {
    "check_boot_images": ({}, "There is no image bm-deploy-kernel"),
    "collect_flavors": (
        {"roles_info": {"Compute": ["big", 1]}},
        "There is no flavor big",
    ),
    "check_ironic_boot_configuration": (
        {"kernel_id": "1", "ramdisk_id": "2"},
        "Node bare has deploy_kernel unset, not 1",
    ),
    "verify_profiles": (
        {
            "flavors": {
                "big": [{"keys": {"capabilities:profile": "compute"}}, 1]
            }
        },
        "1 nodes of the profile compute are wanted, and 0",
    ),
    "check_default_nodes_count": (
        {"default_role_counts": {"ComputeCount": 7}},
        "7 nodes are wanted, and 1 can be used",
    ),
}


@pytest.fixture
def node(cloud: FakeCloud) -> None:
    """A node that is there, and no more."""
    cloud.machines.add_node(
        "u",
        name="bare",
        provision_state="available",
        maintenance=False,
        driver_info={},
    )


@pytest.mark.parametrize("name", sorted(FAILING))
def test_what_is_wrong_is_told(
    engine: Engine, cloud: FakeCloud, node: None, name: str
) -> None:
    inputs, text = FAILING[name]
    execution = engine.run(V1 + name, **inputs)
    message = execution.output["message"]
    assert text in message
    assert message == " ".join(execution.output["errors"])
    assert (execution.state, execution.state_info) == ("ERROR", message)
    assert_told(execution, cloud, V1 + name, "FAILED", message)
    assert posted(cloud)["payload"]["errors"] == execution.output["errors"]


@pytest.mark.parametrize("name", sorted({*FAILING, ALL.removeprefix(V1)}))
def test_nothing_is_looked_at_unless_it_is_wanted(
    engine: Engine, cloud: FakeCloud, name: str
) -> None:
    execution = engine.run(V1 + name, run_validations=False)
    message = "Nothing was looked at."
    assert execution.state == "SUCCESS"
    assert_told(execution, cloud, V1 + name, "SUCCESS", message)


@pytest.mark.parametrize("name", ["check_boot_images", ALL.removeprefix(V1)])
def test_a_service_that_refuses_is_told(
    engine: Engine, cloud: FakeCloud, name: str
) -> None:
    cloud.image.images.list = refusing(refused("Glance"))
    execution = engine.run(V1 + name)
    message = str(refused("Glance"))
    assert_told(execution, cloud, V1 + name, "FAILED", message)


def test_a_cloud_that_is_ready(engine: Engine, cloud: FakeCloud) -> None:
    cloud.machines.images = {
        "bm-deploy-kernel": "1",
        "bm-deploy-ramdisk": "2",
    }
    cloud.machines.flavors = {"big": {"capabilities:profile": "compute"}}
    for uuid in ("a", "b"):
        cloud.machines.add_node(
            uuid,
            "profile:compute,boot_option:local",
            name=uuid,
            provision_state="available",
            maintenance=False,
            driver_info={"deploy_kernel": "1", "deploy_ramdisk": "2"},
        )
    execution = engine.run(
        ALL,
        roles_info={"Compute": ["big", 2]},
        default_role_counts={"ComputeCount": 2},
    )
    message = "Images, flavors and nodes are ready for the deployment."
    assert execution.state == "SUCCESS"
    assert_told(execution, cloud, ALL, "SUCCESS", message)
    for told in (execution.output, posted(cloud)["payload"]):
        assert (told["errors"], told["warnings"]) == ([], [])
        assert (told["kernel_id"], told["ramdisk_id"]) == ("1", "2")
        assert told["flavors"]["big"][1] == 2
        assert told["statistics"] == {"count": 0}


def test_all_that_is_wrong_is_told_at_once(
    engine: Engine, cloud: FakeCloud, node: None
) -> None:
    execution = engine.run(
        ALL,
        roles_info={"Compute": ["big", 2]},
        default_role_counts={"ComputeCount": 2},
    )
    assert execution.state == "ERROR"
    texts = execution.output["errors"]
    assert len(texts) == 4
    assert execution.output["message"] == " ".join(texts)
    assert execution.output["warnings"]
