from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import uploads
from tripleo_common.plans.store import Plan

WRONG = ["path/to/t/overcloud.j2.yaml", "path/to/t/roles_data.yaml"]


def test_the_command_that_would_have_been_right_is_told():
    with pytest.raises(errors.InvalidInput) as caught:
        uploads.check("my_cloud", WRONG)
    text = str(caught.value)
    assert "below path/to/t/: path/to/t/overcloud.j2.yaml must be" in text
    assert "swift delete --prefix path/to/t/ my_cloud." in text
    assert "cd path/to/t && swift upload my_cloud ." in text


@pytest.mark.parametrize(
    "paths",
    [
        [],
        ["overcloud.yaml"],
        ["capabilities-map.yaml", *WRONG],
        ["a/overcloud.yaml", "b/overcloud.yaml"],
        ["a/roles_data.yaml"],
    ],
)
def test_what_may_be_meant_is_no_mistake(paths):
    uploads.check("my_cloud", paths)


def test_a_plan_is_not_created_from_them(cloud):
    cloud.object_store.add("my_cloud", dict.fromkeys(WRONG, "a: b"))
    with pytest.raises(errors.InvalidInput, match="uploaded below path/to/t/"):
        Plan(cloud, "my_cloud").create()
    assert "my_cloud" not in cloud.workflow.environments.variables
