from __future__ import annotations

import json

import pytest

from tripleo_common import conf
from tripleo_common.actions import node_results

NODES = [
    {
        "uuid": f"uuid-{number}",
        "name": None,
        "provision_state": "enroll",
        "driver": "ipmi",
        "driver_info": {"ipmi_password": "******", "ipmi_address": "a"},
        "properties": {"memory_mb": number},
    }
    for number in range(20)
]
TOLD = {
    "registered_nodes": NODES,
    "new_nodes": NODES[:1],
    "updated": [{"node": 0, "uuid": "uuid-0", "changes": ["much"]}],
    "failed": [{"node": 1, "uuid": "uuid-1", "error": "It said s3cret-bmc."}],
}
ASKED = [{"pm_password": "s3cret-bmc"}]


def test_a_small_result_is_whole_and_masked(cloud):
    told = node_results.fitted(cloud, ASKED, TOLD)
    assert told["registered_nodes"] == NODES
    assert told["failed"][0]["error"] == "It said ***."
    assert "spilled" not in told


def test_a_password_that_ironic_shows_is_masked(cloud):
    node = NODES[0] | {"driver_info": {"ipmi_password": "s3cret-bmc"}}
    told = node_results.fitted(
        cloud, ASKED, {"registered_nodes": [node], "new_nodes": []}
    )
    (masked,) = told["registered_nodes"]
    assert masked["driver_info"] == {"ipmi_password": "******"}


def test_of_a_large_result_the_short_form_stays(
    cloud, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(conf, "field_limit", lambda: 2048)
    told = node_results.fitted(cloud, ASKED, TOLD)
    assert told["registered_nodes"][3] == {
        "uuid": "uuid-3",
        "name": None,
        "provision_state": "enroll",
        "driver": "ipmi",
    }
    assert told["updated"] == [{"node": 0, "uuid": "uuid-0"}]
    link = told["spilled"]
    _, content = cloud.object_store.get_object(
        link["container"], link["object"]
    )
    whole = json.loads(content)
    assert whole["registered_nodes"] == NODES
    assert b"s3cret-bmc" not in content
