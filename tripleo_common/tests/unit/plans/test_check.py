from __future__ import annotations

from types import SimpleNamespace

import pytest

from tripleo_common import errors
from tripleo_common.plans import check
from tripleo_common.plans.store import Plan

TEMPLATE = """
heat_template_version: rocky
parameters:
  ControllerCount: {type: number, default: 1}
  ControllerImage: {type: string, default: overcloud-full}
"""
FILES = {
    "roles_data.yaml": "- name: Controller\n- name: Compute\n",
    "overcloud.yaml": TEMPLATE,
    "overcloud-resource-registry-puppet.yaml": "resource_registry: {}\n",
}
DEPLOYED = "resource_registry: {OS::TripleO::Server: deployed-server/x.yaml}\n"
SERVER = {"deployed-server/x.yaml": "heat_template_version: rocky\n"}
TREE = {"Parameters": {"ControllerCount": {"Default": 1, "Type": "Number"}}}


@pytest.fixture
def ready(cloud):
    """A cloud with a plan that can be deployed."""
    cloud.add_plan("mine", FILES, parameter_defaults={"ComputeCount": 1})
    cloud.tree = {
        "Parameters": {
            **TREE["Parameters"],
            "ComputeCount": {"Default": 1, "Type": "Number"},
        }
    }
    cloud.orchestration.stacks.validate = lambda **_: cloud.tree
    for number in range(2):
        cloud.machines.add_node(
            f"n{number}", provision_state="available", maintenance=False
        )
    image = SimpleNamespace(id="id-1", name="overcloud-full")
    images = SimpleNamespace(list=lambda: [image])
    cloud.image = SimpleNamespace(images=images)
    return cloud


def found(cloud):
    told = check.check(cloud, Plan(cloud, "mine"))
    return told["ready"], {
        (each["check"], each["status"]): each["message"]
        for each in told["findings"]
    }


def test_a_plan_that_is_ready(ready):
    assert check.check(ready, Plan(ready, "mine")) == {
        "ready": True,
        "checked": list(check.CHECKS),
        "findings": [],
    }


def test_there_must_be_a_plan(cloud):
    with pytest.raises(errors.PlanNotFound):
        found(cloud)


def test_half_a_plan(cloud):
    cloud.object_store.add("mine", FILES)
    is_ready, told = found(cloud)
    assert not is_ready
    assert set(told) == {("plan", "failed")}
    assert "is incomplete" in told["plan", "failed"]


def test_every_finding_says_how_to_mend_it(ready):
    ready.machines.nodes.clear()
    ready.tree["Parameters"]["NtpServer"] = {"Type": "String"}
    ready.orchestration.stacks.add("mine", "CREATE_IN_PROGRESS")
    told = check.check(ready, Plan(ready, "mine"))
    assert {each["check"] for each in told["findings"]} == {
        "parameters",
        "nodes",
        "stack",
    }
    for each in told["findings"]:
        assert each["fix"].endswith(".")
        assert each["message"].endswith(".")


def test_what_is_not_set_is_found_at_any_depth(ready):
    ready.tree["NestedParameters"] = {
        "one": {"NestedParameters": {"two": {"Parameters": {"Deep": {}}}}}
    }
    is_ready, told = found(ready)
    assert not is_ready
    assert "parameter Deep has no value" in told["parameters", "failed"]


def test_what_another_template_gives_is_not_missing(ready):
    template = TEMPLATE + (
        "resources:\n  nested:\n    type: nested.yaml\n"
        "    properties: {servers: {get_attr: [other, all]}}\n"
    )
    nested = "heat_template_version: rocky\nparameters: {servers: {}}\n"
    files = {"overcloud.yaml": template, "nested.yaml": nested}
    ready.object_store.add("mine", {**FILES, **files})
    ready.tree["NestedParameters"] = {
        "nested": {"Parameters": {"servers": {"Type": "Json"}}}
    }
    assert found(ready) == (True, {})


def test_a_value_that_is_set_is_enough(ready):
    ready.tree["Parameters"]["NtpServer"] = {"Type": "String", "Value": "n"}
    assert found(ready) == (True, {})


def test_wrong_and_unknown_parameters(ready):
    kept = ready.workflow.environments.variables["mine"]
    kept["parameter_defaults"] = {"ComputeCount": "many", "Typo": 1}
    is_ready, told = found(ready)
    assert not is_ready
    assert told["parameters", "failed"].startswith("ComputeCount is ")
    assert "takes the parameter Typo" in told["parameters", "warning"]


def test_missing_passwords(ready):
    ready.tree["Parameters"]["AdminPassword"] = {"Type": "String"}
    is_ready, told = found(ready)
    assert not is_ready
    assert "missing: AdminPassword" in told["passwords", "failed"]
    assert ("parameters", "failed") not in told


@pytest.mark.parametrize(
    ("counts", "status"), [((0, 0), "failed"), ((1, 0), "warning")]
)
def test_roles_without_machines(ready, counts, status):
    kept = ready.workflow.environments.variables["mine"]
    kept["parameter_defaults"] = dict(
        zip(("ControllerCount", "ComputeCount"), counts, strict=True)
    )
    is_ready, told = found(ready)
    assert is_ready == (status != "failed")
    assert set(told) == {("roles", status)}


@pytest.mark.parametrize(
    "unfit",
    [
        {"provision_state": "manageable", "maintenance": False},
        {"provision_state": "available", "maintenance": True},
        {
            "provision_state": "available",
            "maintenance": False,
            "instance_uuid": "taken",
        },
        {"provision_state": "active", "maintenance": False},
    ],
)
def test_nodes_that_cannot_be_had_do_not_count(ready, unfit):
    del ready.machines.nodes[0]
    ready.machines.add_node("unfit", **unfit)
    is_ready, told = found(ready)
    assert not is_ready
    assert (
        "need 2 nodes (Controller 1, Compute 1), and 1 are"
        in (told["nodes", "failed"])
    )


def test_nodes_that_a_stack_has_count(ready):
    ready.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    ready.machines.nodes.clear()
    for number in range(2):
        ready.machines.add_node(
            f"n{number}", provision_state="active", maintenance=False
        )
    assert found(ready) == (True, {})


def test_images_that_glance_has_not(ready):
    kept = ready.workflow.environments.variables["mine"]
    kept["parameter_defaults"]["ControllerImage"] = "other"
    ready.tree["Parameters"]["ControllerImage"] = {"Type": "String"}
    ready.tree["Parameters"]["ControllerImage"]["Default"] = "overcloud-full"
    is_ready, told = found(ready)
    assert not is_ready
    assert told["images", "failed"].startswith("ControllerImage is other,")


def test_an_image_may_be_named_by_its_id(ready):
    kept = ready.workflow.environments.variables["mine"]
    kept["parameter_defaults"]["ControllerImage"] = "id-1"
    assert found(ready)[0]


def test_machines_that_are_there_need_no_nodes_and_images(ready):
    files = {"overcloud-resource-registry-puppet.yaml": DEPLOYED, **SERVER}
    ready.object_store.add("mine", {**FILES, **files})
    ready.machines.nodes.clear()
    del ready.image
    assert found(ready) == (True, {})


@pytest.mark.parametrize(
    ("status", "finding"),
    [("UPDATE_IN_PROGRESS", "failed"), ("CREATE_FAILED", "warning")],
)
def test_a_stack_that_is_not_well(ready, status, finding):
    ready.orchestration.stacks.add("mine", status)
    is_ready, told = found(ready)
    assert is_ready == (finding != "failed")
    assert status in told["stack", finding]


def test_a_service_that_is_missing_leaves_the_others(ready):
    class Missing:
        def __getattr__(self, name):
            raise errors.ServiceUnreachable("It", "it", "not there", "See.")

    ready.baremetal = ready.image = Missing()
    ready.orchestration.stacks.add("mine", "UPDATE_IN_PROGRESS")
    is_ready, told = found(ready)
    assert not is_ready
    assert set(told) == {
        ("nodes", "unknown"),
        ("images", "unknown"),
        ("stack", "failed"),
    }


@pytest.mark.parametrize(
    ("status", "finding"), [(400, "failed"), (500, "unknown")]
)
def test_what_heat_says_of_the_templates(ready, status, finding):
    def refuse(**_):
        raise errors.ServiceError("Heat", "it", "no", "Mend it.", status)

    ready.orchestration.stacks.validate = refuse
    _, told = found(ready)
    assert "Heat could not do it: no" in told["parameters", finding]


def test_a_template_that_does_not_parse(ready):
    ready.object_store.add("mine", {**FILES, "overcloud.yaml": "a: ["})
    is_ready, told = found(ready)
    assert not is_ready
    assert "overcloud.yaml, line" in told["parameters", "failed"]
