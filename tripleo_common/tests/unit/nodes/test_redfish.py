from __future__ import annotations

import pytest
import requests

from tripleo_common.nodes import redfish

URL = "https://192.0.2.1:443"
ROOT = {"RedfishVersion": "1.5.0", "Systems": {"@odata.id": "/"}}
SYSTEMS = URL + "/redfish/v1/Systems"


@pytest.fixture
def bmc(requests_mock):
    requests_mock.get(URL + "/redfish/v1/", json=ROOT)
    return redfish.BMC(URL, verify=True)


def members(*names):
    return [{"@odata.id": f"/redfish/v1/Systems/{name}"} for name in names]


def test_a_bmc_is_known_by_its_root(bmc, requests_mock):
    assert bmc.answers()
    assert "Authorization" not in requests_mock.last_request.headers


@pytest.mark.parametrize(
    "answer",
    [
        {"status_code": 404},
        {"text": "<html>"},
        {"json": ["a"]},
        {"json": {"RedfishVersion": "1"}},
        {"status_code": 302, "headers": {"Location": "https://192.0.2.9/"}},
        {"exc": requests.ConnectTimeout},
        {"exc": requests.exceptions.SSLError("WRONG_VERSION_NUMBER")},
    ],
)
def test_what_is_no_bmc(bmc, requests_mock, answer):
    requests_mock.get(URL + "/redfish/v1/", **answer)
    assert not bmc.answers()
    assert requests_mock.call_count == 1


def test_a_certificate_that_is_not_trusted_is_told(bmc, requests_mock):
    error = requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED")
    requests_mock.get(URL + "/redfish/v1/", exc=error)
    with pytest.raises(redfish.Refused, match="redfish_verify_ca: false"):
        bmc.answers()


def test_systems_of_all_pages_are_told(bmc, requests_mock):
    following = "/redfish/v1/Systems?$skip=2"
    first = {
        "Members": [*members("a"), {}, {"@odata.id": "https://192.0.2.9/"}],
        "Members@odata.nextLink": following,
    }
    requests_mock.get(SYSTEMS, json=first)
    requests_mock.get(URL + following, json={"Members": members("b")})
    assert bmc.systems("user", "secret") == [
        "/redfish/v1/Systems/a",
        "/redfish/v1/Systems/b",
    ]
    assert "Authorization" in requests_mock.last_request.headers


def test_a_password_is_not_sent_elsewhere(bmc, requests_mock):
    told = {"Members": [], "Members@odata.nextLink": "https://192.0.2.9/x"}
    requests_mock.get(SYSTEMS, json=told)
    assert bmc.systems("user", "secret") == []
    assert requests_mock.call_count == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_password_that_is_not_taken(bmc, requests_mock, status):
    requests_mock.get(SYSTEMS, status_code=status)
    assert bmc.systems("user", "wrong") is None


@pytest.mark.parametrize(
    "answer",
    [
        {"status_code": 500},
        {"json": {"Members": "x"}},
        {"text": "<html>"},
        {"exc": requests.ReadTimeout},
    ],
)
def test_a_bmc_that_does_not_tell_is_told(bmc, requests_mock, answer):
    requests_mock.get(SYSTEMS, **answer)
    with pytest.raises(redfish.Refused, match="does not tell its systems"):
        bmc.systems("user", "secret")
