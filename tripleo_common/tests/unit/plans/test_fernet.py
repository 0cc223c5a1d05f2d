from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import fernet
from tripleo_common.plans.store import Plan

DIRECTORY = "/etc/keystone/fernet-keys"


def keys(*indexes):
    return {f"{DIRECTORY}/{i}": {"content": f"key {i}"} for i in indexes}


@pytest.fixture
def rotate(cloud):
    def rotate(known, **parameters):
        cloud.add_plan(
            "my_cloud",
            {},
            passwords={"KeystoneFernetKeys": known},
            parameter_defaults=parameters,
        )
        told = fernet.rotate(Plan(cloud, "my_cloud"))
        return {path.rpartition("/")[2]: key for path, key in told.items()}

    return rotate


def test_the_staged_key_becomes_the_primary_one(cloud, rotate):
    told = rotate(keys(0, 1))
    assert list(told) == ["0", "1", "2"]
    assert told["1"] == {"content": "key 1"}
    assert told["2"] == {"content": "key 0"}
    assert told["0"]["content"] not in ("key 0", "key 1")
    stored = cloud.workflow.environments.variables["my_cloud"]["passwords"]
    assert stored["KeystoneFernetKeys"][f"{DIRECTORY}/2"] == told["2"]


@pytest.mark.parametrize(
    ("maximum", "kept"),
    [
        ({}, ["0", "5", "6", "7", "8"]),
        ({"KeystoneFernetMaxActiveKeys": 4}, ["0", "6", "7", "8"]),
        ({"KeystoneFernetMaxActiveKeys": 1}, ["0", "7", "8"]),
        ({"KeystoneFernetMaxActiveKeys": "6"}, ["0", "4", "5", "6", "7", "8"]),
    ],
)
def test_the_oldest_go(rotate, maximum, kept):
    assert list(rotate(keys(0, 3, 4, 5, 6, 7), **maximum)) == kept


def test_keys_that_an_operator_set_are_rotated_there(cloud, rotate):
    told = rotate({}, KeystoneFernetKeys=keys(0, 1))
    assert told["2"] == {"content": "key 0"}
    variables = cloud.workflow.environments.variables["my_cloud"]
    assert len(variables["parameter_defaults"]["KeystoneFernetKeys"]) == 3
    assert variables["passwords"] == {"KeystoneFernetKeys": {}}


def test_a_plan_without_keys_is_told(rotate):
    with pytest.raises(errors.NotFound, match="has no KeystoneFernetKeys"):
        rotate({})


@pytest.mark.parametrize("known", [keys(1, 2), {"a": 1}, "text"])
def test_keys_of_another_form_are_told(rotate, known):
    with pytest.raises(errors.Conflict, match="cannot be rotated"):
        rotate(known)
