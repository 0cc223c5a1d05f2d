from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from tripleo_common.undercloud.paths import Paths
from tripleo_common.undercloud.progress import Progress


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """The folders of an undercloud that has nothing yet."""
    found = Paths(tmp_path / "state", tmp_path / "cache")
    found.prepare()
    return found


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def progress(output: io.StringIO) -> Progress:
    """A progress that is shown in a plain file."""
    return Progress(Console(file=output))
