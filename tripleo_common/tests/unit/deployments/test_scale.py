from __future__ import annotations

from types import SimpleNamespace

import pytest

from tripleo_common import errors
from tripleo_common.deployments import scale
from tripleo_common.plans.store import Plan

FILES = {
    "overcloud.yaml": "heat_template_version: rocky\n",
    "overcloud-resource-registry-puppet.yaml": "resource_registry: {}\n",
}
GROUP = "OS::Heat::ResourceGroup"
SERVER = "OS::Heat::DeployedServer"


@pytest.fixture
def plan(cloud):
    """A plan whose stack has three computes and a controller."""
    cloud.add_plan("mine", FILES)
    cloud.orchestration.stacks.add("mine", "CREATE_COMPLETE")
    add = cloud.orchestration.resources.add
    for role, count in (("Compute", 3), ("Controller", 1)):
        add("id-mine", role, "CREATE_COMPLETE", resource_type=GROUP)
        for index in range(count):
            name = f"{role.lower()}-{index}"
            add(
                f"id-{role}",
                str(index),
                "CREATE_COMPLETE",
                physical_resource_id=f"stack-{name}",
            )
            add(
                f"stack-{name}",
                "Server",
                "CREATE_COMPLETE",
                resource_type=SERVER,
                physical_resource_id=f"uuid-{name}",
                attributes={"name": f"host-{name}"},
            )
    # No node: it has no server.
    add("id-mine", "Empty", "CREATE_COMPLETE", resource_type=GROUP)
    return Plan(cloud, "mine")


def updated(cloud):
    ((_, arguments),) = cloud.orchestration.stacks.updated
    return arguments


@pytest.mark.parametrize(
    "name", ["uuid-compute-1", "host-compute-1", "Compute.1"]
)
def test_a_node_is_named_in_three_ways(cloud, plan, name):
    gone = scale.delete_nodes(cloud, plan, [name, name], 17)
    assert gone == {"Compute": ["1"]}
    arguments = updated(cloud)
    assert arguments["timeout_mins"] == 17
    expected = {
        "ComputeCount": 2,
        "ComputeRemovalPolicies": [{"resource_list": ["1"]}],
    }
    told = arguments["environment"]["parameter_defaults"]
    assert {key: told[key] for key in expected} == expected
    assert "DeployIdentifier" not in told
    assert plan.state().parameter_defaults == expected


def test_nodes_that_went_before_stay_away(cloud, plan):
    before = {"ComputeRemovalPolicies": [{"resource_list": ["7"]}]}
    plan.merge_parameters(before)
    scale.delete_nodes(cloud, plan, ["Compute.0", "Controller.0"], 5)
    told = plan.state().parameter_defaults
    assert told["ComputeRemovalPolicies"] == [{"resource_list": ["7", "0"]}]
    assert told["ControllerCount"] == 0


def test_unknown_nodes_are_refused_with_the_known_ones(cloud, plan):
    with pytest.raises(errors.NotFound) as caught:
        scale.delete_nodes(cloud, plan, ["Compute.0", "ghost"], 5)
    text = str(caught.value)
    assert "has no node ghost; nothing was removed" in text
    assert "Compute.2 (host-compute-2, uuid-compute-2)" in text
    assert not cloud.orchestration.stacks.updated


def test_what_heat_refuses_is_not_kept_in_the_plan(cloud, plan, monkeypatch):
    def refuse(*args, **named):
        raise errors.ServiceError("Heat", "it", "HTTP 400: no", "Wait.", 400)

    monkeypatch.setattr(cloud.orchestration.stacks, "update", refuse)
    with pytest.raises(errors.PlanRefused):
        scale.delete_nodes(cloud, plan, ["Compute.0"], 5)
    assert plan.state().parameter_defaults == {}


def test_a_plan_without_a_stack_has_no_nodes(cloud):
    cloud.add_plan("mine", FILES)
    with pytest.raises(errors.NotFound, match="has no stack"):
        scale.delete_nodes(cloud, Plan(cloud, "mine"), ["Compute.0"], 5)


def test_no_nodes_are_none(cloud, plan):
    with pytest.raises(errors.InvalidInput, match="nodes is empty"):
        scale.delete_nodes(cloud, plan, [], 5)


def test_a_server_that_just_went_has_no_name(cloud, plan, monkeypatch):
    nodes = scale.find(cloud, SimpleNamespace(id="id-mine"))

    def gone(stack, name):
        raise errors.ResourceNotFound("Heat", "it", "HTTP 404", "Wait.", 404)

    monkeypatch.setattr(cloud.orchestration.resources, "get", gone)
    with pytest.raises(errors.NotFound, match=r"Compute\.0 \(uuid-compute-0"):
        scale.delete_nodes(cloud, plan, ["ghost"], 5)
    assert len(nodes) == 4
