from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import sources


@pytest.fixture
def installed(tmp_path, options):
    """The directory of the installed templates."""
    top = tmp_path / "installed"
    (top / "nested").mkdir(parents=True)
    (top / "nested" / "a.yaml").write_text("a")
    options("templates_dir", str(top))
    return top


def test_the_installed_templates_are_what_nobody_names(installed):
    assert sources.directory(None) == {"nested/a.yaml": b"a"}


def test_what_is_below_them_may_be_named(installed):
    assert sources.directory(f"{installed}/") == {"nested/a.yaml": b"a"}
    assert sources.directory(f"{installed}/nested") == {"a.yaml": b"a"}


def test_what_the_operator_allows_may_be_named(installed, tmp_path, options):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.yaml").write_text("b")
    options("upload_dirs", [str(tmp_path / "more")])
    assert sources.directory(str(tmp_path / "more")) == {"b.yaml": b"b"}


@pytest.mark.parametrize("path", ["/etc", "{top}/../other", "{top}/out", "x"])
def test_other_directories_are_not_read(installed, tmp_path, path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret").write_text("s3cret")
    (installed / "out").symlink_to(tmp_path / "other")
    with pytest.raises(errors.InvalidInput, match="upload_dirs"):
        sources.directory(path.format(top=installed))
