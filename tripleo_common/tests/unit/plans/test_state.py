from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import state
from tripleo_common.plans.state import State


def test_variables_of_others_survive_a_round_trip():
    variables = {
        "template": "overcloud.yaml",
        "environments": [{"path": "a.yaml"}],
        "parameter_defaults": {"ComputeCount": 2},
        "passwords": {"AdminPassword": "x"},
        "capabilities": {"topics": []},
        "version": 1.0,
    }
    assert State.from_variables(variables).to_variables() == variables


def test_an_environment_of_an_old_release_is_read():
    loaded = State.from_variables(
        {"template": "overcloud.yaml", "parameter_defaults": None}
    )
    assert loaded.environments == []
    assert loaded.parameter_defaults == {}
    assert "capabilities" not in loaded.to_variables()


def test_passwords_are_not_shown():
    shown = repr(State("t.yaml", passwords={"AdminPassword": "s3cret"}))
    assert "s3cret" not in shown


def test_no_environment_is_no_state(cloud):
    assert state.load(cloud, "my_cloud") is None


def test_a_second_creation_is_refused_and_changes_nothing(cloud):
    state.create(cloud, "my_cloud", State("first.yaml"))
    with pytest.raises(errors.PlanExists):
        state.create(cloud, "my_cloud", State("second.yaml"))
    assert state.load(cloud, "my_cloud").template == "first.yaml"


def test_deleting_tells_whether_there_was_something(cloud):
    state.create(cloud, "my_cloud", State("t.yaml"))
    assert state.delete(cloud, "my_cloud")
    assert not state.delete(cloud, "my_cloud")
    assert state.names(cloud) == set()
