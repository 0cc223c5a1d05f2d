from __future__ import annotations

import json
from concurrent import futures
from types import SimpleNamespace

import pytest

from tripleo_common import errors
from tripleo_common.clients import Cloud

TOKEN = "gAAAAsecrettoken"
PROJECT = "5f0c"
JSON = {"Content-Type": "application/json"}
KEYSTONE = "http://keystone.example.org:5000"


def endpoint(service_type, url, interface="public", region="regionOne"):
    return {
        "type": service_type,
        "name": service_type,
        "endpoints": [
            {
                "interface": interface,
                "region": region,
                "region_id": region,
                "url": url,
                "id": url,
            }
        ],
    }


CATALOG = [
    endpoint("orchestration", f"http://heat/v1/{PROJECT}"),
    endpoint("workflowv2", "http://mistral/v2"),
    endpoint("object-store", f"http://swift/v1/AUTH_{PROJECT}"),
    endpoint("messaging", "http://zaqar"),
    endpoint("baremetal", "http://ironic"),
    endpoint("baremetal-introspection", "http://inspector"),
    endpoint("image", "http://glance"),
]


def security(**changes):
    """What Mistral tells about an ordinary request."""
    values = {
        "auth_uri": f"{KEYSTONE}/v3",
        "auth_token": TOKEN,
        "auth_cacert": None,
        "insecure": False,
        "expires_at": "2999-01-01T00:00:00.000000Z",
        "project_id": PROJECT,
        "region_name": None,
        "service_catalog": {
            "catalog": CATALOG,
            "project": {"id": PROJECT},
            "expires_at": "2999-01-01T00:00:00.000000Z",
        },
    }
    return SimpleNamespace(**{**values, **changes})


def test_the_callers_token_goes_to_the_catalogs_endpoint(requests_mock):
    get = requests_mock.get(
        f"http://heat/v1/{PROJECT}/stacks/my_cloud",
        json={"stack": {"id": "1", "stack_status": "CREATE_COMPLETE"}},
        headers=JSON,
    )
    cloud = Cloud.of_request(security())
    stack = cloud.orchestration.stacks.get("my_cloud", resolve_outputs=False)
    assert stack.stack_status == "CREATE_COMPLETE"
    assert get.last_request.headers["X-Auth-Token"] == TOKEN
    assert get.last_request.timeout == 600


def test_every_service_is_reached_without_asking_keystone(requests_mock):
    requests_mock.get(
        "http://mistral/v2/environments", json={"environments": []}
    )
    requests_mock.get(f"http://swift/v1/AUTH_{PROJECT}?format=json", json=[])
    post = requests_mock.post(
        "http://zaqar/v2/queues/tripleo/messages",
        json={"resources": []},
        status_code=201,
    )
    cloud = Cloud.of_request(security())
    assert cloud.workflow.environments.list() == []
    assert cloud.object_store.get_account()[1] == []
    queue = cloud.messaging.queue("tripleo", auto_create=False)
    queue.post([{"ttl": 60, "body": {}}])
    assert post.last_request.headers["X-Auth-Token"] == TOKEN
    hosts = {request.hostname for request in requests_mock.request_history}
    assert "keystone.example.org" not in hosts


def test_a_catalog_as_text_or_as_a_list_is_understood():
    for catalog in (
        json.dumps({"catalog": CATALOG, "project": {"id": PROJECT}}),
        CATALOG,
    ):
        cloud = Cloud.of_request(security(service_catalog=catalog))
        assert cloud.clients.endpoint("image") == "http://glance"


def test_without_a_catalog_keystone_is_asked_with_the_token(
    requests_mock, options
):
    options("auth_url", KEYSTONE)
    get = requests_mock.get(
        f"{KEYSTONE}/v3/auth/catalog", json={"catalog": CATALOG}
    )
    cloud = Cloud.of_request(security(service_catalog=None, auth_uri=None))
    assert cloud.clients.endpoint("image") == "http://glance"
    assert get.last_request.headers["X-Auth-Token"] == TOKEN


def test_without_a_catalog_and_a_url_of_keystone_the_option_is_told():
    with pytest.raises(errors.ServiceUnreachable, match="auth_url"):
        Cloud.of_request(security(service_catalog=None, auth_uri=None))


def test_a_token_that_keystone_does_not_know_is_told(requests_mock):
    requests_mock.get(f"{KEYSTONE}/v3/auth/catalog", status_code=401)
    with pytest.raises(errors.ServiceError, match="log in again") as caught:
        Cloud.of_request(security(service_catalog=None))
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("token", [None, ""])
def test_a_request_of_nobody_is_told(token):
    with pytest.raises(errors.TokenMissing, match="start it again"):
        Cloud.of_request(security(auth_token=token))


def test_region_and_interface_choose_the_endpoint(options):
    catalog = [
        endpoint("image", "http://one", region="one"),
        endpoint("image", "http://two", region="two"),
        endpoint("image", "http://inside", "internal", "two"),
    ]
    of_request = security(
        service_catalog={"catalog": catalog}, region_name="one"
    )
    assert Cloud.of_request(of_request).clients.endpoint("image") == (
        "http://one"
    )
    options("region_name", "two")
    options("interface", "internal")
    assert Cloud.of_request(of_request).clients.endpoint("image") == (
        "http://inside"
    )


def test_a_service_that_is_not_in_the_catalog_is_told():
    cloud = Cloud.of_request(security(service_catalog={"catalog": []}))
    with pytest.raises(
        errors.ServiceUnreachable,
        match=r"no public endpoint for it in any region.*openstack endpoint",
    ):
        _ = cloud.orchestration


@pytest.mark.parametrize(
    ("asked", "configured", "verify"),
    [
        ({}, {}, True),
        ({"insecure": True}, {}, False),
        ({}, {"insecure": True}, False),
        ({"auth_cacert": "/ca.pem"}, {}, "/ca.pem"),
        ({"auth_cacert": "/ca.pem"}, {"cafile": "/own.pem"}, "/own.pem"),
    ],
)
def test_certificates_are_verified_as_asked(
    requests_mock, options, monkeypatch, asked, configured, verify
):
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(variable, raising=False)
    for name, value in configured.items():
        options(name, value)
    get = requests_mock.get(
        f"http://heat/v1/{PROJECT}/stacks/a", json={"stack": {}}, headers=JSON
    )
    cloud = Cloud.of_request(security(**asked))
    cloud.orchestration.stacks.get("a", resolve_outputs=False)
    assert get.last_request.verify == verify
    swift = cloud.clients.object_store
    assert swift.insecure is (verify is False)
    assert swift.cacert == (verify if isinstance(verify, str) else None)


def test_each_thread_has_a_swift_connection_of_its_own():
    cloud = Cloud.of_request(security())
    here = cloud.clients.object_store
    with futures.ThreadPoolExecutor(1) as pool:
        there = pool.submit(lambda: cloud.clients.object_store).result()
    assert here is cloud.clients.object_store
    assert there is not here


def test_every_service_has_a_client(requests_mock):
    requests_mock.get("http://inspector", json={"versions": []})
    requests_mock.get("http://inspector/v1", json={"resources": []})
    made = Cloud.of_request(security()).clients
    for name in (
        "orchestration",
        "workflow",
        "baremetal",
        "baremetal_introspection",
        "image",
        "messaging",
        "object_store",
    ):
        assert getattr(made, name) is not None


def test_a_put_is_repeated_when_swift_is_out_of_breath(
    requests_mock, monkeypatch
):
    monkeypatch.setattr("swiftclient.client.sleep", lambda seconds: None)
    put = requests_mock.put(
        f"http://swift/v1/AUTH_{PROJECT}/c/o",
        [{"status_code": 503}, {"status_code": 201, "headers": {"etag": "1"}}],
    )
    Cloud.of_request(security()).object_store.put_object("c", "o", b"content")
    assert put.call_count == 2
    lengths = {r.headers["Content-Length"] for r in put.request_history}
    assert lengths == {"7"}
