from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest

from tripleo_common.undercloud import cli, cloud_file, passwords, rc, state
from tripleo_common.undercloud.doctor import (
    credentials,
    examination,
    finding,
)
from tripleo_common.undercloud.doctor.finding import Finding
from tripleo_common.undercloud.errors import NotPrepared, UndercloudError
from tripleo_common.undercloud.paths import Paths

FINDINGS = [
    finding.ok("a", "All is [well]."),
    finding.warning("b", "It is slow.", "Hurry."),
    finding.unknown("c", "Nobody knows."),
]
ERROR = finding.error("d", "It is broken.", "Mend it.")


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What the examination finds."""
    found = list(FINDINGS)

    def examine(_: object) -> Iterator[Finding]:
        return iter(found)

    monkeypatch.setattr(examination, "examine", examine)
    monkeypatch.setattr(credentials, "find", lambda *_: ("the cloud", None))
    return found


def test_findings_and_their_fixes_are_told(
    examined: list[Finding], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["doctor"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Examining the cloud",
        "ok       a: All is [well].",
        "warning  b: It is slow.",
        "         Hurry.",
        "unknown  c: Nobody knows.",
        "1 ok, 1 warning, 0 error, 1 unknown",
    ]


def test_an_error_is_the_exit_status(
    examined: list[Finding], capsys: pytest.CaptureFixture[str]
) -> None:
    examined.append(ERROR)
    assert cli.main(["doctor", "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["undercloud"] == "the cloud"
    assert answer["counts"] == {
        "ok": 1,
        "warning": 1,
        "error": 1,
        "unknown": 1,
    }
    assert answer["findings"][-1] == {
        "check": "d",
        "level": "error",
        "found": "It is broken.",
        "fix": "Mend it.",
    }


@pytest.fixture
def environ(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, str]]:
    """An environment that names no cloud; clouds.yaml has one."""
    for name in [n for n in os.environ if n.startswith("OS_")]:
        monkeypatch.delenv(name)
    values = rc.variables("http://127.0.0.1:4000", "secret")
    cloud_file.write(paths, values, paths.cache)
    file = str(paths.state / cloud_file.CLOUDS)
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", file)
    monkeypatch.setenv("TRIPLEO_UNDERCLOUD_STATE_DIR", str(paths.state))
    return values


def test_the_embedded_undercloud_is_meant_unless_told_otherwise(
    paths: Paths, environ: dict[str, str]
) -> None:
    with pytest.raises(NotPrepared):
        credentials.find(None, None, {})
    state.choose(paths, state.Wanted(), False)
    passwords.ensure(paths)
    name, subject = credentials.find(None, None, {})
    assert name == f"the embedded undercloud in {paths.state}"
    assert (subject.region, subject.interface) == ("regionOne", "public")


def test_a_cloud_can_be_named(environ: dict[str, str]) -> None:
    name, subject = credentials.find(None, cloud_file.CLOUD, {})
    assert name == "the cloud at http://127.0.0.1:4000/v3"
    assert (subject.region, subject.interface) == ("regionOne", "public")


def test_the_environment_can_name_one(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in environ.items():
        monkeypatch.setenv(variable, value)
    name, _ = credentials.find(None, None, os.environ)
    assert name == "the cloud at http://127.0.0.1:4000/v3"
    # A state directory that is named wins over it.
    with pytest.raises(NotPrepared):
        credentials.find("/nowhere", None, os.environ)


def test_a_cloud_that_is_not_known_is_told(environ: dict[str, str]) -> None:
    with pytest.raises(UndercloudError, match="other was not found"):
        credentials.find(None, "other", {})


def test_credentials_that_cannot_be_are_told(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("OS_AUTH_URL", "http://127.0.0.1:4000/v3")
    monkeypatch.setenv("OS_AUTH_TYPE", "no-such")
    with pytest.raises(UndercloudError, match="Set the variables OS_"):
        credentials.find(None, None, os.environ)
