from __future__ import annotations

import json

import pytest

from tripleo_common.deployments import rings
from tripleo_common.plans.heat_inputs import HeatInputs

RINGS = "mine-swift-rings"


@pytest.fixture
def inputs():
    nested = {"parameters": {"SwiftRingGetTempurl": {"type": "string"}}}
    return HeatInputs(
        {"parameters": {"SwiftRingPutTempurl": {"type": "string"}}},
        {"parameter_defaults": {}},
        {"swift.yaml": json.dumps(nested)},
    )


def test_nodes_are_told_where_the_rings_are(cloud, inputs):
    rings.add_links(cloud, "mine", inputs, is_new=True)
    told = inputs.environment["parameter_defaults"]
    for name in ("SwiftRingGetTempurl", "SwiftRingPutTempurl"):
        assert f"/{RINGS}/swift-rings.tar.gz?temp_url_sig=" in told[name]
    # It is no plan.
    assert (
        "x-container-meta-usage-tripleo"
        not in cloud.object_store.headers[RINGS]
    )


def test_templates_without_swift_need_no_rings(cloud, inputs):
    plain = HeatInputs({}, {"parameter_defaults": {}}, {"a.yaml": "{}"})
    rings.add_links(cloud, "mine", plain, is_new=True)
    assert plain.environment == {"parameter_defaults": {}}
    assert RINGS not in cloud.object_store.containers


def test_what_operators_set_stays(cloud, inputs):
    mine = dict.fromkeys(["SwiftRingGetTempurl", "SwiftRingPutTempurl"], "u")
    inputs.environment["parameter_defaults"] = dict(mine)
    rings.add_links(cloud, "mine", inputs, is_new=True)
    assert inputs.environment["parameter_defaults"] == mine


@pytest.mark.parametrize("is_new", [True, False])
def test_rings_of_an_earlier_cloud_are_put_aside(cloud, inputs, is_new):
    cloud.object_store.add(RINGS, {"swift-rings.tar.gz": "old"}, plan=False)
    rings.add_links(cloud, "mine", inputs, is_new=is_new)
    names = list(cloud.object_store.containers[RINGS])
    assert ("swift-rings.tar.gz" in names) is not is_new
    assert len(names) == 1
