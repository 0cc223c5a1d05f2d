from __future__ import annotations

from typing import Any

import pytest
import requests_mock
from keystoneauth1 import token_endpoint
from keystoneauth1.session import Session

from tripleo_common.undercloud import images
from tripleo_common.undercloud.health import Probe

URL = "http://glance.example/v2/images"


@pytest.fixture
def probe() -> Probe:
    session = Session(auth=token_endpoint.Token("http://unused", "token"))
    return Probe(session, {"glance": "http://glance.example"})


def have(mock: requests_mock.Mocker, *found: tuple[str, str]) -> None:
    entries = [{"name": n, "status": s, "id": f"id-{n}"} for n, s in found]
    mock.get(URL, json={"images": entries})


def requests_of(mock: requests_mock.Mocker, method: str) -> list[Any]:
    return [r for r in mock.request_history if r.method == method]


def test_what_is_there_is_left_alone(
    probe: Probe, requests_mock: requests_mock.Mocker
) -> None:
    names = [image.name for image in images.wanted()]
    have(requests_mock, *((name, "active") for name in names))
    assert images.upload_missing(probe) == "there already"


def test_what_is_missing_is_uploaded(
    probe: Probe, requests_mock: requests_mock.Mocker
) -> None:
    have(requests_mock, ("bm-deploy-kernel", "active"))
    requests_mock.post(URL, json={"id": "new"}, status_code=201)
    requests_mock.put(f"{URL}/new/file", status_code=204)
    assert images.upload_missing(probe) == "2 uploaded"
    created = [r.json() for r in requests_of(requests_mock, "POST")]
    assert [c["name"] for c in created] == [
        "bm-deploy-ramdisk",
        "overcloud-full",
    ]
    assert [c["disk_format"] for c in created] == ["ari", "raw"]
    assert all(r.body for r in requests_of(requests_mock, "PUT"))


def test_a_half_uploaded_image_is_replaced(
    probe: Probe, requests_mock: requests_mock.Mocker
) -> None:
    names = [image.name for image in images.wanted()]
    have(
        requests_mock,
        (names[0], "queued"),
        *((name, "active") for name in names[1:]),
    )
    removed = requests_mock.delete(f"{URL}/id-{names[0]}", status_code=204)
    requests_mock.post(URL, json={"id": "new"}, status_code=201)
    requests_mock.put(f"{URL}/new/file", status_code=204)
    assert images.upload_missing(probe) == "1 uploaded"
    assert removed.call_count == 1
