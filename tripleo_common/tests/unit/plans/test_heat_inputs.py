from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.plans import heat_inputs
from tripleo_common.plans.container import Container
from tripleo_common.plans.files import Files

CASES = sorted(Path(__file__).with_name("heat_input_cases").glob("*.yaml"))
ROOT = "heat_template_version: rocky\n"


def collect(cloud, files, environments=(), passwords=None, parameters=None):
    cloud.object_store.add("my_cloud", files)
    container = Container(cloud, "my_cloud")
    return heat_inputs.follow(
        Files(container, container.files()), "overcloud.yaml", environments
    ).inputs(passwords or {}, parameters or {})


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_collecting(cloud, path):
    case = yaml.safe_load(path.read_text())
    inputs = collect(
        cloud,
        case["files"],
        case["environments"],
        case.get("passwords"),
        case.get("parameters"),
    )
    assert inputs.template == case["template"]
    assert inputs.environment == case["environment"]
    templates = {
        path: json.loads(text)
        for path, text in inputs.files.items()
        if path in case["templates"]
    }
    assert templates == case["templates"]
    texts = {
        path: text
        for path, text in inputs.files.items()
        if path not in templates
    }
    assert texts == case["texts"]
    files_read = cloud.object_store.requests["GET object"]
    assert files_read <= len(case["files"])


def test_a_file_that_is_no_text_is_sent_in_base64(cloud):
    cloud.object_store.add("my_cloud", {})
    files = cloud.object_store.containers["my_cloud"]
    files["overcloud.yaml"] = (
        b"{heat_template_version: rocky, x: {get_file: logo.png}}",
        "",
    )
    files["logo.png"] = (b"\x89PNG\xff", "")
    container = Container(cloud, "my_cloud")
    inputs = heat_inputs.follow(
        Files(container, container.files()), "overcloud.yaml", []
    )
    assert base64.b64decode(inputs.files["logo.png"]) == b"\x89PNG\xff"


@pytest.mark.parametrize(
    ("files", "environments", "complaint"),
    [
        ({}, [], "no file overcloud.yaml, which the plan needs"),
        ({"overcloud.yaml": "a: b"}, [], "has no heat_template_version"),
        (
            {"overcloud.yaml": ROOT},
            [{"path": "e.yaml"}],
            "no file e.yaml, which the plan's list of environments needs",
        ),
        (
            {"overcloud.yaml": ROOT, "e.yaml": "paramters: {}"},
            [{"path": "e.yaml"}],
            r"e\.yaml: not a Heat environment: unknown section 'paramters'",
        ),
        (
            {"overcloud.yaml": ROOT, "e.yaml": "- a"},
            [{"path": "e.yaml"}],
            r"e\.yaml: a mapping is wanted at the top",
        ),
        (
            {"overcloud.yaml": ROOT, "e.yaml": "parameter_defaults: 7"},
            [{"path": "e.yaml"}],
            r"e\.yaml: parameter_defaults is not a mapping",
        ),
        (
            {"overcloud.yaml": ROOT + "resources: {a: {type: ../b.yaml}}"},
            [],
            r"refers to \.\./b\.yaml, which is outside the plan",
        ),
        (
            {"overcloud.yaml": ROOT + "resources: {a: {type: /etc/b.yaml}}"},
            [],
            r"refers to /etc/b\.yaml, which is outside the plan",
        ),
        (
            {"overcloud.yaml": ROOT + "resources: {a: {type: x/b.yaml}}"},
            [],
            r"no file x/b\.yaml, which overcloud\.yaml needs",
        ),
    ],
)
def test_what_is_wrong_is_told(cloud, files, environments, complaint):
    with pytest.raises(errors.InvalidInput, match=complaint):
        collect(cloud, files, environments)


def test_secrets_are_not_shown(cloud):
    inputs = collect(
        cloud, {"overcloud.yaml": ROOT}, passwords={"AdminPassword": "s3cret"}
    )
    assert inputs.environment["parameter_defaults"]
    assert "s3cret" not in repr(inputs)


def test_merging_leaves_its_sources_alone():
    first = {"a": {"b": 1}}
    merged: dict = {}
    heat_inputs.merge(merged, first)
    heat_inputs.merge(merged, {"a": {"c": 2}})
    assert merged == {"a": {"b": 1, "c": 2}}
    assert first == {"a": {"b": 1}}


class TestRemembering:
    FILES = {
        "overcloud.yaml": ROOT + "resources: {a: {type: dir/a.yaml}}",
        "dir/a.yaml": ROOT + "outputs: {t: {value: {get_file: text}}}",
        "dir/text": "one",
    }

    @pytest.fixture
    def parsed(self, monkeypatch):
        """The paths that were parsed."""
        paths = []
        load = heat_inputs.yaml_text.load

        def remembering_load(text, path):
            paths.append(path)
            return load(text, path)

        monkeypatch.setattr(heat_inputs.yaml_text, "load", remembering_load)
        return paths

    def again(self, cloud):
        container = Container(cloud, "my_cloud")
        return heat_inputs.follow(
            Files(container, container.files()), "overcloud.yaml", []
        ).inputs({}, {})

    def test_nothing_is_parsed_a_second_time(self, cloud, parsed):
        first = collect(cloud, self.FILES)
        assert parsed == ["overcloud.yaml", "dir/a.yaml"]
        assert self.again(cloud) == first
        assert parsed == ["overcloud.yaml", "dir/a.yaml"]
        assert set(first.files) == {"dir/a.yaml", "dir/text"}

    def test_what_changed_is_parsed_again(self, cloud, parsed):
        collect(cloud, self.FILES)
        changed = ROOT + "outputs: {t: {value: {get_file: ../more}}}"
        store = cloud.object_store.containers["my_cloud"]
        store["dir/a.yaml"] = (changed.encode(), "text/plain")
        store["more"] = (b"two", "text/plain")
        inputs = self.again(cloud)
        assert parsed == ["overcloud.yaml", "dir/a.yaml", "dir/a.yaml"]
        assert inputs.files["more"] == "two"
        assert "dir/text" not in inputs.files

    def test_one_content_in_two_places_refers_to_two_files(self, cloud):
        files = {
            **self.FILES,
            "overcloud.yaml": ROOT
            + "resources: {a: {type: dir/a.yaml}, b: {type: other/a.yaml}}",
            "other/a.yaml": self.FILES["dir/a.yaml"],
            "other/text": "two",
        }
        collected = collect(cloud, files).files
        assert collected["dir/text"] == "one"
        assert collected["other/text"] == "two"

    def test_other_code_recalls_nothing(self, cloud, parsed, monkeypatch):
        collect(cloud, self.FILES)
        monkeypatch.setattr(heat_inputs, "_code", lambda: "newer")
        self.again(cloud)
        assert parsed == ["overcloud.yaml", "dir/a.yaml"] * 2


@pytest.mark.parametrize(
    "content", ["a: !!binary aGVq", "a: &anchor {b: *anchor}"]
)
def test_what_json_cannot_hold_is_told(cloud, content):
    with pytest.raises(
        errors.InvalidFile, match=r"overcloud\.yaml: holds what JSON cannot"
    ):
        collect(cloud, {"overcloud.yaml": ROOT + content})
