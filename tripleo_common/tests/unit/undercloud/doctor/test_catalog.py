from __future__ import annotations

from typing import Any

import pytest
import requests

from tripleo_common.tests.unit.undercloud.doctor.conftest import Cloud
from tripleo_common.undercloud.doctor import catalog
from tripleo_common.undercloud.doctor.finding import Finding, Level


def versions(*each: dict[str, Any]) -> dict[str, Any]:
    return {"json": {"versions": list(each)}}


@pytest.fixture
def whole(cloud: Cloud) -> Cloud:
    """A cloud whose services all answer."""
    for service in catalog.SERVICES:
        if service.path is not None:
            cloud.answer("GET", service.type, service.path, json={})
        cloud.http.get(
            f"http://{service.type}.test/",
            **versions(
                {
                    "id": service.version,
                    "min_version": "1.1" if service.microversion else "",
                    "version": service.microversion,
                }
            ),
        )
    return cloud


def check(cloud: Cloud) -> dict[str, Finding]:
    return {each.check: each for each in catalog.check(cloud.subject())}


def test_a_whole_cloud_is_ok(whole: Cloud) -> None:
    found = check(whole)
    assert {each.level for each in found.values()} == {Level.OK}
    assert found["catalog.workflowv2"].found == (
        "Mistral is at http://workflowv2.test/v2 (public in one)."
    )
    assert "microversions 1.1 to 1.81" in found["api.baremetal"].found


@pytest.mark.parametrize(
    ("service", "level"),
    [
        ("workflowv2", Level.ERROR),
        ("object-store", Level.ERROR),
        ("messaging-websocket", Level.WARNING),
        ("compute", Level.WARNING),
    ],
)
def test_what_is_not_in_the_catalog_is_told(
    service: str, level: Level, whole: Cloud
) -> None:
    whole.remove(service)
    found = check(whole)
    finding = found[f"catalog.{service}"]
    assert finding.level is level
    assert f"openstack endpoint create --region one {service} public" in (
        finding.fix
    )
    assert f"api.{service}" not in found


def test_other_interfaces_are_told(whole: Cloud) -> None:
    whole.remove("image")
    whole.add("image", "internal")
    found = check(whole)["catalog.image"]
    assert found.level is Level.ERROR
    assert "it is internal in one" in found.found


def test_mistral_may_be_called_workflow(whole: Cloud) -> None:
    for entry in whole.catalog:
        if entry["type"] == "workflowv2":
            entry["type"] = "workflow"
    assert check(whole)["catalog.workflowv2"].level is Level.OK


def test_a_service_that_is_down_is_told(whole: Cloud) -> None:
    whole.answer(
        "GET",
        "baremetal",
        "/v1/nodes",
        exc=requests.ConnectionError("refused"),
    )
    found = check(whole)["api.baremetal"]
    assert found.level is Level.ERROR
    assert "does not answer" in found.found
    assert "openstack endpoint list --service baremetal" in found.fix


@pytest.mark.parametrize("status", [401, 404, 503])
def test_a_refusal_is_told(status: int, whole: Cloud) -> None:
    error = {"error": {"message": "No way."}}
    whole.answer(
        "GET", "messaging", "/v2/queues", json=error, status_code=status
    )
    found = check(whole)["api.messaging"]
    assert found.level is Level.ERROR
    assert f"({status}: No way.)" in found.found


@pytest.mark.parametrize(
    ("service", "newest"), [("baremetal", "1.80"), ("compute", "2.9")]
)
def test_microversions_that_are_too_old_are_told(
    service: str, newest: str, whole: Cloud
) -> None:
    identifier = "v2.1" if service == "compute" else "v1"
    whole.http.get(
        f"http://{service}.test/",
        **versions(
            {"id": identifier, "min_version": "1.1", "version": newest}
        ),
    )
    found = check(whole)[f"api.{service}"]
    assert found.level is Level.ERROR
    assert f"to {newest}; " in found.found


def test_a_version_that_is_not_there_is_told(whole: Cloud) -> None:
    whole.http.get("http://image.test/", **versions({"id": "v1.1"}))
    found = check(whole)["api.image"]
    assert found.level is Level.ERROR
    assert "does not know version v2" in found.found


@pytest.mark.parametrize("answer", ["<html>", "[]", '{"versions": 5}'])
def test_an_odd_answer_is_no_traceback(answer: str, whole: Cloud) -> None:
    whole.http.get("http://orchestration.test/", text=answer)
    assert check(whole)["api.orchestration"].level is Level.ERROR
