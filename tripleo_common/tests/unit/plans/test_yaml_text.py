from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import yaml_text


def test_dates_stay_text():
    text = "heat_template_version: 2018-08-31"
    assert yaml_text.load(text, "x.yaml") == {
        "heat_template_version": "2018-08-31"
    }


def test_an_empty_file_is_an_empty_mapping_or_list():
    assert yaml_text.load_mapping("", "x.yaml") == {}
    assert yaml_text.load_list("# nothing\n", "x.yaml") == []


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: b\nc: [1, 2\nd: e\n", 3), ("a: b\n\t- c\n", 2), ("a: b: c", 1)],
)
def test_broken_yaml_is_told_with_file_and_line(text, line):
    with pytest.raises(errors.InvalidFile) as caught:
        yaml_text.load(text, "deployment/a.yaml")
    assert caught.value.line == line
    assert str(caught.value).startswith(f"deployment/a.yaml, line {line}: ")


def test_bytes_that_are_no_text_are_told():
    with pytest.raises(errors.InvalidFile, match=r"x\.yaml: not valid YAML"):
        yaml_text.load(b"\xff\xfe\x00\x01\x02", "x.yaml")


def test_python_objects_are_not_made():
    with pytest.raises(errors.InvalidFile, match="could not determine"):
        yaml_text.load("!!python/object/apply:os.getcwd []", "x.yaml")


@pytest.mark.parametrize(
    ("load", "text", "wanted"),
    [
        (yaml_text.load_mapping, "- a", "a mapping is wanted .* not list"),
        (yaml_text.load_list, "a: b", "a list is wanted .* not dict"),
    ],
)
def test_the_wrong_kind_at_the_top_is_told(load, text, wanted):
    with pytest.raises(errors.InvalidFile, match=wanted):
        load(text, "x.yaml")
