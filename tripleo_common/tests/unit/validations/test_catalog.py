from __future__ import annotations

from pathlib import Path

import pytest

from tripleo_common import errors
from tripleo_common.validations import catalog, playbooks

GOOD = """
- hosts: undercloud
  vars:
    metadata:
      name: One
      description: The first
      groups: [prep, pre-deployment]
      products: [tripleo]
      since: 2024-01-01
    size: 7
  tasks: []
"""
PLAIN = "- hosts: all\n  tasks: []\n"
BROKEN = {
    "yaml": "- hosts: [\n",
    "mapping": "hosts: all\n",
    "empty": "",
    "vars": "- vars: 7\n",
    "metadata": "- vars: {metadata: 7}\n",
    "groups": "- vars: {metadata: {groups: prep}}\n",
    "names": "- vars: {metadata: {groups: [{a: b}]}}\n",
    "tag": "- vars: !no {a: b}\n",
}


@pytest.fixture
def installed(tmp_path, options):
    """Two directories of installed validations; the first counts."""
    first, second = tmp_path / "a" / "playbooks", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir(parents=True)
    options(
        "validations_dirs", [str(first), str(second), str(tmp_path / "none")]
    )
    return first, second


def ids(found):
    return [each["id"] for each in found]


def test_without_anything_there_are_none(cloud, installed):
    assert catalog.validations(cloud, "mine") == []
    assert catalog.group_names(cloud, "mine") == []


def test_a_playbook_is_described_by_its_metadata(cloud, installed):
    (installed[0] / "one.yaml").write_text(GOOD)
    (installed[0] / "two.yml").write_text(PLAIN)
    (installed[0] / "notes.txt").write_text("none")
    one, two = catalog.validations(cloud, "mine")
    assert one == {
        "id": "one",
        "name": "One",
        "description": "The first",
        "groups": ["prep", "pre-deployment"],
        "metadata": {"products": ["tripleo"], "since": "2024-01-01"},
        "parameters": {"size": 7},
        "error": None,
    }
    assert (two["id"], two["name"], two["description"], two["groups"]) == (
        "two",
        "Unnamed",
        "No description",
        [],
    )


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_a_broken_playbook_hides_no_other(cloud, installed, kind):
    (installed[0] / "bad.yaml").write_text(BROKEN[kind])
    (installed[0] / "one.yaml").write_text(GOOD)
    bad, one = catalog.validations(cloud, "mine")
    assert str(installed[0] / "bad.yaml") in bad["error"]
    assert one["error"] is None
    with pytest.raises(errors.InvalidInput, match="cannot be run"):
        catalog.get(cloud, "mine", "bad")


def test_what_cannot_be_read_says_so(cloud, installed, monkeypatch):
    (installed[0] / "bad.yaml").write_text(GOOD)

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (bad,) = catalog.validations(cloud, "mine")
    assert "Permission denied" in bad["error"]


def test_the_plans_own_count_most(cloud, installed):
    (installed[1] / "one.yaml").write_text(PLAIN)
    (installed[1] / "only.yaml").write_text(PLAIN)
    (installed[0] / "one.yaml").write_text(GOOD)
    named = {each["id"]: each for each in catalog.validations(cloud, "mine")}
    assert sorted(named) == ["one", "only"]
    assert named["one"]["name"] == "One"
    uploaded = {"one.yaml": GOOD.replace("One", "Uploaded"), "a/b.yaml": "7"}
    cloud.object_store.add(playbooks.CONTAINER, uploaded, plan=False)
    found = catalog.get(cloud, "mine", "one")
    assert catalog.described(found)["name"] == "Uploaded"
    own = GOOD.replace("One", "Own")
    cloud.object_store.add("mine", {"custom-validations/one.yaml": own})
    found = catalog.get(cloud, "mine", "one")
    assert catalog.described(found)["name"] == "Own"
    assert found.is_uploaded
    assert ids(catalog.validations(cloud, "mine")) == ["one", "only"]


def test_groups_are_chosen(cloud, installed):
    (installed[0] / "one.yaml").write_text(GOOD)
    (installed[0] / "two.yaml").write_text(GOOD.replace("prep", "other"))
    assert catalog.group_names(cloud, "mine") == [
        "other",
        "pre-deployment",
        "prep",
    ]
    assert ids(catalog.validations(cloud, "mine", ["other"])) == ["two"]
    assert ids(catalog.validations(cloud, "mine", ["none"])) == []


@pytest.mark.parametrize("name", ["none", "../one", "/etc/passwd", ""])
def test_a_validation_is_named_by_its_id(cloud, installed, name):
    (installed[0] / "one.yaml").write_text(GOOD)
    with pytest.raises(errors.ValidationNotFound, match="no validation"):
        catalog.get(cloud, "mine", name)


def test_what_an_uploaded_playbook_needs_goes_with_it(cloud, installed):
    cloud.object_store.add(
        "mine",
        {
            "custom-validations/one.yaml": GOOD,
            "custom-validations/two.yaml": PLAIN,
            "custom-validations/tasks/a.yaml": "[]",
            "custom-validations/../../b.yaml": "[]",
            "other.yaml": "7",
        },
    )
    found = catalog.get(cloud, "mine", "one")
    assert playbooks.companions(found) == {
        "one.yaml": GOOD,
        "tasks/a.yaml": "[]",
    }


def test_roles_are_found_in_both_layouts(installed, tmp_path):
    (tmp_path / "a" / "roles").mkdir()
    (installed[1] / "library").mkdir()
    path = playbooks.search_path()
    assert path["ANSIBLE_ROLES_PATH"] == str(tmp_path / "a" / "roles")
    assert path["ANSIBLE_LIBRARY"] == str(installed[1] / "library")
    assert path["ANSIBLE_LOOKUP_PLUGINS"] == ""


def test_installed_validations_are_uploaded(cloud, installed):
    (installed[0] / "one.yaml").write_text(GOOD)
    (installed[0] / "tasks").mkdir()
    (installed[0] / "tasks" / "a.yaml").write_text("[]")
    assert catalog.upload(cloud, "tripleo-validations", "") == 2
    stored = cloud.object_store.containers["tripleo-validations"]
    assert set(stored) == {"one.yaml", "tasks/a.yaml"}
    puts = cloud.object_store.requests["PUT object"]
    assert catalog.upload(cloud, "tripleo-validations", f"{installed[0]}/")
    assert cloud.object_store.requests["PUT object"] == puts


@pytest.mark.parametrize("directory", ["/etc", "{}/..", "relative"])
def test_other_directories_are_not_uploaded(cloud, installed, directory):
    with pytest.raises(errors.InvalidInput, match="no directory of valid"):
        catalog.upload(cloud, "some", directory.format(installed[0]))
    assert "some" not in cloud.object_store.containers
