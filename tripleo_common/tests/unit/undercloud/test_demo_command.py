from __future__ import annotations

import json

import pytest

from tripleo_common.undercloud import cli, demo, demo_command, errors, reset
from tripleo_common.undercloud.paths import Paths


class Fake:
    """An undercloud that comes up at once, and a demo on it."""

    def __init__(self, status: str, error: Exception | None = None) -> None:
        self.status = status
        self.error = error
        self.done: list[object] = []

    def up(self, _: object) -> None:
        self.done.append("up")

    def down(self) -> None:
        self.done.append("down")

    def run(self, outcome: demo.Outcome, small: bool) -> None:
        self.done.append("small" if small else "all")
        if self.error:
            raise self.error
        outcome.steps.append(demo.Step("create the stack", 2.04))
        outcome.status = self.status
        outcome.resources = 7
        if not outcome.complete:
            outcome.failures = ["Controller.Server: no host"]


@pytest.fixture
def install(paths: Paths, monkeypatch: pytest.MonkeyPatch):
    def install(fake: Fake) -> Fake:
        class Demo:
            def __init__(self, client, console, outcome):
                self.outcome = outcome
                console.print("progress")

            def run(self, controllers, computes, small):
                fake.run(self.outcome, small)

        monkeypatch.setattr(demo_command, "Undercloud", lambda *_: fake)
        monkeypatch.setattr(demo_command, "Client", lambda _: None)
        monkeypatch.setattr(demo, "Demo", Demo)
        monkeypatch.setattr(
            reset, "reset", lambda *_: fake.done.append("reset")
        )
        return fake

    return install


def run(paths: Paths, *arguments: str) -> int:
    return cli.main(["demo", "--state-dir", str(paths.state), *arguments])


def test_the_output_is_one_json_object(install, paths, capsys) -> None:
    fake = install(Fake("CREATE_COMPLETE"))
    assert run(paths, "--json", "--full") == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {
        "complete": True,
        "stack": "overcloud",
        "status": "CREATE_COMPLETE",
        "services": "all",
        "resources": 7,
        "steps": [{"name": "create the stack", "seconds": 2.0}],
        "seconds": 2.0,
        "failures": [],
        "error": None,
        "state_dir": str(paths.state),
    }
    assert "progress" in captured.err
    # It was there before the demo, so it stays.
    assert fake.done == ["up", "all", "down"]


def test_a_failed_stack_is_json_too(install, paths, capsys) -> None:
    install(Fake("CREATE_FAILED"))
    assert run(paths, "--json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["complete"] is False
    assert answer["failures"] == ["Controller.Server: no host"]


def test_an_error_is_json_too(install, paths, capsys) -> None:
    fake = install(Fake("", errors.WaitedTooLong("a stack", 5)))
    assert run(paths, "--json") == 1
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert answer["error"] == "Waited 5 s in vain for a stack."
    assert answer["status"] is None
    assert "Waited 5 s" in captured.err
    assert fake.done == ["up", "small", "down"]


def test_only_what_the_demo_made_is_removed(
    install, paths, tmp_path, capsys
) -> None:
    fresh = Paths(tmp_path / "fresh", paths.cache)
    fake = install(Fake("CREATE_COMPLETE"))
    fake.up = lambda _: fresh.prepare()
    assert run(fresh) == 0
    assert fake.done == ["small", "reset"]


def test_kept_it_says_what_to_try_next(install, paths, capsys) -> None:
    fake = install(Fake("CREATE_COMPLETE"))
    assert run(paths, "--keep") == 0
    assert fake.done == ["up", "small"]
    told = capsys.readouterr().out
    assert f"tripleo-undercloud down --state-dir {paths.state}" in told
    assert '{"container": "my_cloud"}' in told


def test_a_rolled_back_stack_is_no_cloud() -> None:
    assert not demo.Outcome(status="ROLLBACK_COMPLETE").complete
