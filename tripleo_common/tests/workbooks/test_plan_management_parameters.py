"""The workflows about plans' parameters, passwords and samples."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from tripleo_common import errors
from tripleo_common.plans import passwords
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.unit.plans.test_sample_plans import SAMPLES
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    assert_failed,
    assert_succeeded,
    assert_told,
    posted,
    refused,
    refusing,
    texts,
)

FAMILY = "tripleo.plan_management.v1."
CREATE = f"{FAMILY}create_container"
ROTATE = f"{FAMILY}rotate_passwords"
UPDATE = f"{FAMILY}update_parameters"
LIST_SAMPLES = f"{FAMILY}list_sample_plans"
SELECT_SAMPLE = f"{FAMILY}select_sample_plan"
DEPRECATED = f"{FAMILY}get_deprecated_parameters"

#: The least that each workflow needs.
INPUTS: dict[str, dict[str, Any]] = {
    ROTATE: {},
    UPDATE: {"parameters": {"ComputeCount": 2}},
    LIST_SAMPLES: {},
    SELECT_SAMPLE: {},
    DEPRECATED: {},
}


@pytest.fixture
def planned(cloud: FakeCloud) -> FakeCloud:
    """A cloud with a plan."""
    cloud.add_plan("mine", TEMPLATES | SAMPLES)
    return cloud


def variables(cloud: FakeCloud) -> dict[str, Any]:
    return cloud.workflow.environments.variables["mine"]


@pytest.mark.parametrize("workflow", INPUTS)
def test_what_is_no_plan_is_told(
    engine: Engine, cloud: FakeCloud, workflow: str
) -> None:
    execution = engine.run(workflow, container="mine", **INPUTS[workflow])
    assert_failed(execution, cloud, workflow, str(errors.PlanNotFound("mine")))


def test_a_container_is_created(engine: Engine, cloud: FakeCloud) -> None:
    execution = engine.run(CREATE, container="mine")
    assert_succeeded(execution, cloud, CREATE, "Container mine created.")
    assert list(cloud.object_store.containers) == ["mine"]


def test_a_container_that_is_there_is_told(
    engine: Engine, planned: FakeCloud
) -> None:
    execution = engine.run(CREATE, container="mine")
    error = errors.PlanExists("mine", "container")
    assert_failed(execution, planned, CREATE, str(error))


def test_passwords_are_rotated_and_told_nowhere(
    engine: Engine, planned: FakeCloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    old = passwords.complete({})
    variables(planned)["passwords"] = dict(old)
    execution = engine.run(
        ROTATE, container="mine", password_list=["AdminPassword"]
    )
    assert_succeeded(
        execution,
        planned,
        ROTATE,
        "Passwords of plan mine replaced; deploy it to put them in force.",
    )
    stored = variables(planned)["passwords"]
    assert stored["AdminPassword"] != old["AdminPassword"]
    assert stored["NovaPassword"] == old["NovaPassword"]
    told = engine.stored() + caplog.text + json.dumps(planned.messaging.posted)
    for secret in texts(stored):
        assert secret not in told


def test_parameters_are_updated(engine: Engine, planned: FakeCloud) -> None:
    execution = engine.run(
        UPDATE,
        container="mine",
        parameters={"ComputeCount": 2, "Unheard": 1},
        key="parameter_defaults",
    )
    message = "Parameters of plan mine updated."
    assert_told(execution, planned, UPDATE, "SUCCESS", message)
    assert execution.output["unknown"] == ["Unheard"]
    assert posted(planned)["payload"]["unknown"] == ["Unheard"]
    assert variables(planned)["parameter_defaults"]["ComputeCount"] == 2


def test_parameters_that_do_not_fit_are_told(
    engine: Engine, planned: FakeCloud
) -> None:
    tree = {"Parameters": {"ComputeCount": {"Type": "Number"}}}
    planned.orchestration.stacks.validate = lambda **_: tree
    execution = engine.run(
        UPDATE, container="mine", parameters={"ComputeCount": "x", "B": 1}
    )
    error = errors.InvalidParameters(
        "mine", ['ComputeCount is "x": it must be a number'], ["B"]
    )
    assert_failed(execution, planned, UPDATE, str(error))
    assert "parameter_defaults" not in variables(planned)


def test_sample_plans_are_listed(engine: Engine, planned: FakeCloud) -> None:
    execution = engine.run(LIST_SAMPLES, container="mine")
    assert_told(execution, planned, LIST_SAMPLES, "SUCCESS", "2 sample plans.")
    told = posted(planned)["payload"]["available_plans"]
    assert execution.output["available_plans"] == told
    assert [each["name"] for each in told] == ["derived", "openstack"]


def test_a_sample_plan_is_selected(engine: Engine, planned: FakeCloud) -> None:
    execution = engine.run(SELECT_SAMPLE, container="mine")
    message = "Plan mine follows the sample openstack."
    assert_succeeded(execution, planned, SELECT_SAMPLE, message)
    assert variables(planned)["template"] == "other.yaml"


def test_a_sample_plan_that_is_not_there_is_told(
    engine: Engine, planned: FakeCloud
) -> None:
    execution = engine.run(
        SELECT_SAMPLE, container="mine", sample_plan_name="absent"
    )
    message = posted(planned)["payload"]["message"]
    assert "There are: derived, openstack." in message
    assert_failed(execution, planned, SELECT_SAMPLE, message)


def test_deprecated_parameters_are_told(
    engine: Engine, planned: FakeCloud
) -> None:
    tree = {
        "Parameters": {"Old": {}},
        "ParameterGroups": [{"label": "deprecated", "parameters": ["Old"]}],
        "Description": "x" * 2 * 1024 * 1024,  # More than Mistral keeps.
    }
    planned.orchestration.stacks.validate = lambda **_: tree
    variables(planned)["parameter_defaults"] = {"Old": 1, "Typo": 1}
    execution = engine.run(DEPRECATED, container="mine")
    message = "1 deprecated parameters."
    assert_told(execution, planned, DEPRECATED, "SUCCESS", message)
    expected = {
        "deprecated": [
            {"parameter": "Old", "deprecated": True, "user_defined": True}
        ],
        "unused": ["Typo"],
        "invalid_role_specific": [],
    }
    assert expected.items() <= execution.output.items()
    assert expected.items() <= posted(planned)["payload"].items()


@pytest.mark.parametrize("workflow", [UPDATE, DEPRECATED])
def test_heats_refusal_is_told(
    engine: Engine, planned: FakeCloud, workflow: str
) -> None:
    planned.orchestration.stacks.validate = refusing(refused("Heat"))
    execution = engine.run(workflow, container="mine", **INPUTS[workflow])
    assert_failed(execution, planned, workflow, str(refused("Heat")))
