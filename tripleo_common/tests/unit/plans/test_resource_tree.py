from __future__ import annotations

from tripleo_common.plans import resource_tree

TREE = {
    "Description": "The plan",
    "Parameters": {"Name": {"Type": "String", "NoEcho": "true"}},
    "ParameterGroups": [{"label": "deprecated", "parameters": ["Name"]}],
    "NestedParameters": {
        "Controller": {
            "Type": "role.yaml",
            "Description": "",
            "Parameters": {"Name": {"Type": "Json"}, "Own": {"Default": 1}},
            "NestedParameters": {
                "Controller": {"Type": "a.yaml", "Parameters": {}}
            },
        }
    },
}


def by_name(flat, name, kind):
    (found,) = [
        each
        for each in flat["resources"].values()
        if (each["name"], each.get("type")) == (name, kind)
    ]
    return found


def test_resources_refer_to_one_another():
    flat = resource_tree.flatten(TREE)
    root = by_name(flat, "Root", None)
    role = by_name(flat, "Controller", "role.yaml")
    below = by_name(flat, "Controller", "a.yaml")
    assert root == {
        "id": root["id"],
        "name": "Root",
        "description": "The plan",
        "parameter_groups": TREE["ParameterGroups"],
        "parameters": ["Name"],
        "resources": [role["id"]],
    }
    assert role["parameters"] == ["Name", "Own"]
    assert role["resources"] == [below["id"]]
    assert "resources" not in below
    assert {key: each["id"] for key, each in flat["resources"].items()} == {
        key: key for key in flat["resources"]
    }


def test_the_definition_nearest_to_the_root_counts():
    assert resource_tree.flatten(TREE)["parameters"] == {
        "Name": {"name": "Name", "type": "String", "noEcho": "true"},
        "Own": {"name": "Own", "default": 1},
    }


def test_ids_are_the_same_in_each_answer():
    assert resource_tree.flatten(TREE) == resource_tree.flatten(TREE)


def test_a_template_that_takes_nothing():
    flat = resource_tree.flatten({})
    (root,) = flat["resources"].values()
    assert root["parameters"] == []
    assert flat["parameters"] == {}
