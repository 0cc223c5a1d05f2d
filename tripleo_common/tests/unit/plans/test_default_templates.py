from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import default_templates


def test_files_are_read_by_their_path_without_what_is_no_template(tmp_path):
    for path in (
        "overcloud.yaml",
        "environments/ä.yaml",
        ".git/config",
        ".tox/x",
        "tools/x.pyc",
        "tools/__pycache__/x.py",
    ):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    assert default_templates.read(str(tmp_path)) == {
        "overcloud.yaml": b"overcloud.yaml",
        "environments/ä.yaml": "environments/ä.yaml".encode(),
    }


def test_links_to_files_are_followed(tmp_path):
    (tmp_path / "a.yaml").write_text("a")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    assert default_templates.read(str(tmp_path))["b.yaml"] == b"a"


def test_templates_that_are_not_installed_are_told_with_the_option(tmp_path):
    with pytest.raises(errors.NotFound, match="templates_dir"):
        default_templates.read(str(tmp_path / "nowhere"))
