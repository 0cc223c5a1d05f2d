from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tripleo_common.undercloud import errors
from tripleo_common.undercloud.paths import UNUSABLE, Paths, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_are_those_of_the_user_by_default() -> None:
    paths = Paths.find(environ={})
    assert paths.state == Path.home() / ".local/state/tripleo-undercloud"
    assert paths.cache == Path.home() / ".cache/tripleo-undercloud"


def test_xdg_variables_move_the_folders() -> None:
    paths = Paths.find(
        environ={"XDG_STATE_HOME": "/a", "XDG_CACHE_HOME": "/b"}
    )
    assert paths.state == Path("/a/tripleo-undercloud")
    assert paths.cache == Path("/b/tripleo-undercloud")


def test_own_variables_name_the_folders() -> None:
    paths = Paths.find(
        environ={
            "TRIPLEO_UNDERCLOUD_STATE_DIR": "/a",
            "TRIPLEO_UNDERCLOUD_CACHE_DIR": "/b",
            "XDG_STATE_HOME": "/c",
        }
    )
    assert (paths.state, paths.cache) == (Path("/a"), Path("/b"))


def test_the_command_line_comes_first() -> None:
    paths = Paths.find("/d", {"TRIPLEO_UNDERCLOUD_STATE_DIR": "/a"})
    assert paths.state == Path("/d")


def test_folders_are_their_owners_only(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "state", tmp_path / "cache")
    paths.prepare()
    folders = (paths.state, paths.etc, paths.data, paths.logs, paths.run)
    assert {mode(folder) for folder in folders} == {0o700}


def test_a_private_file_is_never_readable_by_others(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert (path.read_text(), mode(path)) == ("new", 0o600)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("character", sorted(UNUSABLE))
def test_what_services_misread_is_refused(
    tmp_path: Path, character: str
) -> None:
    wrong = Paths(tmp_path / f"a{character}b" / "state", tmp_path)
    with pytest.raises(errors.FolderUnusable, match="--state-dir"):
        wrong.prepare()
    assert list(tmp_path.iterdir()) == []


def test_spaces_quotes_and_accents_are_fine(tmp_path: Path) -> None:
    Paths(tmp_path / 'd\'où "ö" ½', tmp_path / "c").prepare()
