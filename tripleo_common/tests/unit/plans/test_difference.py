from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import difference
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.plans.test_store import FILES

NOTHING = {"added": [], "changed": [], "missing": []}
NO_VALUES = {"added": {}, "changed": {}, "missing": {}}
SAME = {
    "files": NOTHING,
    "template": None,
    "environments": NOTHING,
    "parameters": NO_VALUES,
}


@pytest.fixture
def planned(cloud):
    cloud.add_plan("mine", FILES)
    Plan(cloud, "mine").process()
    return cloud


def find(cloud, source=None):
    return difference.find(cloud, Plan(cloud, "mine"), source)


def test_what_was_rendered_and_the_mirror_do_not_count(planned):
    planned.object_store.add("other", FILES, plan=False)
    assert find(planned, "other") == SAME


def test_files_by_name(planned):
    files = {**FILES, "new.yaml": "", "roles_data.yaml": "- name: Compute\n"}
    del files["puppet/role.role.j2.yaml"]
    planned.object_store.add("other", files, plan=False)
    assert find(planned, "other")["files"] == {
        "added": ["new.yaml"],
        "changed": ["roles_data.yaml"],
        "missing": ["puppet/role.role.j2.yaml"],
    }


def test_the_installed_templates(planned, tmp_path, options):
    options("templates_dir", str(tmp_path))
    for path, text in {**FILES, "new.bin": "\u00e5"}.items():
        target = tmp_path / path
        target.parent.mkdir(exist_ok=True, parents=True)
        target.write_text(text, encoding="latin-1")
    assert find(planned) == {
        **SAME,
        "files": {**NOTHING, "added": ["new.bin"]},
    }


def test_another_plan(planned):
    mine = planned.workflow.environments.variables["mine"]
    mine["parameter_defaults"] = {"ComputeCount": 1, "Only": 2}
    mine["environments"] = [{"path": "a.yaml"}, {"data": {"b": 1}}]
    planned.add_plan(
        "other",
        FILES,
        template="other.yaml",
        environments=[{"path": "a.yaml"}, {"path": "c.yaml"}],
        parameter_defaults={"ComputeCount": 3, "More": [4]},
    )
    planned.object_store.containers["mine"].pop("plan-environment.yaml")
    told = find(planned, "other")
    assert told["template"] == {
        "before": "overcloud.yaml",
        "after": "other.yaml",
    }
    assert told["environments"]["added"] == ["c.yaml"]
    (missing,) = told["environments"]["missing"]
    assert missing.startswith("data ")
    assert told["parameters"] == {
        "added": {"More": [4]},
        "changed": {"ComputeCount": {"before": 1, "after": 3}},
        "missing": {"Only": 2},
    }


def test_secrets_are_masked(planned):
    planned.workflow.environments.variables["mine"]["parameter_defaults"] = {
        "AdminPassword": "s3cretOne"
    }
    planned.object_store.containers["mine"].pop("plan-environment.yaml")
    planned.add_plan(
        "other", FILES, parameter_defaults={"AdminPassword": "s3cretTwo"}
    )
    told = find(planned, "other")
    assert "AdminPassword" in told["parameters"]["changed"]
    assert "s3cret" not in str(told)


def test_nothing_is_written(planned):
    planned.object_store.add("other", {**FILES, "x": "y"}, plan=False)
    planned.object_store.requests.clear()
    find(planned, "other")
    assert not [
        each
        for each in planned.object_store.requests
        if not each.startswith(("GET", "HEAD", "POST container"))
    ]


def test_there_must_be_both(planned, cloud):
    with pytest.raises(errors.NotFound, match="no container absent"):
        find(planned, "absent")
    with pytest.raises(errors.PlanNotFound):
        difference.find(cloud, Plan(cloud, "absent"))
