from __future__ import annotations

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.plans import noop_steps
from tripleo_common.plans.store import Plan

STEPS = {
    "OS::TripleO::DeploymentSteps": "OS::Heat::None",
    "OS::TripleO::Tasks::ControllerPreConfig": "OS::Heat::None",
    "OS::TripleO::ComputePostConfig": "OS::Heat::None",
}
OTHERS = {
    "OS::TripleO::Tasks::ComputePreConfig": "tasks.yaml",
    "OS::TripleO::Services::Sshd": "OS::Heat::None",
}
REGISTRY = {"resource_registry": {**STEPS, **OTHERS}}
LEFT = {"resource_registry": OTHERS}


@pytest.fixture
def files(cloud):
    text = yaml.safe_dump({**REGISTRY, "parameter_defaults": {"a": 1}})
    paths = ("user-environment.yaml", "unused-user-environment.yaml", "t.yaml")
    cloud.add_plan(
        "my_cloud",
        dict.fromkeys(paths, text),
        environments=[
            {"path": "user-environment.yaml"},
            {"path": "gone/user-environment.yaml"},
            {"path": "t.yaml"},
            {"data": REGISTRY},
            {"data": None},
        ],
        resource_registry=REGISTRY["resource_registry"],
    )
    return cloud.object_store.containers["my_cloud"]


def test_steps_are_taken_again(cloud, files):
    noop_steps.remove(Plan(cloud, "my_cloud"))
    variables = cloud.workflow.environments.variables["my_cloud"]
    assert variables["resource_registry"] == OTHERS
    assert variables["environments"][3] == {"data": LEFT}
    assert yaml.safe_load(files["user-environment.yaml"][0]) == {
        **LEFT,
        "parameter_defaults": {"a": 1},
    }


def test_other_files_stay_as_they_are(cloud, files):
    before = dict(files)
    noop_steps.remove(Plan(cloud, "my_cloud"))
    for path in ("unused-user-environment.yaml", "t.yaml"):
        assert files[path] == before[path]


def test_a_plan_without_such_entries_stays_as_it_is(cloud):
    cloud.add_plan("my_cloud", {})
    cloud.workflow.environments.requests.clear()
    noop_steps.remove(Plan(cloud, "my_cloud"))
    noop_steps.remove(Plan(cloud, "my_cloud"))
    assert cloud.object_store.requests["PUT object"] == 0


def test_a_file_that_does_not_parse_is_told(cloud, files):
    files["user-environment.yaml"] = (b"a: [", "")
    with pytest.raises(errors.InvalidFile, match="user-environment"):
        noop_steps.remove(Plan(cloud, "my_cloud"))
