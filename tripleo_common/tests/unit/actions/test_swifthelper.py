from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.actions import swifthelper


def test_a_link_is_made(cloud):
    url = swifthelper.SwiftTempUrlAction("c", "o").execute(cloud)
    assert url.startswith("http://swift:8080/v1/AUTH_p/c/o?temp_url_sig=")


def test_a_container_is_told_with_the_callers_token(cloud):
    cloud.object_store.add("c \u00e5", {}, plan=False)
    action = swifthelper.SwiftInformationAction("c \u00e5")
    assert action.execute(cloud) == {
        "container_url": "http://swift:8080/v1/AUTH_p/c%20%C3%A5",
        "auth_key": "a-token",
    }


def test_there_must_be_such_a_container(cloud):
    with pytest.raises(errors.ResourceNotFound):
        swifthelper.SwiftInformationAction("c").execute(cloud)
