from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.nodes import fencing, instackenv

NODE = {
    "pm_type": "ipmi",
    "pm_addr": "192.0.2.1",
    "pm_user": "root",
    "pm_password": "s3cret",
    "ports": [{"address": "AA:00:00:00:00:01"}, {"address": "x"}],
}


def devices(cloud, *nodes, **options):
    told = fencing.generate(cloud, list(nodes), fencing.Options(**options))
    assert told["parameter_defaults"]["EnableFencing"] is True
    return told["parameter_defaults"]["FencingConfig"]["devices"]


def test_a_node_that_ipmi_manages(cloud):
    assert devices(cloud, NODE) == [
        {
            "agent": "fence_ipmilan",
            "host_mac": "aa:00:00:00:00:01",
            "params": {
                "ipaddr": "192.0.2.1",
                "login": "root",
                "passwd": "s3cret",
            },
        }
    ]


def test_options_are_passed_on(cloud):
    (device,) = devices(
        cloud,
        NODE | {"pm_port": 6230, "mac": ["aa:00:00:00:00:09"]},
        delay=10,
        action="reboot",
        ipmi_level="OPERATOR",
        ipmi_cipher=3,
        ipmi_lanplus=True,
    )
    assert device["params"] == {
        "ipaddr": "192.0.2.1",
        "login": "root",
        "passwd": "s3cret",
        "ipport": 6230,
        "delay": 10,
        "action": "reboot",
        "privlvl": "OPERATOR",
        "cipher": 3,
        "lanplus": True,
    }


def test_a_node_that_redfish_manages(cloud):
    node = NODE | {"pm_type": "redfish", "pm_system_id": "/redfish/v1/a"}
    (device,) = devices(cloud, node, ipmi_lanplus=True)
    assert device["agent"] == "fence_redfish"
    assert device["params"]["systems_uri"] == "/redfish/v1/a"
    assert "lanplus" not in device["params"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://192.0.2.1", {"ipaddr": "192.0.2.1"}),
        ("https://[2001:db8::1]:8443", {"ipaddr": "2001:db8::1"}),
        ("http://192.0.2.1:8000", {"ipaddr": "192.0.2.1", "ssl": "false"}),
    ],
)
@pytest.mark.parametrize("kind", ["redfish", "idrac", "pxe_drac"])
def test_a_bmc_that_is_registered_by_its_url(cloud, url, told, kind):
    node = NODE | {"pm_type": kind, "pm_addr": url}
    (device,) = devices(cloud, node)
    port = url.rpartition(":")[2]
    if kind == "redfish":
        assert told.items() <= device["params"].items()
        expected = int(port) if port.isdigit() else None
        assert device["params"].get("ipport") == expected
    else:
        # IPMI is spoken with these, at its own port.
        assert device["params"] == {
            "ipaddr": told["ipaddr"],
            "login": "root",
            "passwd": "s3cret",
        }


@pytest.mark.parametrize(
    ("kind", "prefix", "agent"),
    [
        ("ipmi", "ipmi", "fence_ipmilan"),
        ("agent_ipmitool", "ipmi", "fence_ipmilan"),
        ("pxe_ipmitool_socat", "ipmi", "fence_ipmilan"),
        ("redfish", "redfish", "fence_redfish"),
        ("ilo", "ilo", "fence_ipmilan"),
        ("irmc", "irmc", "fence_ipmilan"),
    ],
)
def test_what_can_be_registered_can_be_fenced(cloud, kind, prefix, agent):
    """With the fields of Ironic's in the place of pm_addr and so on."""
    node = {
        "pm_type": kind,
        f"{prefix}_address": "192.0.2.1",
        f"{prefix}_username": "root",
        f"{prefix}_password": "s3cret",
        "ports": [{"address": "aa:00:00:00:00:01"}],
    }
    if prefix in ("ipmi", "redfish"):
        instackenv.check([node])
    (device,) = devices(cloud, node)
    assert device["agent"] == agent
    assert device["params"]["ipaddr"] == "192.0.2.1"
    assert device["params"]["passwd"] == "s3cret"


def test_a_machine_of_ovirt(cloud):
    node = NODE | {"pm_type": "staging-ovirt", "pm_vm_name": "vm"}
    (device,) = devices(cloud, node)
    assert device["agent"] == "fence_rhevm"
    assert device["params"]["port"] == "vm"


@pytest.mark.parametrize("nova", [True, False])
def test_the_host_that_a_node_became(cloud, nova):
    cloud.machines.add_node(
        "n1", instance_uuid="i1", instance_info={"display_name": "by-ironic"}
    )
    cloud.machines.add_node("n2")
    cloud.machines.add_port("n1", "aa:00:00:00:00:01")
    cloud.machines.add_port("n2", "aa:00:00:00:00:02")
    cloud.machines.servers["i1"] = "by-nova"
    if not nova:
        cloud.catalog.remove("compute")
    other = NODE | {"ports": None, "mac": ["aa:00:00:00:00:02"]}
    first, second = devices(cloud, NODE, other)
    name = "by-nova" if nova else "by-ironic"
    assert first["params"]["pcmk_host_list"] == name
    assert "pcmk_host_list" not in second["params"]


def test_all_that_is_wrong_is_told_but_no_secret(cloud):
    nodes = [
        NODE | {"pm_type": "pxe_ssh"},
        {"pm_type": "ipmi", "pm_password": "s3cret"},
        "text",
    ]
    with pytest.raises(errors.InvalidInput) as caught:
        devices(cloud, *nodes)
    text = str(caught.value)
    assert "node 0 is of pm_type 'pxe_ssh', which no fence agent" in text
    assert "node 1 has no pm_addr; node 1 has no pm_user" in text
    assert "node 1 has no MAC address" in text
    assert "node 2 is no mapping" in text
    assert "s3cret" not in text


def test_no_nodes_are_told(cloud):
    with pytest.raises(errors.InvalidInput, match="is empty"):
        devices(cloud)
