from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import collecting, heat_inputs, rendering
from tripleo_common.plans.container import Container
from tripleo_common.plans.files import Files
from tripleo_common.plans.state import State

ROOT = "heat_template_version: rocky\n"
FILES = {
    "roles_data.yaml": "- name: Controller\n",
    "overcloud.j2.yaml": ROOT
    + "parameters: {RootStackName: {type: string}}\n"
    + "resources:{% for r in roles %}\n"
    + "  {{r.name}}: {type: {{r.name|lower}}-x.yaml}{% endfor %}\n",
    "x.role.j2.yaml": ROOT + "outputs: {o: {value: {get_file: text}}}\n",
    "text": "one",
    "registry.yaml": "parameter_defaults: {A: 1, B: 2}\n",
    "plan-environment.yaml": "name: my_cloud\n",
    "README.rst": "For nobody.",
}


@pytest.fixture
def stored(cloud):
    cloud.object_store.add("my_cloud", FILES)
    return cloud.object_store.containers["my_cloud"]


@pytest.fixture
def state():
    return State(
        template="overcloud.yaml",
        environments=[{"path": "registry.yaml"}],
        passwords={"Secret": "s3cret"},
        parameter_defaults={"B": 3},
    )


def collect(cloud, state, verify=False):
    container = Container(cloud, "my_cloud")
    files = Files(container, container.files(), verify)
    return collecting.collect(files, state)


@pytest.fixture
def made(monkeypatch):
    """How often it was really collected."""
    times = []
    stock = heat_inputs.follow

    def follow(*args):
        times.append(1)
        return stock(*args)

    monkeypatch.setattr(heat_inputs, "follow", follow)
    return times


def test_templates_are_rendered_and_followed(cloud, stored, state):
    found = collect(cloud, state)
    assert set(found.rendered) == {"overcloud.yaml", "controller-x.yaml"}
    inputs = found.inputs(state, {"C": 4})
    assert set(inputs.files) == {"controller-x.yaml", "text"}
    assert inputs.environment["parameter_defaults"] == {
        **{"A": 1, "B": 3, "C": 4, "Secret": "s3cret"},
        "RootStackName": "my_cloud",
    }


def test_what_did_not_change_is_recalled(cloud, stored, state, made):
    first = collect(cloud, state)
    cloud.object_store.requests.clear()
    assert collect(cloud, state) == first
    assert cloud.object_store.requests == {"GET container": 1}
    assert len(made) == 1


def test_what_an_operator_sets_is_no_part_of_it(cloud, stored, state, made):
    collect(cloud, state)
    state.passwords["Secret"] = "other"
    state.parameter_defaults["B"] = 4
    # Where the state is mirrored at each change.
    stored["plan-environment.yaml"] = (b"parameter_defaults: {B: 4}", "")
    found = collect(cloud, state).inputs(state).environment
    assert found["parameter_defaults"]["B"] == 4
    assert found["parameter_defaults"]["Secret"] == "other"
    assert len(made) == 1


@pytest.mark.parametrize("path", FILES.keys() - {"plan-environment.yaml"})
def test_any_other_file_is_part_of_it(cloud, stored, state, made, path):
    collect(cloud, state)
    stored[path] = (stored[path][0] + b"\n", "")
    collect(cloud, state)
    assert len(made) == 2


def test_the_list_of_environments_is_part_of_it(cloud, stored, state, made):
    collect(cloud, state)
    state.environments.append({"data": {"parameter_defaults": {"A": 5}}})
    found = collect(cloud, state).inputs(state).environment
    assert found["parameter_defaults"]["A"] == 5
    assert len(made) == 2


def test_other_code_recalls_nothing(cloud, stored, state, made, monkeypatch):
    collect(cloud, state)
    monkeypatch.setattr(collecting, "_code", lambda: "newer")
    collect(cloud, state)
    assert len(made) == 2


def test_a_mirror_that_is_used_is_read(cloud, stored, state, made):
    stored["plan-environment.yaml"] = (b"parameter_defaults: {A: 6}", "")
    state.environments.append({"path": "plan-environment.yaml"})
    collect(cloud, state)
    stored["plan-environment.yaml"] = (b"parameter_defaults: {A: 7}", "")
    found = collect(cloud, state).inputs(state).environment
    assert found["parameter_defaults"]["A"] == 7


def test_what_is_listed_as_something_else_is_read(cloud, stored, state):
    """Swift lists large objects and links so."""
    stored["text"] = (b"", "")
    collect(cloud, state)
    get_object = cloud.object_store.get_object

    def linked(name, path, headers=None):
        answer = get_object(name, path, headers)
        return ({}, b"behind the link") if path == "text" else answer

    cloud.object_store.get_object = linked
    found = collect(cloud, state).followed.files
    assert found["text"] == "behind the link"


def test_verifying_recalls_nothing(cloud, stored, state, made):
    collect(cloud, state)
    collect(cloud, state, verify=True)
    assert len(made) == 2


def test_a_template_that_nothing_refers_to_is_rendered_too(
    cloud, stored, state
):
    stored["other.j2.yaml"] = (b"{{ 1 / 0 }}", "")
    with pytest.raises(errors.InvalidFile, match=r"other\.j2\.yaml"):
        collect(cloud, state)


def test_a_template_that_becomes_no_file_is_kept_too(
    cloud, stored, state, made
):
    stored["x.network.j2.yaml"] = (b"of no network", "")
    collect(cloud, state)
    stored["README.rst"] = (b"New.", "")
    cloud.object_store.requests.clear()
    collect(cloud, state)
    assert len(made) == 2
    assert cloud.object_store.requests == {"GET container": 1}


def test_a_rendered_file_stands_over_a_stored_one(cloud, stored, state):
    stored["controller-x.yaml"] = (b"of yesterday", "")
    assert "text" in collect(cloud, state).followed.files


def test_an_error_leaves_no_process_behind(cloud, stored, state, monkeypatch):
    started = []
    stock = rendering.Rendering._start

    def start(self):
        started.append(stock(self))
        return started[-1]

    monkeypatch.setattr(rendering.Rendering, "_start", start)
    del stored["text"]
    with pytest.raises(errors.FileMissing):
        collect(cloud, state)
    assert [process.poll() is not None for process in started] == [True]
