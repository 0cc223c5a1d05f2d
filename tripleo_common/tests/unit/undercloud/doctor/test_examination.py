from __future__ import annotations

from collections.abc import Iterator

import pytest

from tripleo_common.tests.unit.undercloud.doctor.conftest import (
    KEYSTONE,
    Cloud,
)
from tripleo_common.undercloud.doctor import examination, finding
from tripleo_common.undercloud.doctor.examination import Check, examine
from tripleo_common.undercloud.doctor.finding import Finding, Level
from tripleo_common.undercloud.doctor.subject import Subject


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch):
    """Leave the catalog's findings and the checks to the test."""

    def only(found: list[Finding], *checks: Check) -> None:
        monkeypatch.setattr(
            examination.catalog, "check", lambda _: iter(found)
        )
        monkeypatch.setattr(examination, "CHECKS", checks)

    return only


def fine(_: Subject) -> Iterator[Finding]:
    yield finding.ok("fine", "It is.")


def breaks(_: Subject) -> Iterator[Finding]:
    yield finding.ok("begun", "It began.")
    raise KeyError("an odd answer")


def test_a_check_that_breaks_does_not_stop_the_others(
    cloud: Cloud, only
) -> None:
    only([], Check("breaks", breaks, ()), Check("fine", fine, ()))
    found = {each.check: each for each in examine(cloud.subject())}
    assert list(found) == ["keystone.token", "begun", "breaks", "fine"]
    assert found["breaks"].level is Level.UNKNOWN
    assert "an odd answer" in found["breaks"].found
    assert "secret-token" not in str(found)


def test_what_a_dead_service_would_be_asked_is_left_out(
    cloud: Cloud, only
) -> None:
    dead = finding.error("api.workflowv2", "It is dead.", "Mend it.")
    missing = finding.error("catalog.messaging", "It is not there.", "Add it.")
    only(
        [dead, missing],
        Check("a", fine, ("workflowv2",)),
        Check("b", fine, ("messaging",)),
        Check("c", fine, ("object-store",)),
    )
    names = [each.check for each in examine(cloud.subject())]
    assert names == [
        "keystone.token",
        "api.workflowv2",
        "catalog.messaging",
        "fine",
    ]


@pytest.mark.parametrize("status", [401, 500, 503])
def test_without_a_token_there_is_one_finding(
    status: int, cloud: Cloud
) -> None:
    subject = cloud.subject()
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=status)
    found = list(examine(subject))
    assert [each.check for each in found] == ["keystone.token"]
    assert found[0].level is Level.ERROR
