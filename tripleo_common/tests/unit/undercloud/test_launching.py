from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tripleo_common.undercloud import starting

#: What a launcher does with its database; the migration counts its runs.
CODE = """
import os, pathlib, signal, sqlite3, sys
import launching
data, prefix, version, kill = sys.argv[1:]
sys.prefix = prefix
def migrate():
    path = os.environ["OS_DATABASE__CONNECTION"].removeprefix("sqlite:///")
    with open(pathlib.Path(data, "runs"), "a") as runs:
        runs.write(version + "\\n")
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE t%s (a)" % version)
    database.commit()
    if kill == "kill":
        os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
launching.migrated(pathlib.Path(data), "heat", version, migrate)
"""


class Service:
    """A launcher in an environment of its own."""

    def __init__(self, folder: Path) -> None:
        self.prefix = folder / "prefix"
        self.prefix.mkdir()

    def start(self, data: Path, version: str = "1", how: str = "") -> int:
        data.mkdir(exist_ok=True)
        return subprocess.run(
            [sys.executable, "-c", CODE, data, self.prefix, version, how],
            env={"PYTHONPATH": str(starting.LAUNCHERS)},
        ).returncode


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


def tables(data: Path) -> set[str]:
    import sqlite3

    database = sqlite3.connect(data / "heat.sqlite")
    rows = database.execute("SELECT name FROM sqlite_master").fetchall()
    database.close()
    return {name for (name,) in rows}


def runs(data: Path) -> int:
    path = data / "runs"
    return len(path.read_text().split()) if path.exists() else 0


def test_migrations_run_once_for_an_environment(
    service: Service, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert service.start(first) == service.start(second) == 0
    assert tables(first) == tables(second) == {"t1"}
    assert (runs(first), runs(second)) == (1, 0)
    assert service.start(first) == 0
    assert runs(first) == 1


def test_a_new_version_migrates_what_is_there(
    service: Service, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    service.start(data)
    assert service.start(data, "2") == 0
    assert tables(data) == {"t1", "t2"}
    assert (data / "heat.prepared").read_text() == "2"


def test_what_was_killed_in_the_middle_is_made_anew(
    service: Service, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    assert service.start(data, how="kill") == -9
    assert not (data / "heat.sqlite").exists()
    # As a version before this one would leave it.
    (data / "heat.sqlite").write_text("half made")
    (data / "heat.sqlite-wal").write_text("of another database")
    assert service.start(data) == 0
    assert tables(data) == {"t1"}
    assert not (data / "heat.sqlite-wal").exists()


def test_a_migration_that_fails_leaves_nothing(
    service: Service, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    assert service.start(data, "no table name") == 1
    assert not (data / "heat.sqlite").exists()
    assert list((service.prefix / "databases").iterdir()) == []
