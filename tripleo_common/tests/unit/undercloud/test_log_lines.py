from __future__ import annotations

import os
from pathlib import Path

import pytest

from tripleo_common.undercloud import log_lines


@pytest.fixture
def logs(tmp_path: Path) -> dict[str, Path]:
    return {name: tmp_path / f"{name}.log" for name in ("heat", "swift")}


def texts(lines: list[log_lines.Line]) -> list[str]:
    return [f"{line.service}: {line.text}" for line in lines]


def test_logs_are_interleaved_by_their_times(logs: dict[str, Path]) -> None:
    logs["heat"].write_text(
        "2026-01-01 10:00:01.000 first\n  of two lines\n"
        "2026-01-01 10:00:03.000 third\n"
    )
    logs["swift"].write_text("2026-01-01 10:00:02,500 second\n")
    assert texts(log_lines.last(logs, 10)) == [
        "heat: 2026-01-01 10:00:01.000 first",
        "heat:   of two lines",
        "swift: 2026-01-01 10:00:02,500 second",
        "heat: 2026-01-01 10:00:03.000 third",
    ]


def test_a_log_without_times_stands_where_it_was_last_written(
    logs: dict[str, Path],
) -> None:
    logs["heat"].write_text("2020-01-01 10:00:00 old\n2120-01-01 10:00:00 new")
    logs["swift"].write_text("one\ntwo\n")
    assert [line.text for line in log_lines.last(logs, 10)] == [
        "2020-01-01 10:00:00 old",
        "one",
        "two",
        "2120-01-01 10:00:00 new",
    ]


@pytest.mark.parametrize("lines", [0, 1, 2, 3, 5000, 20000])
def test_only_the_last_lines_are_told(
    lines: int, logs: dict[str, Path]
) -> None:
    written = [f"line {n} {'x' * 30}" for n in range(10000)]
    logs["heat"].write_text("\n".join(written) + "\n")
    found = [line.text for line in log_lines.last(logs, lines)]
    assert found == (written[-lines:] if lines else [])


def test_what_is_no_text_does_not_stop_it(logs: dict[str, Path]) -> None:
    logs["heat"].write_bytes(b"\xff\xfe\n")
    assert len(log_lines.last(logs, 5)) == 1


def test_what_is_written_later_is_told_once(logs: dict[str, Path]) -> None:
    logs["heat"].write_text("one\ntwo\nthr")
    follower = log_lines.Follower(logs)
    assert texts(follower.begin(1)) == ["heat: two"]
    with logs["heat"].open("a") as file:
        file.write("ee\nfo")
    assert texts(follower.look()) == ["heat: three"]
    assert follower.look() == []
    logs["swift"].write_text("new\n")
    assert texts(follower.look()) == ["swift: new"]


def test_a_log_is_followed_over_a_rotation(logs: dict[str, Path]) -> None:
    log = logs["heat"]
    log.write_text("one\n")
    follower = log_lines.Follower(logs)
    assert len(follower.begin(5)) == 1
    with log.open("a") as old:
        log.rename(log.with_suffix(".1"))
        assert follower.look() == []
        old.write("two\nunfinished")
    log.write_text("three\n")
    assert texts(follower.look()) == [
        "heat: two",
        "heat: unfinished",
        "heat: three",
    ]


def test_a_log_that_was_cut_is_read_from_its_begin(
    logs: dict[str, Path],
) -> None:
    log = logs["heat"]
    log.write_text("a long line\n")
    follower = log_lines.Follower(logs)
    follower.begin(5)
    os.truncate(log, 0)
    log.write_text("short\n")
    assert texts(follower.look()) == ["heat: short"]
