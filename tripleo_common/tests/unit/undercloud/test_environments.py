from __future__ import annotations

import threading
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tripleo_common.undercloud import environments, errors
from tripleo_common.undercloud.environments import Builder, Environment


@pytest.fixture
def constraints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Requirements without a package, which install in no time."""
    folder = tmp_path / "constraints"
    folder.mkdir()
    for name in ("pip", *environments.NAMES):
        (folder / f"{name}.txt").write_text("# none\n")
    monkeypatch.setattr(environments, "CONSTRAINTS", folder)
    return folder


@pytest.fixture
def builder(tmp_path: Path, constraints: Path) -> Builder:
    cache = tmp_path / "cache"
    cache.mkdir()
    return Builder(cache, threading.Event())


def test_every_package_is_pinned_once() -> None:
    for name in ("pip", *environments.NAMES):
        text = (environments.CONSTRAINTS / f"{name}.txt").read_text()
        names = [line.partition("==")[0].lower() for line in text.split()]
        assert all("==" in line for line in text.split()), name
        assert len(set(names)) == len(names), name


def test_what_an_environment_is_for_is_pinned_within_bounds() -> None:
    for name in environments.NAMES:
        pins = {
            canonicalize_name(pin): version
            for pin, _, version in (
                line.partition("==")
                for line in (environments.CONSTRAINTS / f"{name}.txt")
                .read_text()
                .split()
            )
        }
        wanted = (environments.CONSTRAINTS / f"{name}.in").read_text()
        for line in wanted.splitlines():
            if line.startswith("#"):
                continue
            requirement = Requirement(line)
            pin = pins.get(canonicalize_name(requirement.name))
            assert pin is not None, requirement
            assert requirement.specifier.contains(pin), requirement


def test_what_an_environment_is_made_from_names_it(
    tmp_path: Path, constraints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def path() -> Path:
        return environments.find(tmp_path, "heat").path

    first = path()
    assert path() == first
    assert environments.find(tmp_path, "control").path != first
    (constraints / "heat.txt").write_text("yaql==2.0.1\n")
    second = path()
    assert second != first
    monkeypatch.setattr(
        environments.platform, "python_version", lambda: "3.99"
    )
    assert path() not in (first, second)


def test_a_half_made_environment_is_made_anew(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = environments.find(builder.cache, "heat")
    (environment.path / "bin").mkdir(parents=True)
    leftover = environment.path / "bin" / "leftover"
    leftover.touch()
    assert not environment.is_complete()

    def make(one: Environment, tell: object) -> None:
        assert not leftover.exists()
        one.path.mkdir()

    monkeypatch.setattr(builder, "_make", make)
    assert builder.ensure(environment, print) == "made"
    assert environment.is_complete()
    assert builder.ensure(environment, print) == "there already"


def test_an_environment_that_fails_is_not_complete(
    builder: Builder, constraints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments.sys, "executable", "/bin/false")
    environment = environments.find(builder.cache, "heat")
    with pytest.raises(errors.CommandFailed, match="exit code 1"):
        builder.ensure(environment, print)
    assert not environment.is_complete()


def test_two_builders_make_one_environment(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = environments.find(builder.cache, "heat")
    second = Builder(builder.cache, threading.Event())
    made: list[str] = []
    begun = threading.Event()

    def make(one: Environment, tell: object) -> None:
        begun.set()
        # Long enough for the other to come to the lock.
        thread.join(0.3)
        one.path.mkdir()
        made.append(one.name)

    def ensure_second() -> None:
        assert begun.wait(10)
        second.ensure(environment, print)

    monkeypatch.setattr(builder, "_make", make)
    monkeypatch.setattr(second, "_make", make)
    thread = threading.Thread(target=ensure_second)
    thread.start()
    builder.ensure(environment, print)
    thread.join(10)
    assert made == ["heat"]


def test_pip_works_on_the_environment_from_outside(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def run(arguments: list[object], **_: object) -> None:
        ran.append([str(argument) for argument in arguments])
        builder.pip.path.mkdir(exist_ok=True)
        environment.path.mkdir(exist_ok=True)

    monkeypatch.setattr(environments.commands, "run", run)
    environment = environments.find(builder.cache, "control")
    said: list[str] = []
    builder.ensure_pip()
    builder.ensure(environment, said.append)
    assert said == ["installing 0 packages", "compiling"]
    _, _, make, install, compile_ = ran
    assert make[-2:] == ["--without-pip", str(environment.path)]
    assert install[:5] == [
        str(builder.pip.python),
        *("-m", "pip", "--python", str(environment.python)),
    ]
    assert install[-2:] == ["-r", str(environment.requirements)]
    assert {"--no-deps", "--no-compile"} <= set(install)
    assert compile_[0] == str(environment.python)
