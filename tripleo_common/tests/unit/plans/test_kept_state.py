from __future__ import annotations

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.plans import deletion
from tripleo_common.plans.container import Container
from tripleo_common.plans.history import History
from tripleo_common.plans.kept_state import KeptState
from tripleo_common.plans.lease import Lease
from tripleo_common.plans.state import State
from tripleo_common.plans.store import Plan

PLAN = "my_cloud"
FILE = "plan-environment.yaml"
FILES = {
    "overcloud.yaml": "heat_template_version: rocky\n",
    "overcloud-resource-registry-puppet.yaml": "{}\n",
}


@pytest.fixture
def plan(cloud):
    """A plan with a mirror."""
    cloud.add_plan(PLAN, FILES, passwords={"AdminPassword": "s3cret"})
    plan = Plan(cloud, PLAN)
    plan.process()
    plan.merge_parameters({"ComputeCount": 1})
    return plan


def variables(cloud):
    return cloud.workflow.environments.variables[PLAN]


def read(cloud):
    return yaml.safe_load(cloud.object_store.containers[PLAN][FILE][0])


def write(cloud, **changes):
    """As a client of Pike or later does: read, change, write all."""
    content = yaml.safe_dump({**read(cloud), **changes}).encode()
    cloud.object_store.containers[PLAN][FILE] = (content, "text/yaml")


def test_a_change_of_the_state_is_mirrored(cloud, plan):
    assert read(cloud)["parameter_defaults"] == {"ComputeCount": 1}
    assert read(cloud)["passwords"] == {"AdminPassword": "s3cret"}


def test_what_a_client_wrote_is_read(cloud, plan):
    write(cloud, parameter_defaults={"ComputeCount": 2})
    assert plan.state().parameter_defaults == {"ComputeCount": 2}
    assert variables(cloud)["parameter_defaults"] == {"ComputeCount": 2}


def test_what_a_client_wrote_is_there_before_the_next_change(cloud, plan):
    write(cloud, parameter_defaults={"ComputeCount": 2})
    plan.merge_parameters({"ControllerCount": 3})
    expected = {"ComputeCount": 2, "ControllerCount": 3}
    assert read(cloud)["parameter_defaults"] == expected
    assert variables(cloud)["parameter_defaults"] == expected


def test_what_a_client_wrote_is_deployed(cloud, plan):
    write(cloud, parameter_defaults={"ComputeCount": 2})
    inputs = plan.process()
    assert inputs.environment["parameter_defaults"]["ComputeCount"] == 2


def test_what_an_old_client_put_into_the_environment_is_mirrored(cloud, plan):
    variables(cloud)["parameter_defaults"]["Old"] = True
    plan.merge_parameters({"New": True})
    assert read(cloud)["parameter_defaults"] == {
        "ComputeCount": 1,
        "Old": True,
        "New": True,
    }


def test_a_conflict_changes_nothing_until_it_is_resolved(cloud, plan):
    write(cloud, parameter_defaults={"ComputeCount": 2})
    variables(cloud)["parameter_defaults"]["ComputeCount"] = 3
    with pytest.raises(errors.StateConflict, match="ComputeCount"):
        plan.merge_parameters({"ComputeCount": 4})
    assert variables(cloud)["parameter_defaults"] == {"ComputeCount": 3}
    del cloud.object_store.containers[PLAN][FILE]
    plan.merge_parameters({"New": 1})
    assert read(cloud)["parameter_defaults"] == {"ComputeCount": 3, "New": 1}


def test_a_file_that_does_not_parse_is_told(cloud, plan):
    cloud.object_store.containers[PLAN][FILE] = (b"a: 1\nb: }\n", "text/yaml")
    with pytest.raises(errors.InvalidFile, match=r"environment\.yaml, line 2"):
        plan.state()


def test_half_a_change_is_completed_from_the_mirror(cloud, plan, monkeypatch):
    def unreachable(**arguments):
        raise errors.ServiceUnreachable("Mistral", "PUT", "no", "Wait.")

    environments = cloud.workflow.environments
    with monkeypatch.context() as patched:
        patched.setattr(environments, "update", unreachable)
        with pytest.raises(errors.ServiceUnreachable):
            plan.merge_parameters({"ComputeCount": 2})
    # The lease was not released; it is this dead holder's.
    environments.variables.pop("lease.my_cloud.3")
    assert plan.state().parameter_defaults == {"ComputeCount": 2}


def test_no_passwords_are_written_to_a_container_of_others(cloud):
    cloud.object_store.add("photos", {}, plan=False)
    cloud.workflow.environments.variables["photos"] = {"template": "a.yaml"}
    container = Container(cloud, "photos")
    kept = KeptState(
        cloud, container, Lease(cloud, "photos"), History(cloud, container)
    )
    kept.begin_mirror(State("a.yaml", passwords={"AdminPassword": "x"}))
    assert not cloud.object_store.containers["photos"]


def test_a_state_without_a_container_can_be_changed(cloud):
    cloud.workflow.environments.variables[PLAN] = {"template": "a.yaml"}
    Plan(cloud, PLAN).merge_parameters({"ComputeCount": 1})
    assert variables(cloud)["parameter_defaults"] == {"ComputeCount": 1}


def test_a_new_plan_has_a_mirror_that_keeps_what_the_templates_say(cloud):
    shipped = "template: overcloud.yaml\nworkflow_parameters: {a: 1}\n"
    cloud.object_store.add(PLAN, {**FILES, FILE: shipped})
    plan = Plan(cloud, PLAN)
    plan.create()
    passwords = plan.generate_passwords()
    assert cloud.object_store.containers[PLAN][FILE][0] == shipped.encode()
    plan.process()
    assert read(cloud)["workflow_parameters"] == {"a": 1}
    assert read(cloud)["passwords"] == passwords
    assert variables(cloud)["template"] == "overcloud.yaml"


def test_a_state_that_was_kept_counts_more_than_new_templates(cloud, plan):
    deletion.delete(cloud, plan, keep_state=True)
    shipped = "environments: [{path: other.yaml}]\n"
    cloud.object_store.add(PLAN, {**FILES, FILE: shipped})
    assert plan.state().environments == [
        {"path": "overcloud-resource-registry-puppet.yaml"}
    ]


def test_an_update_takes_eleven_requests(cloud, plan):
    swift, mistral = cloud.object_store, cloud.workflow.environments
    swift.requests.clear()
    mistral.requests.clear()
    plan.merge_parameters({"ComputeCount": 7})
    assert swift.requests == {
        "HEAD object": 1,
        "HEAD container": 1,
        "PUT object": 2,
    }
    assert mistral.requests == {
        "LIST": 2,
        "POST": 1,
        "DELETE": 1,
        "GET": 1,
        "PUT": 2,
    }


def test_reading_takes_one_request_to_each_service(cloud, plan):
    swift, mistral = cloud.object_store, cloud.workflow.environments
    swift.requests.clear()
    mistral.requests.clear()
    plan.state()
    assert swift.requests == {"HEAD object": 1}
    assert mistral.requests == {"GET": 1}
