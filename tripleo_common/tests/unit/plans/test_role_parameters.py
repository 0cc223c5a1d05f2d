from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import role_parameters
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.plans.test_store import FILES


@pytest.fixture
def machines(cloud):
    cloud.add_plan("my_cloud", FILES)
    for number, profile in enumerate(["control", "compute", "compute"]):
        cloud.machines.add_node(
            f"n{number}", f"boot_option:local,profile:{profile}"
        )
    cloud.machines.add_node("without")
    for profile in ("compute", "swift-storage"):
        keys = {"capabilities:profile": profile}
        cloud.machines.flavors[f"flavor-{profile}"] = keys
    return cloud.machines


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            "compute",
            {"ComputeCount": 2, "OvercloudComputeFlavor": "flavor-compute"},
        ),
        (
            "control",
            {"ControllerCount": 1, "OvercloudControlFlavor": "baremetal"},
        ),
        (
            "ceph-storage",
            {"CephStorageCount": 0, "OvercloudCephStorageFlavor": "baremetal"},
        ),
    ],
)
def test_count_and_flavor_follow_from_profiles(
    cloud, machines, role, expected
):
    result = role_parameters.update(cloud, Plan(cloud, "my_cloud"), role)
    stored = cloud.workflow.environments.variables["my_cloud"]
    assert stored["parameter_defaults"] == expected
    assert result["environment_parameters"] == expected


def test_object_storage_has_names_of_its_own(cloud, machines):
    machines.add_node("n9", "profile:object-storage")
    role_parameters.update(cloud, Plan(cloud, "my_cloud"), "object-storage")
    stored = cloud.workflow.environments.variables["my_cloud"]
    assert stored["parameter_defaults"] == {
        "ObjectStorageCount": 1,
        "OvercloudSwiftStorageFlavor": "flavor-swift-storage",
    }


def test_without_nova_the_flavor_is_the_usual_one(cloud, machines):
    cloud.catalog.remove("compute")
    role_parameters.update(cloud, Plan(cloud, "my_cloud"), "compute")
    stored = cloud.workflow.environments.variables["my_cloud"]
    assert stored["parameter_defaults"] == {
        "ComputeCount": 2,
        "OvercloudComputeFlavor": "baremetal",
    }


def test_the_profile_of_a_flavor(cloud, machines):
    told = role_parameters.profile_of_flavor(cloud, "flavor-compute")
    assert told == "compute"


@pytest.mark.parametrize(
    ("name", "nova", "text"),
    [
        ("absent", True, "There is no flavor absent. List them"),
        ("plain", True, "asks for no profile. Set one with"),
        ("flavor-compute", False, "the catalog has no compute service"),
    ],
)
def test_a_profile_that_is_not_there(cloud, machines, name, nova, text):
    machines.flavors["plain"] = {}
    if not nova:
        cloud.catalog.remove("compute")
    with pytest.raises(errors.NotFound, match=text):
        role_parameters.profile_of_flavor(cloud, name)
