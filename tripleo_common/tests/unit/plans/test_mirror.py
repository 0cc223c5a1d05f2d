from __future__ import annotations

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.plans import mirror
from tripleo_common.plans.state import State

ENVIRONMENTS = [{"path": "a.yaml"}, {"data": {"parameters": {"x": 1}}}]


@pytest.fixture
def state():
    """A state whose mirror says the same."""
    state = State(
        "overcloud.yaml",
        environments=ENVIRONMENTS,
        parameter_defaults={"ComputeCount": 1, "Zone": {"a": "1.1.2020"}},
        passwords={"AdminPassword": "s3cret"},
    )
    mirror.agree(state, mirror.document("my_cloud", state))
    return state


def edited(state, **sections):
    """The file, as a client writes it that changed some sections."""
    told = yaml.safe_load(mirror.document("my_cloud", state))
    return yaml.safe_dump({**told, **sections}).encode()


def take(state, content):
    return mirror.take("my_cloud", state, content)


def test_the_file_is_what_clients_of_pike_and_later_read(state):
    assert yaml.safe_load(mirror.document("my_cloud", state)) == {
        "version": 1.0,
        "name": "my_cloud",
        "template": "overcloud.yaml",
        "environments": ENVIRONMENTS,
        "parameter_defaults": {"ComputeCount": 1, "Zone": {"a": "1.1.2020"}},
        "passwords": {"AdminPassword": "s3cret"},
    }


def test_the_same_object_twice_is_written_twice(state):
    state.environments = [ENVIRONMENTS[0], ENVIRONMENTS[0]]
    assert b"&id" not in mirror.document("my_cloud", state)


def test_what_we_wrote_changes_nothing(state):
    content = mirror.document("my_cloud", state)
    assert take(state, content) == state


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("template", "other.yaml"),
        ("environments", [{"path": "b.yaml"}]),
        ("parameter_defaults", {"ComputeCount": 2}),
        ("parameter_defaults", {}),
        ("passwords", {"AdminPassword": "rotated"}),
    ],
)
def test_what_the_file_changed_is_taken(state, section, value):
    assert getattr(
        take(state, edited(state, **{section: value})), section
    ) == (value)


def test_what_the_state_changed_stays(state):
    content = mirror.document("my_cloud", state)
    state.parameter_defaults = {"ComputeCount": 5, "New": True}
    state.template = "other.yaml"
    assert take(state, content) == state


def test_changes_of_different_keys_are_joined(state):
    content = edited(
        state, parameter_defaults={"ComputeCount": 2, "Theirs": [1]}
    )
    state.parameter_defaults |= {"Ours": None, "Zone": "changed"}
    with pytest.raises(errors.StateConflict, match=r"differ in .*\.Zone\. "):
        take(state, content)
    del state.parameter_defaults["Zone"]
    assert take(state, content).parameter_defaults == {
        "ComputeCount": 2,
        "Ours": None,
        "Theirs": [1],
    }


def test_what_both_changed_is_told_by_key_and_how_to_resolve_it(state):
    content = edited(
        state,
        template="theirs.yaml",
        parameter_defaults={"ComputeCount": 2},
        passwords={"AdminPassword": "theirs-s3cret"},
    )
    state.template = "ours.yaml"
    state.parameter_defaults["ComputeCount"] = 3
    state.passwords["AdminPassword"] = "ours-s3cret"
    with pytest.raises(errors.StateConflict) as caught:
        take(state, content)
    text = str(caught.value)
    assert (
        "differ in parameter_defaults.ComputeCount, "
        "passwords.AdminPassword, template. " in text
    )
    assert "object delete my_cloud plan-environment.yaml" in text
    assert "s3cret" not in text


def test_the_same_change_on_both_sides_is_no_conflict(state):
    content = edited(state, parameter_defaults={"ComputeCount": 2})
    state.parameter_defaults = {"ComputeCount": 2}
    assert take(state, content).parameter_defaults == {"ComputeCount": 2}


def test_what_the_file_does_not_speak_of_stays(state):
    taken = take(state, b"version: 1.0\ntemplate: other.yaml\n")
    assert taken.template == "other.yaml"
    assert taken.environments == state.environments
    assert taken.parameter_defaults == state.parameter_defaults


@pytest.mark.parametrize("passwords", [{}, None])
def test_a_file_removes_no_passwords(state, passwords):
    taken = take(state, edited(state, passwords=passwords))
    assert taken.passwords == {"AdminPassword": "s3cret"}


def test_if_they_never_agreed_the_state_counts(state):
    state.mirror = None
    content = edited(
        state,
        template="other.yaml",
        parameter_defaults={"ComputeCount": 9, "New": 1},
    )
    taken = take(state, content)
    assert taken.template == "overcloud.yaml"
    assert taken.parameter_defaults["ComputeCount"] == 1
    assert taken.parameter_defaults["New"] == 1


def test_keys_of_others_stay_in_the_file(state):
    content = edited(state, workflow_parameters={"x": {"y": 1}}, name="else")
    taken = take(state, content)
    written = yaml.safe_load(mirror.document("my_cloud", taken))
    assert written["workflow_parameters"] == {"x": {"y": 1}}
    assert written["name"] == "my_cloud"


def test_numbers_as_names_are_texts_as_in_the_environment(state):
    taken = take(state, b"parameter_defaults: {Ports: {80: true}}")
    assert taken.parameter_defaults["Ports"] == {"80": True}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"template: a.yaml\nenvironments: }\n", r"line 2: not valid YAML"),
        (b"- a\n", "a mapping is wanted at the top"),
        (b"passwords: [a]", "passwords must be a mapping, not list"),
        (b"template: 7", "template must be a text, not int"),
        (b"environments: {a: b}", "environments must be a list"),
        (b"environments: [a.yaml]", "each of environments must be"),
        (b"parameter_defaults: {a: !!binary aGk=}", "what JSON cannot"),
    ],
)
def test_a_file_of_another_form_is_refused(state, content, told):
    with pytest.raises(
        errors.InvalidFile, match=rf"plan-environment\.yaml.*{told}"
    ):
        take(state, content)
