from __future__ import annotations

from types import SimpleNamespace

import pytest
import requests
from glanceclient import exc as glance_exc
from heatclient import exc as heat_exc
from ironicclient import exc as ironic_exc
from keystoneauth1 import exceptions as ka_exc
from mistralclient.api.base import APIException
from swiftclient.exceptions import ClientException as SwiftError
from zaqarclient.transport import errors as zaqar_errors

from tripleo_common import errors
from tripleo_common.service_errors import Guard


class Client:
    """A client whose every call raises *error*."""

    limit = 5

    def __init__(self, error=None):
        self.error = error
        self.stacks = self if error else Client(RuntimeError())

    def get(self, *args, **kwargs):
        raise self.error

    def list(self):
        yield 1
        raise self.error


def raised_for(error, *args, **kwargs):
    with pytest.raises(errors.ServiceError) as caught:
        Guard(Client(error), "Heat").stacks.get(*args, **kwargs)
    return caught.value


@pytest.mark.parametrize(
    "error",
    [
        heat_exc.HTTPNotFound("ERROR: no stack"),
        ironic_exc.NotFound("no stack"),
        glance_exc.HTTPNotFound("no stack"),
        ka_exc.NotFound("no stack"),
        APIException(404, "no stack"),
        SwiftError("no stack", http_status=404),
        zaqar_errors.ResourceNotFound(description="no stack"),
    ],
    ids=lambda error: type(error).__module__,
)
def test_every_clients_404_is_one_error(error):
    translated = raised_for(error, "my_cloud")
    assert isinstance(translated, errors.NotFound)
    assert translated.status == 404
    text = str(translated)
    assert text.startswith("Heat could not do stacks.get(my_cloud): HTTP 404:")
    assert "no stack" in text
    assert text.endswith("Check the name, the project and the region.")


@pytest.mark.parametrize(
    ("status", "kind", "advice"),
    [
        (400, errors.ServiceError, "Correct what it complains about"),
        (401, errors.ServiceError, "log in again"),
        (403, errors.ServiceError, "lacks a role"),
        (409, errors.ResourceConflict, "present state"),
        (413, errors.ServiceError, "Send less"),
        (429, errors.ServiceError, "wait, then try again"),
        (500, errors.ServiceError, "service's log"),
        (503, errors.ServiceUnreachable, "service's log"),
        (507, errors.ServiceError, "make room"),
    ],
)
def test_each_status_has_a_kind_and_an_advice(status, kind, advice):
    translated = raised_for(APIException(status, "Because."))
    assert type(translated) is kind
    assert f"HTTP {status}: Because. " in str(translated)
    assert advice in str(translated)


@pytest.mark.parametrize(
    "error",
    [
        ka_exc.ConnectFailure("Unable to establish connection"),
        ka_exc.ConnectTimeout("timed out"),
        ka_exc.EndpointNotFound("no endpoint"),
        ka_exc.SSLError("certificate verify failed"),
        requests.ConnectionError("refused"),
        requests.ReadTimeout("timed out"),
    ],
)
def test_no_answer_is_told_as_unreachable(error):
    translated = raised_for(error)
    assert isinstance(translated, errors.ServiceUnreachable)
    assert "endpoint in the catalog" in str(translated)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1", "127.0.0.1:1: Connection refused. Check"),
        ("http://no.such.invalid", "no.such.invalid:80: "),
    ],
)
def test_the_reason_of_a_missing_connection_is_told_alone(url, reason):
    with pytest.raises(requests.ConnectionError) as caught:
        requests.get(url, timeout=5, proxies={"http": ""})
    text = str(raised_for(caught.value))
    assert reason in text
    assert "Pool" not in text


def test_errors_in_the_middle_of_a_listing_are_translated():
    error = heat_exc.HTTPInternalServerError("ERROR: broken")
    with pytest.raises(errors.ServiceError, match=r"list\(\): HTTP 500"):
        list(Guard(Client(error), "Heat").list())


def test_contents_and_named_arguments_are_not_told():
    text = str(
        raised_for(
            APIException(400, "no"), "my_cloud", "a\ns3cret", password="s3cret"
        )
    )
    assert "get(my_cloud)" in text
    assert "s3cret" not in text


def test_a_long_answer_is_cut_to_one_line():
    text = str(raised_for(APIException(500, "<html>\n" + "x" * 9000)))
    assert "\n" not in text
    assert len(text) < 1300


def test_swifts_text_does_not_carry_its_url():
    error = SwiftError(
        "Object GET failed",
        http_scheme="http",
        http_host="swift",
        http_path="/v1/AUTH_x?temp_url_sig=s3cret",
        http_status=403,
        http_reason="Forbidden",
    )
    assert "s3cret" not in str(raised_for(error))


def test_plain_values_come_through_and_other_errors_stay():
    guard = Guard(Client(), "Heat")
    assert guard.limit == 5
    with pytest.raises(RuntimeError):
        guard.stacks.get()


def test_a_call_that_is_wrong_is_our_mistake_and_not_the_services():
    client = SimpleNamespace(get=lambda name: name)
    with pytest.raises(TypeError):
        Guard(client, "Heat").get("a", "b")


def test_an_item_of_another_form_is_told():
    def listing():
        yield from {}["stacks"]

    client = SimpleNamespace(list=listing)
    with pytest.raises(errors.ServiceUnreachable, match="not of the form"):
        list(Guard(client, "Heat").list())
