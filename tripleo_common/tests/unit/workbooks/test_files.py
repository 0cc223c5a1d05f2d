from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.workbooks import files


def test_the_packages_workbooks_are_found():
    names = {workbook.name for workbook in files.load_all()}
    assert "tripleo.plan_management.v1" in names


def test_workflows_have_full_names(tmp_path):
    (tmp_path / "a.yaml").write_text("name: a.v1\nworkflows: {x: {}, y: {}}")
    (workbook,) = files.load_all(tmp_path)
    assert list(workbook.workflows) == ["a.v1.x", "a.v1.y"]


@pytest.mark.parametrize("text", ["a: b: c", "- a", "version: '2.0'"])
def test_what_is_no_workbook_is_told(tmp_path, text):
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(errors.InvalidFile, match=r"a\.yaml"):
        files.load_all(tmp_path)


PART = """\
---
version: '2.0'
name: a.v1
description: A family

workflows:

  # {name} is the one.
  {name}:
    tasks:
      a: {{action: std.noop}}
"""


def test_files_of_one_family_become_one_workbook(tmp_path):
    for name in ("x", "y", "z"):
        (tmp_path / f"a_{name}.yaml").write_text(PART.format(name=name))
    (workbook,) = files.load_all(tmp_path)
    assert list(workbook.workflows) == ["a.v1.x", "a.v1.y", "a.v1.z"]
    assert workbook.text.count("workflows:") == 1
    assert "# z is the one." in workbook.text
    assert len(files.load_files(tmp_path)) == 3


@pytest.mark.parametrize(
    "text", [PART.format(name="x"), "name: a.v1\nworkflows: {y: {}}"]
)
def test_a_part_that_cannot_be_joined_is_told(tmp_path, text):
    (tmp_path / "a.yaml").write_text(PART.format(name="x"))
    (tmp_path / "b.yaml").write_text(text)
    with pytest.raises(errors.InvalidFile, match=r"b\.yaml: it is a part"):
        files.load_all(tmp_path)


def test_a_package_that_is_not_whole_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    monkeypatch.setattr(files.sysconfig, "get_path", lambda name: "/nowhere")
    monkeypatch.setattr(files, "_DISTRIBUTION", "no-such-distribution")
    with pytest.raises(errors.NotFound, match="are not installed"):
        files.directory()
