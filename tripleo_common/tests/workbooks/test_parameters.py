"""The workflow that tells the parameters of fencing."""

from __future__ import annotations

import logging

import pytest

from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.unit.nodes.test_fencing import NODE
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    assert_ended_in_error,
    assert_failed,
    posted,
    refusing,
)

FENCING = "tripleo.parameters.v1.generate_fencing_parameters"
INPUTS = {
    "nodes_json": [NODE],
    "delay": 5,
    "ipmi_level": "ADMINISTRATOR",
    "ipmi_cipher": None,
    "ipmi_lanplus": True,
}


def test_the_parameters_are_told_on_the_queue_and_nowhere_else(
    engine: Engine, cloud: FakeCloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    node = NODE | {"pm_password": "s3cretOfBmc"}
    execution = engine.run(
        FENCING, **(INPUTS | {"nodes_json": [node]}), queue_name="own"
    )
    assert execution.output == {
        "status": "SUCCESS",
        "message": "The parameters of fencing are told on the queue own only.",
    }
    ((queue, body),) = cloud.messaging.posted
    assert (queue, body["type"]) == ("own", FENCING)
    told = body["payload"]["fencing_parameters"]["parameter_defaults"]
    (device,) = told["FencingConfig"]["devices"]
    assert device["params"]["passwd"] == "s3cretOfBmc"
    assert device["params"]["lanplus"] is True
    assert "s3cretOfBmc" not in str(body["payload"]["execution"])
    assert "s3cretOfBmc" not in caplog.text
    assert "passwd" not in engine.stored()


def test_nodes_that_cannot_be_fenced_are_told(
    engine: Engine, cloud: FakeCloud
) -> None:
    nodes = [NODE | {"pm_type": "pxe_ssh"}]
    execution = engine.run(FENCING, **(INPUTS | {"nodes_json": nodes}))
    message = posted(cloud)["payload"]["message"]
    assert "node 0 is of pm_type 'pxe_ssh'" in message
    assert_failed(execution, cloud, FENCING, message)


def test_parameters_that_cannot_be_posted_are_a_failure(
    engine: Engine, cloud: FakeCloud
) -> None:
    cloud.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(FENCING, **INPUTS)
    assert_ended_in_error(execution, str(ZAQAR_DOWN))
