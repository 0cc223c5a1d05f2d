"""The workflows that tell how to log in to a cloud."""

from __future__ import annotations

import logging

import pytest

from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    assert_ended_in_error,
    assert_failed,
    posted,
    refusing,
)

NAME = "tripleo.deployment.v1."
RC = NAME + "create_overcloudrc"
CLOUDS = NAME + "createcloudsyaml"
URL = NAME + "get_horizon_url"
SECRET = "the-password-of-admin"


@pytest.fixture
def deployed(cloud: FakeCloud) -> FakeCloud:
    """A cloud whose plan is deployed."""
    cloud.add_plan("mine", TEMPLATES, passwords={"AdminPassword": SECRET})
    endpoints = {
        "KeystoneAdmin": {"host": "192.0.2.8"},
        "HorizonPublic": {"uri": "https://192.0.2.7/dashboard"},
    }
    outputs = {
        "KeystoneURL": "https://192.0.2.7:5000",
        "EndpointMap": endpoints,
    }
    cloud.orchestration.stacks.add(
        "mine",
        "CREATE_COMPLETE",
        outputs=[
            {"output_key": key, "output_value": value}
            for key, value in outputs.items()
        ],
    )
    return cloud


@pytest.mark.parametrize("name", [RC, CLOUDS])
def test_secrets_go_to_the_queue_and_nowhere_else(
    engine: Engine,
    deployed: FakeCloud,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    execution = engine.run(name, container="mine")
    message = posted(deployed)["payload"]["message"]
    assert SECRET in str(message)
    assert execution.output == {
        "status": "SUCCESS",
        "message": "It is told on the queue tripleo only.",
    }
    assert SECRET not in engine.stored() + caplog.text


def test_the_files_are_what_clients_write(
    engine: Engine, deployed: FakeCloud
) -> None:
    engine.run(RC, container="mine", no_proxy="a.example")
    message = posted(deployed)["payload"]["message"]
    assert (
        "export no_proxy=a.example,192.0.2.7,192.0.2.8"
        in (message["overcloudrc"])
    )
    assert "OS_AUTH_URL=https://192.0.2.7:5000/v3" in message["overcloudrc.v3"]


def test_an_entry_of_clouds_yaml(engine: Engine, deployed: FakeCloud) -> None:
    engine.run(CLOUDS, container="mine")
    entry = posted(deployed)["payload"]["message"]["mine"]
    assert entry["auth"]["auth_url"] == "https://192.0.2.7:5000/v3"
    assert entry["region_name"] == "regionOne"


def test_the_dashboard(engine: Engine, deployed: FakeCloud) -> None:
    execution = engine.run(URL, stack="mine")
    url = "https://192.0.2.7/dashboard"
    assert execution.output["horizon_url"] == url
    assert posted(deployed)["payload"]["horizon_url"] == url


def test_a_cloud_without_a_dashboard(
    engine: Engine, deployed: FakeCloud
) -> None:
    stack = deployed.orchestration.stacks.known["mine"]
    del stack.outputs[1]["output_value"]["HorizonPublic"]
    execution = engine.run(URL, stack="mine")
    message = posted(deployed)["payload"]["message"]
    assert "The stack mine tells of no dashboard" in message
    assert_failed(execution, deployed, URL, message)


@pytest.mark.parametrize("name", [RC, CLOUDS])
def test_before_there_is_a_cloud(
    engine: Engine, cloud: FakeCloud, name: str
) -> None:
    cloud.add_plan("mine", TEMPLATES)
    execution = engine.run(name, container="mine")
    message = posted(cloud)["payload"]["message"]
    assert "Plan mine has no stack" in message
    assert_failed(execution, cloud, name, message)


def test_what_cannot_be_posted_is_a_failure(
    engine: Engine, deployed: FakeCloud
) -> None:
    deployed.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(RC, container="mine")
    assert_ended_in_error(execution, str(ZAQAR_DOWN))
