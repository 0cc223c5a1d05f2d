from __future__ import annotations

import json

import pytest

from tripleo_common import errors
from tripleo_common.plans import network_config
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.plans.test_store import FILES

CONFIG = {"network_config": [{"type": "interface", "name": "nic{1}"}]}


def resource(role, config, name="OsNetConfigImpl"):
    return {
        "resource_name": name,
        "stack_name": f"my_cloud-TEMP-{role}-0-NetworkConfig",
        "properties": {"config": config},
    }


@pytest.fixture
def get(cloud):
    cloud.add_plan("my_cloud", FILES)

    def get(*resources):
        cloud.orchestration.stacks.previews = [[[r] for r in resources]]
        plan = Plan(cloud, "my_cloud")
        return network_config.get(cloud, plan, "Compute")

    return get


@pytest.mark.parametrize(
    "config",
    [
        CONFIG,
        f"#!/bin/bash\nif a; then {{ b; }}; fi\necho '{json.dumps(CONFIG)}'",
        f"export x='{json.dumps(CONFIG)}' y={{}}",
    ],
)
def test_it_is_a_value_or_stands_in_a_script(get, config):
    assert get(resource("Compute", config)) == CONFIG


def test_it_is_the_roles_own(cloud, get):
    others = {"network_config": []}
    assert get(resource("ComputeHCI", others), resource("Compute", CONFIG))
    (asked,) = cloud.orchestration.stacks.previewed
    assert asked["stack_name"] == "my_cloud-TEMP"


@pytest.mark.parametrize(
    "resources",
    [
        [],
        [resource("Controller", CONFIG)],
        [resource("Compute", CONFIG, "Other")],
        [resource("Compute", "echo nothing {")],
        [resource("Compute", '{"network_config": [')],
        [resource("Compute", None)],
    ],
)
def test_templates_that_do_not_tell(get, resources):
    with pytest.raises(errors.NotFound, match="no network configuration"):
        get(*resources)
