from __future__ import annotations

import io
import threading

import pytest

from tripleo_common.undercloud import errors, steps
from tripleo_common.undercloud.progress import Progress
from tripleo_common.undercloud.steps import Step


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def test_needs_come_first(stop: threading.Event, progress: Progress) -> None:
    done: list[str] = []
    names = {"c": ("b",), "b": ("a",), "a": ("not to be done",)}
    steps.run(
        [
            Step(name, lambda name=name: done.append(name), needs)
            for name, needs in names.items()
        ],
        stop,
        progress,
    )
    assert done == ["a", "b", "c"]


def test_steps_run_at_the_same_time(
    stop: threading.Event, progress: Progress
) -> None:
    meeting = threading.Barrier(2, timeout=10)

    def meet() -> None:
        meeting.wait()

    steps.run([Step("a", meet), Step("b", meet)], stop, progress)


def test_the_first_error_stops_the_others(
    stop: threading.Event, progress: Progress, output: io.StringIO
) -> None:
    done: list[str] = []

    def fail() -> None:
        raise errors.UndercloudError("no")

    def wait() -> None:
        assert stop.wait(10)
        raise errors.Stopped

    with pytest.raises(errors.UndercloudError, match=r"^no$"):
        steps.run(
            [
                Step("waits", wait),
                Step("fails", fail),
                Step("comes later", lambda: done.append("x"), ("fails",)),
            ],
            stop,
            progress,
        )
    assert done == []
    assert "fails" in output.getvalue()
    assert "waits" not in output.getvalue()


def test_progress_is_plain_in_a_file(
    stop: threading.Event, progress: Progress, output: io.StringIO
) -> None:
    with progress:
        steps.run([Step("[x]", lambda: "made " + "x" * 99)], stop, progress)
    [line] = output.getvalue().splitlines()
    assert "[x]" in line
    assert line.endswith(" s)")
    assert "\x1b" not in line
