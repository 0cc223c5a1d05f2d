"""What the actions on parameters add to the domain."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tripleo_common import conf
from tripleo_common.actions import parameters
from tripleo_common.clients import Cloud
from tripleo_common.tests.unit.plans.test_store import FILES

TREES = {
    "get": lambda: parameters.GetParametersAction("my_cloud"),
    "flat": lambda: parameters.GetFlattenedParametersAction("my_cloud"),
    "update": lambda: parameters.UpdateParametersAction({}, "my_cloud"),
}


@pytest.fixture
def run(cloud, monkeypatch):
    """Run an action as Mistral does, which keeps 100 bytes a field."""
    cloud.add_plan("my_cloud", FILES)
    monkeypatch.setattr(Cloud, "of_request", lambda security: cloud)
    monkeypatch.setattr(conf, "field_limit", lambda: 100)

    def run(action, kept):
        execution = SimpleNamespace(
            workflow_name=None,
            workflow_execution_id=None,
            action_execution_id="id" if kept else None,
        )
        return action.run(SimpleNamespace(security=None, execution=execution))

    return run


@pytest.mark.parametrize("name", TREES)
def test_a_tree_that_mistral_would_not_keep_goes_to_swift(cloud, run, name):
    result = run(TREES[name](), kept=True)
    assert result["heat_resource_tree"] is None
    link = result["spilled"]
    assert link["object"] in cloud.object_store.containers[link["container"]]


@pytest.mark.parametrize("name", TREES)
def test_what_is_not_kept_may_be_of_any_size(cloud, run, name):
    result = run(TREES[name](), kept=False)
    assert result["heat_resource_tree"]
    assert "spilled" not in result


def test_the_tree_of_an_update_is_left_out_on_request(run):
    action = parameters.UpdateParametersAction(
        {}, "my_cloud", include_tree=False
    )
    result = run(action, kept=False)
    assert "heat_resource_tree" not in result
    assert result["unknown"] == []
