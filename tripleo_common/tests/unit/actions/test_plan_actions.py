"""Each action takes its inputs to the plan, and hands out what it returns."""

from __future__ import annotations

import pytest

from tripleo_common.actions import deployment, parameters, plan, templates
from tripleo_common.tests.unit.plans.test_store import FILES


@pytest.fixture
def planned(cloud):
    cloud.add_plan("my_cloud", FILES)
    return cloud


def test_a_plan_is_made_step_by_step(cloud):
    plan.CreateContainerAction("my_cloud").execute(cloud)
    cloud.object_store.add("my_cloud", FILES)
    plan.CreatePlanAction("my_cloud").execute(cloud)
    assert plan.ListPlansAction().execute(cloud) == ["my_cloud"]
    plan.DeletePlanAction("my_cloud").execute(cloud)
    assert plan.ListPlansAction().execute(cloud) == []


def test_processing_tells_what_heat_needs(planned):
    result = templates.ProcessTemplatesAction("my_cloud").execute(planned)
    assert set(result) == {"stack_name", "template", "environment", "files"}
    assert result["stack_name"] == "my_cloud"


def test_processing_tells_less_if_asked(planned):
    action = templates.ProcessTemplatesAction("my_cloud", include_files=False)
    assert action.execute(planned) == {"stack_name": "my_cloud"}


def test_parameters_and_passwords(planned):
    parameters.UpdateParametersAction({"a": 1}, "my_cloud").execute(planned)
    told = parameters.GeneratePasswordsAction("my_cloud").execute(planned)
    stored = planned.workflow.environments.variables["my_cloud"]
    assert stored["parameter_defaults"] == {"a": 1}
    assert stored["passwords"] == told


def test_deploying_tells_heats_answer(planned):
    action = deployment.DeployStackAction(90, "my_cloud")
    assert action.execute(planned) == {"stack": {"id": "id-my_cloud"}}
