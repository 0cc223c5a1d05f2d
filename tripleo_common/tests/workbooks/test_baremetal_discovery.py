"""The workflows that find machines by their BMCs."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tripleo_common.nodes import discovery, waiting
from tripleo_common.tests.unit.fake_ironic import Ironic
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import posted

WF = "tripleo.baremetal.v1."
PASSWORD = "s3cretOfTheBmcs"
ASKED = {
    "ip_addresses": "192.0.2.1-192.0.2.3",
    "credentials": [["root", "wrongPassword"], ["admin", PASSWORD]],
}
REFUSED = {
    "pm_addr": "192.0.2.3",
    "pm_port": 623,
    "error": "It takes none of the credentials.",
}


@pytest.fixture(autouse=True)
def ironic(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> Ironic:
    """The Ironic of the cloud; nobody waits for it."""
    monkeypatch.setattr(waiting, "pause", lambda seconds: None)
    cloud.baremetal = Ironic()
    return cloud.baremetal


@pytest.fixture(autouse=True)
def bmcs(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The addresses that the second credentials are taken at."""
    found = {"192.0.2.1", "192.0.2.2"}

    def probe(ip: str, port: Any, known: Any, options: Any) -> Any:
        if ip not in found:
            refused = REFUSED["error"]
            return discovery.Found(ip, port.number, refused=str(refused))
        node = {
            "pm_type": "ipmi",
            "pm_addr": ip,
            "pm_user": "admin",
            "pm_port": port.number,
        }
        return discovery.Found(ip, port.number, (node,), 1)

    monkeypatch.setattr(discovery, "probe", probe)
    return found


def test_machines_are_told_without_their_passwords(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    execution = engine.run(WF + "discover_nodes", **ASKED)
    assert execution.state == "SUCCESS", execution.state_info
    output = execution.output
    assert output["message"] == "2 machine(s) discovered."
    assert [each["pm_addr"] for each in output["nodes_json"]] == [
        "192.0.2.1",
        "192.0.2.2",
    ]
    comment = "Its password is that of credentials[1]."
    assert output["nodes_json"][0]["_comment"] == comment
    assert output["refused"] == [REFUSED]
    payload = posted(cloud)["payload"]
    assert len(payload["nodes_json"]) == 2
    assert not ironic.nodes
    assert PASSWORD not in str(output) + str(cloud.messaging.posted)


def test_machines_are_registered_with_their_passwords(
    engine: Engine,
    cloud: FakeCloud,
    ironic: Ironic,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    execution = engine.run(WF + "discover_and_enroll_nodes", **ASKED)
    assert execution.state == "SUCCESS", execution.state_info
    assert execution.output["message"] == "Nodes set to managed."
    assert len(execution.output["new_nodes"]) == 2
    assert execution.output["refused"] == [REFUSED]
    driver_infos = [node["driver_info"] for node in ironic.nodes.values()]
    assert {each["ipmi_password"] for each in driver_infos} == {PASSWORD}
    types = [body["type"] for _, body in cloud.messaging.posted]
    assert types == [
        WF + "register_or_update",
        WF + "discover_and_enroll_nodes",
    ]
    told = str(execution.output) + str(cloud.messaging.posted)
    assert PASSWORD not in told + caplog.text


def test_what_is_not_registered_is_told(
    engine: Engine, cloud: FakeCloud, ironic: Ironic
) -> None:
    execution = engine.run(
        WF + "discover_and_enroll_nodes", **ASKED, initial_state="abc"
    )
    assert execution.state == "ERROR"
    text = execution.output["message"]
    assert text.startswith("initial_state must be enroll, manageable or")
    assert execution.state_info == text
    assert not ironic.nodes


def test_where_nothing_is_found_nothing_is_registered(
    engine: Engine, cloud: FakeCloud, bmcs: set[str]
) -> None:
    bmcs.clear()
    execution = engine.run(WF + "discover_and_enroll_nodes", **ASKED)
    assert execution.output["message"] == "No machine was discovered."
    assert len(execution.output["refused"]) == 3
    assert posted(cloud)["payload"]["registered_nodes"] == []


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        ({"ip_addresses": "nowhere"}, "no address, network or range"),
        ({"credentials": [["root"]]}, "pairs of a user and a password"),
        ({"ports": ["ftp:21"]}, "that is no port"),
        ({"concurrency": 0}, "concurrency must be 1 to"),
    ],
)
@pytest.mark.parametrize(
    "name", ["discover_nodes", "discover_and_enroll_nodes"]
)
def test_what_cannot_be_looked_for_is_told(
    engine: Engine,
    cloud: FakeCloud,
    name: str,
    inputs: dict[str, Any],
    text: str,
) -> None:
    execution = engine.run(WF + name, **{**ASKED, **inputs})
    assert execution.state == "ERROR"
    assert text in execution.output["message"]
    assert posted(cloud)["payload"]["message"] == execution.output["message"]
