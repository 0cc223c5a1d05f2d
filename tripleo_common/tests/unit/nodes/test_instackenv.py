from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.nodes import drivers, instackenv

CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text())
SPEC_NODE = {
    "pm_password": "$RSA_PRIVATE_KEY",
    "pm_type": "pxe_ssh",
    "pm_addr": "192.168.122.1",
    "mac": ["00:8f:61:0d:6a:e1"],
    "memory": "8192",
    "disk": "40",
    "arch": "x86_64",
    "cpu": "4",
    "pm_user": "root",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_all_that_is_wrong_is_told(case):
    found = instackenv.find_problems(case["nodes"])
    assert sorted(found) == sorted(case["wrong"])
    assert "s3cret" not in str(found)


def test_the_example_of_the_spec_needs_a_mapping():
    with pytest.raises(errors.InvalidNodes) as caught:
        instackenv.check([SPEC_NODE])
    assert "sushy-tools (pm_type redfish)" in str(caught.value)
    assert "RSA_PRIVATE_KEY" not in str(caught.value)


def test_a_site_maps_what_is_retired(options):
    options("pm_types", {"pxe_ssh": "fake-hardware", "ours": "redfish"})
    instackenv.check([SPEC_NODE, {"pm_type": "ours", "pm_addr": "192.0.2.1"}])
    driver = drivers.of_type("pxe_ssh")
    assert (driver.name, driver.driver_info(SPEC_NODE)) == (
        "fake-hardware",
        {},
    )


def test_a_mapping_to_what_is_none_is_told(options):
    options("pm_types", {"pxe_ssh": "abacus"})
    (problem,) = instackenv.find_problems([SPEC_NODE])
    assert "'pxe_ssh' is mapped to 'abacus'" in problem


def test_many_problems_are_told_in_part():
    with pytest.raises(errors.InvalidNodes) as caught:
        instackenv.check([{"pm_type": f"no{n}"} for n in range(100)])
    assert len(caught.value.problems) == 100
    assert "and 75 more" in str(caught.value)


@pytest.mark.parametrize(
    ("pm_type", "driver_info", "identity"),
    [
        ("ipmi", {"ipmi_address": "192.0.2.1"}, "ipmi 192.0.2.1 623"),
        (
            "ipmi",
            {"ipmi_address": "HOST", "ipmi_port": 7},
            "ipmi host 7",
        ),
        (
            "redfish",
            {"redfish_address": "https://Host/", "redfish_system_id": "/s/1"},
            "redfish host /s/1",
        ),
        ("idrac", {"redfish_address": "host"}, "redfish host "),
        ("fake-hardware", {"ipmi_address": "a"}, ""),
        ("ipmi", {}, ""),
    ],
)
def test_a_bmc_is_known_by(pm_type, driver_info, identity):
    assert drivers.of_type(pm_type).identity_of(driver_info) == identity


def test_ports_of_both_forms_are_one_list():
    node = {
        "mac": ["52:54:00:00:00:0A"],
        "ports": [
            {"address": "52:54:00:00:00:0a", "physical_network": "p"},
            {"address": "52:54:00:00:00:0b"},
        ],
    }
    assert instackenv.ports(node) == [
        {"address": "52:54:00:00:00:0a", "physical_network": "p"},
        {"address": "52:54:00:00:00:0b"},
    ]
