from __future__ import annotations

from pathlib import Path

import pytest

from tripleo_common.undercloud import rotation


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(rotation, "LARGE", 10)
    return tmp_path / "heat.log"


def test_a_small_log_goes_on(log: Path) -> None:
    rotation.rotate(log)
    log.write_text("small")
    rotation.rotate(log)
    assert log.read_text() == "small"
    assert list(log.parent.iterdir()) == [log]


def test_of_large_ones_the_last_stay(log: Path) -> None:
    for number in range(6):
        log.write_text(f"run {number}" + "x" * 10)
        rotation.rotate(log)
        assert not log.exists()
    found = {p.name: p.read_text()[:5] for p in log.parent.iterdir()}
    assert found == {
        "heat.log.1": "run 5",
        "heat.log.2": "run 4",
        "heat.log.3": "run 3",
    }
