from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from tripleo_common.undercloud import library

SETUP = """\
[metadata]
name = tripleo-common
version = 19.0.0
[entry_points]
mistral.actions =
    tripleo.example = tripleo_common.actions.example:Example
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    (root / "tripleo_common").mkdir(parents=True)
    (root / "tripleo_common" / "__init__.py").write_text("")
    (root / "setup.cfg").write_text(SETUP)
    return root


def find_installed(target: Path) -> importlib.metadata.Distribution:
    [found] = importlib.metadata.distributions(path=[str(target)])
    return found


def test_this_is_a_checkout() -> None:
    root = library.checkout()
    assert root is not None
    assert (root / "tripleo_common" / "undercloud").is_dir()


def test_a_checkout_is_linked(checkout: Path, tmp_path: Path) -> None:
    target = tmp_path / "library"
    library._link(checkout, target)
    (checkout / "tripleo_common" / "new.py").write_text("")
    assert (target / "tripleo_common" / "new.py").exists()
    found = find_installed(target)
    assert (found.name, found.version) == ("tripleo-common", "19.0.0")
    [action] = found.entry_points.select(group="mistral.actions")
    assert action.name == "tripleo.example"
    assert action.value == "tripleo_common.actions.example:Example"


def test_a_change_of_the_entry_points_is_told(
    checkout: Path, tmp_path: Path
) -> None:
    target = tmp_path / "library"
    first = library._link(checkout, target)
    made = (target / "digest").stat().st_ino
    assert library._link(checkout, target) == first
    assert (target / "digest").stat().st_ino == made
    more = "    tripleo.more = tripleo_common.actions.more:More\n"
    (checkout / "setup.cfg").write_text(SETUP + more)
    assert library._link(checkout, target) != first
    assert "tripleo.more" in find_installed(target).entry_points.names


def test_an_installed_package_is_copied(tmp_path: Path) -> None:
    site = tmp_path / "site-packages"
    information = site / "tripleo_common-19.0.0.dist-info"
    package = site / "tripleo_common"
    information.mkdir(parents=True)
    package.mkdir()
    (package / "__init__.py").write_text("x = 1\n")
    (tmp_path / "command").write_text("")
    (information / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: tripleo-common\nVersion: 19.0.0\n"
    )
    (information / "RECORD").write_text(
        "tripleo_common/__init__.py,,\n"
        "tripleo_common/__pycache__/__init__.cpython-311.pyc,,\n"
        "tripleo_common-19.0.0.dist-info/METADATA,,\n"
        "tripleo_common-19.0.0.dist-info/RECORD,,\n"
        "../command,,\n"
    )
    target = tmp_path / "library"
    digest = library._copy(find_installed(site), target)
    (package / "__init__.py").write_text("x = 2\n")
    assert library._copy(find_installed(site), target) == digest
    copied = target / "tripleo_common" / "__init__.py"
    assert copied.read_text() == "x = 1\n"
    assert find_installed(target).version == "19.0.0"
    assert not (tmp_path / "library" / "command").exists()
