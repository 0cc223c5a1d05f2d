"""The workflows that tell, check and change roles and networks."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.unit.plans.test_role_changes import (
    CEPH,
    COMPUTE,
    CONTROLLER,
    FILES,
)
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    assert_failed,
    assert_told,
    refused,
    refusing,
)

PLANS = "tripleo.plan_management.v1."
IDENTIFY = "tripleo.role.v1.identify"
NETWORKS = [{"name": "Tenant"}, {"name": "Storage"}]
EXTERNAL = {"name": "External", "vip": True}

#: Each workflow, what it is asked besides the plan, and what it tells.
TOLD: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    (PLANS + "list_roles", {}, "1 roles.", {"roles_data": [CONTROLLER]}),
    (
        PLANS + "list_roles",
        {"roles_data_file": "roles/Compute.yaml"},
        "1 roles.",
        {"roles_data": [COMPUTE]},
    ),
    (
        PLANS + "list_available_roles",
        {},
        "2 roles are available.",
        {
            "available_roles": [
                COMPUTE,
                {"name": "Controller", "tags": ["primary"]},
            ]
        },
    ),
    (
        PLANS + "select_roles",
        {"role_names": ["Compute", "Controller"]},
        "The roles of plan mine are chosen.",
        {"selected_roles": [COMPUTE, CONTROLLER]},
    ),
    (
        PLANS + "update_roles",
        {"roles": [CEPH]},
        "The roles of plan mine are changed.",
        {"updated_roles": [CONTROLLER, CEPH]},
    ),
    (
        PLANS + "validate_roles",
        {},
        "The roles of plan mine can be used.",
        {"roles_data": [CONTROLLER]},
    ),
    (PLANS + "list_networks", {}, "2 networks.", {"network_data": NETWORKS}),
    (
        PLANS + "list_available_networks",
        {},
        "1 networks are available.",
        {"available_networks": [EXTERNAL]},
    ),
    (
        PLANS + "validate_network_files",
        {"network_data": [EXTERNAL]},
        "Plan mine has the files of the networks.",
        {"network_data": [EXTERNAL]},
    ),
    (
        PLANS + "validate_networks",
        {},
        "The networks of plan mine can be used.",
        {"network_data": NETWORKS},
    ),
    (
        PLANS + "validate_roles_and_networks",
        {},
        "Roles and networks of plan mine go together.",
        {"roles_data": [CONTROLLER], "network_data": NETWORKS},
    ),
    (
        "tripleo.networks.v1.update_networks",
        {"networks": [EXTERNAL]},
        "The networks of plan mine are changed.",
        {"network_data": [*NETWORKS, EXTERNAL]},
    ),
    (
        IDENTIFY,
        {},
        "1 roles.",
        {
            "roles": [
                {
                    "name": "web",
                    "resource": "web",
                    "count": 3,
                    "flavor": None,
                    "parameters": [],
                }
            ]
        },
    ),
]
#: What is asked that cannot be, and what is said about it.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("select_roles", {"role_names": ["None"]}, "There are no roles None"),
    ("update_roles", {"roles": [{"name": "A"}]}, "do not know the roles A"),
    ("update_roles", {"roles": "text"}, "input roles must be a list"),
    (
        "update_roles",
        {"roles": [{**CEPH, "networks": ["None"]}]},
        "not defined: None of role Ceph",
    ),
    ("list_roles", {"roles_data_file": "none.yaml"}, "no file none.yaml"),
    ("validate_roles", {"roles_data_file": "none.yaml"}, "no file none.yaml"),
    (
        "validate_networks",
        {"network_data_file": "roles/README.rst"},
        "README.rst: a list is wanted",
    ),
    (
        "validate_roles_and_networks",
        {"roles_data_file": "isolated.yaml"},
        "not defined: None of role Ceph",
    ),
]


@pytest.fixture
def plan(cloud: FakeCloud) -> FakeCloud:
    isolated = [{**CEPH, "networks": ["None"]}]
    files = {
        **FILES,
        "isolated.yaml": yaml.safe_dump(isolated),
        "networks/External.yaml": yaml.safe_dump([EXTERNAL]),
        "roles/README.rst": "a: text",
        "overcloud.j2.yaml": yaml.safe_dump(
            {
                "heat_template_version": "rocky",
                "resources": {
                    "web": {
                        "type": "OS::Heat::ResourceGroup",
                        "properties": {
                            "count": 3,
                            "resource_def": {"type": "OS::Heat::None"},
                        },
                    }
                },
            }
        ),
    }
    cloud.add_plan("mine", files)
    return cloud


@pytest.mark.parametrize(("workflow", "inputs", "message", "told"), TOLD)
def test_a_workflow_tells_its_result_everywhere(
    engine: Engine,
    plan: FakeCloud,
    workflow: str,
    inputs: dict[str, Any],
    message: str,
    told: dict[str, Any],
) -> None:
    execution = engine.run(workflow, container="mine", **inputs)
    assert execution.output == {
        "status": "SUCCESS",
        "message": message,
        **told,
    }
    assert_told(execution, plan, workflow, "SUCCESS", message)
    ((_, body),) = plan.messaging.posted
    assert {key: body["payload"][key] for key in told} == told


@pytest.mark.parametrize(("workflow", "inputs", "text"), REFUSED)
def test_what_cannot_be_is_told_and_changes_nothing(
    engine: Engine,
    plan: FakeCloud,
    workflow: str,
    inputs: dict[str, Any],
    text: str,
) -> None:
    before = dict(plan.object_store.containers["mine"])
    execution = engine.run(PLANS + workflow, container="mine", **inputs)
    message = execution.output["message"]
    assert_failed(execution, plan, PLANS + workflow, message)
    assert text in message
    assert plan.object_store.containers["mine"] == before


def test_networks_are_checked_without_a_plan(
    engine: Engine, cloud: FakeCloud
) -> None:
    workflow = "tripleo.networks.v1.validate_networks_input"
    execution = engine.run(workflow, networks=[EXTERNAL])
    message = "The networks can be used."
    assert_told(execution, cloud, workflow, "SUCCESS", message)
    assert execution.output["result"] == [EXTERNAL]
    cloud.messaging.posted.clear()
    execution = engine.run(workflow, networks=[{"name": "Two words"}])
    message = execution.output["message"]
    assert_failed(execution, cloud, workflow, message)
    assert "network Two words: name: " in message


def test_what_heat_finds_wrong_is_told(
    engine: Engine, plan: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = refused("Heat")
    stacks = plan.orchestration.stacks
    monkeypatch.setattr(stacks, "validate", refusing(error))
    execution = engine.run(IDENTIFY, container="mine")
    assert_failed(execution, plan, IDENTIFY, str(error))


def test_networks_of_a_plan_that_is_not_there(
    engine: Engine, cloud: FakeCloud
) -> None:
    workflow = "tripleo.networks.v1.update_networks"
    execution = engine.run(workflow, container="mine", networks=[EXTERNAL])
    message = execution.output["message"]
    assert_failed(execution, cloud, workflow, message)
    assert "There is no plan mine" in message
