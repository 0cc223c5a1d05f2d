"""ironic-inspector as its own client sees it, by its recorded API."""

from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.clients import Cloud
from tripleo_common.nodes import inventory
from tripleo_common.nodes.inspector import Inspector
from tripleo_common.tests.unit.test_clients import TOKEN, security

ROOT = "http://inspector"
#: As ironic-inspector 12.5.0 answered.
VERSIONS = {
    "X-OpenStack-Ironic-Inspector-API-Minimum-Version": "1.0",
    "X-OpenStack-Ironic-Inspector-API-Maximum-Version": "1.18",
}
STATUSES = [
    {
        "error": None,
        "finished": True,
        "finished_at": "2026-11-22T19:30:01",
        "links": [],
        "started_at": "2026-11-22T19:29:51",
        "state": "finished",
        "uuid": "a",
    },
    {
        "error": "Introspection timeout",
        "finished": True,
        "finished_at": "2026-11-22T19:30:01",
        "links": [],
        "started_at": "2026-11-22T19:28:51",
        "state": "error",
        "uuid": "b",
    },
    {
        "error": None,
        "finished": False,
        "finished_at": None,
        "links": [],
        "started_at": "2026-11-22T19:28:50",
        "state": "waiting",
        "uuid": "c",
    },
]


@pytest.fixture
def service(requests_mock):
    requests_mock.get(ROOT, json={"versions": []}, headers=VERSIONS)
    return requests_mock


def test_nodes_are_begun_watched_and_stopped(service):
    path = f"{ROOT}/v1/introspection"
    begun = service.post(f"{path}/a", status_code=202)
    stopped = service.post(f"{path}/c/abort", status_code=202)
    listed = service.get(path, json={"introspection": STATUSES})
    inspector = Inspector(Cloud.of_request(security()))
    inspector.begin("a")
    inspector.stop("c")
    assert inspector.look(["a", "b", "c"]) == {
        "a": "",
        "b": "Introspection timeout.",
        "c": None,
    }
    assert begun.called
    assert stopped.called
    assert listed.call_count == 1
    assert listed.last_request.headers["X-Auth-Token"] == TOKEN


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, errors.ResourceNotFound),
        (409, errors.ResourceConflict),
        (400, errors.ServiceError),
        (503, errors.ServiceUnreachable),
    ],
)
def test_its_refusals_are_errors_of_ours(service, status, kind):
    service.post(
        f"{ROOT}/v1/introspection/a",
        status_code=status,
        json={"error": {"message": "Node is locked, please retry later"}},
    )
    with pytest.raises(kind) as caught:
        Inspector(Cloud.of_request(security())).begin("a")
    assert caught.value.status == status
    text = str(caught.value)
    assert text.startswith("ironic-inspector could not do introspect(a): ")
    if status != 503:
        assert "Node is locked" in text


def test_a_service_that_is_older_is_told(service):
    service.get(
        ROOT,
        json={},
        headers={
            "X-OpenStack-Ironic-Inspector-API-Minimum-Version": "0.1",
            "X-OpenStack-Ironic-Inspector-API-Maximum-Version": "0.9",
        },
    )
    with pytest.raises(errors.ServiceError, match="not supported"):
        Inspector(Cloud.of_request(security()))


def test_what_it_found_is_read(service):
    disk = {"name": "/dev/sda", "size": 64424509440}
    service.get(
        f"{ROOT}/v1/introspection/a/data",
        json={"inventory": {"disks": [disk]}, "cpus": 4},
    )
    cloud = Cloud.of_request(security())
    assert inventory.disks(cloud, "a") == [disk]
