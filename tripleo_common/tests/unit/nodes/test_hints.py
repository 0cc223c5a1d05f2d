from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.nodes import hints


@pytest.fixture(autouse=True)
def nodes(ironic):
    for uuid, state, capabilities in (
        ("a", "available", "profile:control,node:controller-0"),
        ("b", "active", {"profile": "control", "node": "controller-1"}),
        ("c", "available", "profile:compute,node:compute-0"),
        ("d", "manageable", "profile:control,node:controller-2"),
        ("e", "available", None),
    ):
        properties = {"capabilities": capabilities}
        ironic.add(uuid, provision_state=state, properties=properties)
    return ironic


@pytest.mark.parametrize(
    ("profile", "found"), [("control", ["a", "b"]), ("contr", []), ("", [])]
)
def test_nodes_of_a_profile(cloud, nodes, profile, found):
    assert hints.with_profile(cloud, profile) == found
    assert nodes.requests == {"GET nodes": 2}


@pytest.mark.parametrize(
    ("regex", "found"),
    [
        ("controller-[0-9]+", ["a", "b"]),
        ("0", ["a", "c"]),
        ("^0", []),
        ("", ["a", "c", "b"]),
    ],
)
def test_nodes_of_a_hint(cloud, regex, found):
    assert hints.with_hint(cloud, regex) == found


def test_what_is_no_regular_expression_is_told(cloud, nodes):
    with pytest.raises(errors.InvalidInput, match="is no regular expression"):
        hints.with_hint(cloud, "controller-(")
    assert not nodes.requests


@pytest.mark.parametrize(
    "node",
    [
        {},
        {"properties": None},
        {"properties": {"capabilities": None}},
        {"properties": "text"},
    ],
)
def test_a_node_without_capabilities_has_none(node):
    assert hints.capability(node, "profile") is None
