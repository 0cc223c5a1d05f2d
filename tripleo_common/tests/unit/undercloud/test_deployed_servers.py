from __future__ import annotations

import json

import pytest

from tripleo_common.plans import networks as networks_data
from tripleo_common.undercloud import deployed_servers, errors

SERVICES = [
    f"OS::TripleO::Services::{name}"
    for name in ("Keystone", "Sshd", "Octavia")
]
ROLES = [
    {
        "name": "Controller",
        "tags": ["primary", "controller"],
        "HostnameFormatDefault": "%stackname%-controller-%index%",
        "ServicesDefault": SERVICES,
    },
    {
        "name": "Compute",
        "tags": ["compute"],
        "HostnameFormatDefault": "%stackname%-novacompute-%index%",
        "ServicesDefault": SERVICES[1:],
    },
    {"name": "CephStorage", "ServicesDefault": SERVICES},
]


def parameters(nodes=None, networks=(), images=(), small=True):
    nodes = nodes or {"Controller": 1, "Compute": 2, "CephStorage": 0}
    return deployed_servers.parameters(
        "my_cloud", ROLES, networks, nodes, images, small
    )


class TestCounts:
    def test_the_primary_role_has_the_controllers(self):
        assert deployed_servers.counts(ROLES, 3, 2, {}) == {
            "Controller": 3,
            "Compute": 2,
            "CephStorage": 0,
        }

    def test_other_roles_have_what_they_are_given(self):
        counted = deployed_servers.counts(ROLES, 1, 1, {"CephStorage": 5})
        assert counted["CephStorage"] == 5

    def test_custom_roles_are_known_by_their_tags(self):
        roles = [{"name": "Db"}, {"name": "Vm", "tags": ["compute"]}]
        assert deployed_servers.counts(roles, 3, 2, {}) == {"Db": 3, "Vm": 2}

    def test_old_roles_without_tags_are_known_by_their_names(self):
        roles = [{"name": "Controller"}, {"name": "Compute"}]
        assert deployed_servers.counts(roles, 1, 2, {})["Compute"] == 2

    def test_an_unknown_role_is_told_with_those_that_there_are(self):
        with pytest.raises(
            errors.UndercloudError, match=r"no role Db; .* Comp"
        ):
            deployed_servers.counts(ROLES, 1, 1, {"Db": 1})

    def test_computes_without_a_role_for_them_are_told(self):
        with pytest.raises(errors.UndercloudError, match="--computes 0"):
            deployed_servers.counts([{"name": "Controller"}], 1, 1, {})


class TestParameters:
    def test_the_stack_and_the_counts_are_told(self):
        told = parameters()
        assert told["RootStackName"] == "my_cloud"
        assert told["ControllerCount"] == 1
        assert told["ComputeCount"] == 2
        assert told["CephStorageCount"] == 0

    def test_each_node_has_an_address_under_the_name_that_heat_gives_it(self):
        ports = parameters()["NodePortMap"]
        assert list(ports) == [
            "my_cloud-controller-0",
            "my_cloud-novacompute-0",
            "my_cloud-novacompute-1",
        ]
        addresses = {port["ctlplane"]["ip_address"] for port in ports.values()}
        assert len(addresses) == 3
        assert ports["my_cloud-controller-0"] == {
            "ctlplane": {
                "ip_address": "192.168.24.10",
                "ip_address_uri": "192.168.24.10",
                "ip_subnet": "192.168.24.10/21",
            }
        }

    def test_a_role_without_a_format_of_names_has_the_default_one(self):
        nodes = {"Controller": 0, "Compute": 0, "CephStorage": 1}
        assert "my_cloud-cephstorage-0" in parameters(nodes)["NodePortMap"]

    def test_a_thousand_nodes_fit(self):
        nodes = {"Controller": 3, "Compute": 1000, "CephStorage": 0}
        assert len(parameters(nodes)["NodePortMap"]) == 1003

    def test_more_nodes_than_addresses_are_told(self):
        nodes = {"Controller": 3, "Compute": 3000, "CephStorage": 0}
        with pytest.raises(errors.UndercloudError, match="not for 3003"):
            parameters(nodes)

    def test_the_small_set_is_a_part_of_what_a_role_has(self):
        told = parameters()
        assert told["ControllerServices"] == SERVICES[:2]
        assert told["ComputeServices"] == SERVICES[1:2]
        assert told["CephStorageServices"] == []

    def test_all_services_are_what_a_role_has(self):
        told = parameters(small=False)
        assert told["ControllerServices"] == SERVICES
        assert told["CephStorageServices"] == SERVICES

    def test_images_are_named_after_their_parameters(self):
        told = parameters(images=["ContainerKeystoneImage"])
        assert told["ContainerKeystoneImage"].endswith(
            "/containerkeystoneimage"
        )

    def test_the_plans_networks_are_told_as_neutron_would(self):
        networks = networks_data.complete(
            networks_data.parse(
                """
            - name: Storage
              vip: true
              mtu: 9000
              subnets: {storage_subnet: {ip_subnet: 172.16.1.0/24, vlan: 30}}
            - name: Six
              ipv6: true
              subnets: {six: {ipv6_subnet: "fd00:1::/64"}}
            - {name: Unused, enabled: false}
            """,
                "network_data.yaml",
            )
        )
        told = parameters(networks=networks)["DeployedNetworkEnvironment"]
        assert told["net_cidr_map"] == {
            "storage": ["172.16.1.0/24"],
            "six": ["fd00:1::/64"],
        }
        assert told["net_ip_version_map"] == {"storage": "4", "six": "6"}
        storage = told["net_attributes_map"]["storage"]
        assert storage["network"]["mtu"] == 9000
        assert "tripleo_vip=True" in storage["network"]["tags"]
        assert storage["subnets"]["storage_subnet"]["tags"] == [
            "tripleo_vlan_id=30"
        ]


def test_images_without_a_default_are_found_in_the_templates():
    template = {
        "parameters": {
            "ContainerKeystoneImage": {"type": "string"},
            "ContainerNovaImage": {"type": "string", "default": ""},
            "GrafanaContainerImage": {"type": "string"},
            "ContainerCli": {"type": "string"},
        }
    }
    files = {
        "a.yaml": json.dumps(template),
        "b.yaml": "{}",
        "c.yaml": "- no template",
        "d.json": json.dumps({"parameters": {"ContainerXImage": {}}}),
    }
    assert deployed_servers.image_parameters(files) == [
        "ContainerKeystoneImage",
        "GrafanaContainerImage",
    ]
