from __future__ import annotations

import threading

import pytest

from tripleo_common import errors
from tripleo_common.nodes import discovery, ipmi, redfish

KNOWN = [("root", "first"), ("admin", "second")]
RIGHT = ("admin", "second")


class Network:
    """What answers, and what it was asked.

    :ivar bmcs: kind, by address and port.
    """

    def __init__(self):
        self.bmcs: dict[tuple[str, int], str] = {}
        self.asked: list[tuple[str, int, str]] = []
        self.most = self._now = 0
        self._lock = threading.Lock()

    def answers(self, ip, port):
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        told = self.bmcs.get((ip, port)) == "ipmi"
        with self._lock:
            self._now -= 1
        return told

    def takes(self, ip, port, user, password, attempts):
        self.asked.append((ip, port, password))
        return (user, password) == RIGHT

    def bmc(self, url, verify):
        network = self

        class BMC:
            def answers(self):
                ip, _, port = url.partition("://")[2].rpartition(":")
                kind = network.bmcs.get((ip, int(port)), "")
                if kind == "untrusted" and verify:
                    raise redfish.Refused("Its certificate is not trusted.")
                return kind in ("redfish", "untrusted")

            def systems(self, user, password):
                systems = ["/redfish/v1/Systems/1", "/redfish/v1/Systems/2"]
                return systems if (user, password) == RIGHT else None

        return BMC()


@pytest.fixture
def network(monkeypatch):
    found = Network()
    monkeypatch.setattr(ipmi, "answers", found.answers)
    monkeypatch.setattr(ipmi, "takes", found.takes)
    monkeypatch.setattr(redfish, "BMC", found.bmc)
    return found


def discover(cloud, ips, ports, known=KNOWN, **more):
    return discovery.discover(
        cloud, ips, ports, known, discovery.Options(**more)
    )


def test_passwords_are_tried_in_their_order(cloud, ironic, network):
    network.bmcs = {("192.0.2.2", 623): "ipmi"}
    (found,) = discover(cloud, "192.0.2.0/29", [623])
    assert found.nodes == (
        {
            "pm_type": "ipmi",
            "pm_addr": "192.0.2.2",
            "pm_user": "admin",
            "pm_port": 623,
        },
    )
    assert found.credential == 1
    asked = [("192.0.2.2", 623, "first"), ("192.0.2.2", 623, "second")]
    assert network.asked == asked


def test_a_bmc_has_several_systems(cloud, ironic, network):
    network.bmcs = {("192.0.2.1", 443): "redfish"}
    (found,) = discover(cloud, "192.0.2.1", [443, 623])
    assert [node["pm_system_id"] for node in found.nodes] == [
        "/redfish/v1/Systems/1",
        "/redfish/v1/Systems/2",
    ]
    assert found.nodes[0]["pm_addr"] == "https://192.0.2.1:443"
    assert "redfish_verify_ca" not in found.nodes[0]


def test_what_answers_and_cannot_be_used_is_told(cloud, ironic, network):
    network.bmcs = {
        ("192.0.2.1", 443): "untrusted",
        ("192.0.2.2", 443): "redfish",
        ("192.0.2.2", 623): "ipmi",
    }
    found = discover(
        cloud, "192.0.2.1-192.0.2.3", [443, 623], [("root", "wrong")]
    )
    assert [(f.address, f.port, f.refused) for f in found] == [
        ("192.0.2.1", 443, "Its certificate is not trusted."),
        ("192.0.2.2", 443, "It takes none of the credentials."),
        ("192.0.2.2", 623, "It takes none of the credentials."),
    ]
    assert not any(each.nodes for each in found)


def test_a_certificate_need_not_be_trusted(cloud, ironic, network):
    network.bmcs = {("192.0.2.1", 443): "untrusted"}
    (found,) = discover(cloud, "192.0.2.1", [443], verify=False)
    assert found.nodes[0]["redfish_verify_ca"] is False


def test_nodes_that_there_are_are_left_alone(cloud, ironic, network):
    for number in range(1, 5):
        network.bmcs[f"192.0.2.{number}", 623] = "ipmi"
    ironic.add(
        "a",
        driver="ipmi",
        driver_info={"ipmi_address": "192.0.2.1", "ipmi_port": "623"},
    )
    ironic.add(
        "b",
        driver="ipmi",
        driver_info={"ipmi_address": "192.0.2.2", "ipmi_port": 6230},
    )
    ironic.add(
        "c",
        driver="redfish",
        driver_info={"redfish_address": "https://192.0.2.3"},
    )
    found = discover(cloud, "192.0.2.0/29", [623])
    assert [each.address for each in found] == ["192.0.2.2", "192.0.2.4"]


def test_only_so_many_are_asked_at_a_time(cloud, ironic, network):
    assert discover(cloud, "192.0.2.0/24", [623], at_once=3) == []
    assert 1 <= network.most <= 3
    for wrong in (0, 1000):
        with pytest.raises(errors.InvalidInput, match="concurrency"):
            discover(cloud, "192.0.2.0/24", [623], at_once=wrong)


def test_candidates_have_addresses_innermost():
    existing = [
        {"driver": "ipmi", "driver_info": {"ipmi_address": "192.0.2.3"}}
    ]
    told = discovery.candidates(
        "192.0.2.1-192.0.2.3", [623, 6230], KNOWN, existing
    )
    assert [(each["password"], each["port"], each["ip"]) for each in told] == [
        (password, port, ip)
        for password in ("first", "second")
        for port in (623, 6230)
        for ip in ("192.0.2.1", "192.0.2.2")
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["ab"],
        [["root"]],
        [["root", "s3cret"], ["root", 7]],
        [["root", "s3cret\n"]],
        [["root\0", "s3cret"]],
    ],
)
def test_what_are_no_credentials(wrong):
    with pytest.raises(errors.InvalidInput, match="pairs") as caught:
        discovery.credentials(wrong)
    assert "s3cret" not in str(caught.value)
