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
    (workbook,) = files.load_all(tmp_path)
    with pytest.raises(errors.InvalidFile, match=r"a\.yaml"):
        _ = workbook.name


def test_a_package_that_is_not_whole_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    monkeypatch.setattr(files.sysconfig, "get_path", lambda name: "/nowhere")
    monkeypatch.setattr(files, "_DISTRIBUTION", "no-such-distribution")
    with pytest.raises(errors.NotFound, match="are not installed"):
        files.directory()
