"""Actions that find machines by their BMCs."""

from __future__ import annotations

from typing import Any

from tripleo_common import errors
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.nodes import addresses, discovery


class GetCandidateNodes(base.TripleOAction):
    """Tell what to probe: each address with each port and each password.

    The addresses of nodes that there are are left out.

    :param ip_addresses: an address, a network (192.0.2.0/24), a range
        (192.0.2.1-192.0.2.20), several with commas, or a list of these.
    :param ports: numbers, or texts such as ipmi:6230.
    :param credentials: a list of pairs of a user and a password.
    :param existing_nodes: nodes as Ironic tells them, with driver and
        driver_info.
    :returns: a list of mappings with ip, username, password and port. It has
        the passwords: in a workflow, say keep-result: false.
    :repeated: harmless; it only reads its inputs.
    :raises InvalidInput: tells what cannot be used, but no password.
    """

    def __init__(
        self,
        ip_addresses: str | list[str],
        ports: list[Any],
        credentials: list[Any],
        existing_nodes: list[dict[str, Any]],
    ) -> None:
        self.ip_addresses = ip_addresses
        self.ports = ports
        self.credentials = credentials
        self.existing_nodes = existing_nodes

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        return discovery.candidates(
            self.ip_addresses,
            self.ports,
            discovery.credentials(self.credentials),
            self.existing_nodes,
        )


class ProbeNode(base.TripleOAction):
    """Tell whether a BMC is at an address, and takes a password.

    :param ip: the address.
    :param port: 623 is asked over IPMI, another number over Redfish with TLS
        and then over IPMI; a text such as ipmi:6230, https:8443 or http:8000
        says it.
    :param username: the BMC's user.
    :param password: its password.
    :param attempts: how often a packet of IPMI is sent again.
    :param ipmi_driver: the pm_type of what speaks IPMI.
    :param redfish_verify_ca: whether certificates have to be trusted.
    :returns: a machine, as a list of machines has it; of a BMC with several
        the first; none: no BMC is there, or it takes no such password. It has
        the password: in a workflow, say keep-result: false.
    :repeated: harmless; it only reads.
    :raises InvalidInput: that is no address, port or password.
    :raises NotFound: the executor has no ipmitool.
    """

    takes_minutes = True

    def __init__(
        self,
        ip: str,
        port: int | str,
        username: str,
        password: str,
        attempts: int = 2,
        ipmi_driver: str = "ipmi",
        redfish_verify_ca: bool = True,
    ) -> None:
        self.ip = ip
        self.port = port
        self.username = username
        self.password = password
        self.attempts = attempts
        self.ipmi_driver = ipmi_driver
        self.redfish_verify_ca = redfish_verify_ca

    def execute(self, cloud: Cloud) -> dict[str, Any] | None:
        if not addresses.is_address(self.ip):
            raise errors.InvalidInput(
                f"{self.ip!r:.60} is no address. Pass one such as 192.0.2.7 "
                "as ip."
            )
        (port,) = addresses.ports([self.port])
        known = discovery.credentials([[self.username, self.password]])
        found = discovery.probe(
            self.ip,
            port,
            known,
            discovery.Options(
                attempts=max(0, self.attempts),
                ipmi_driver=self.ipmi_driver,
                verify=self.redfish_verify_ca,
            ),
        )
        if found is None or not found.nodes:
            return None
        return {**found.nodes[0], "pm_password": self.password}


class DiscoverNodesAction(base.TripleOAction):
    """Look for machines at addresses, many at once.

    Addresses of nodes that there are are left out. The credentials are tried
    in their order. No password is in the result.

    :param ip_addresses: see tripleo.baremetal.get_candidate_nodes.
    :param credentials: see there.
    :param ports: see tripleo.baremetal.probe_node.
    :param concurrency: addresses at a time.
    :param redfish_verify_ca: whether certificates have to be trusted.
    :returns: a mapping. found: a list of mappings with node (as a list of
        machines has it, but for its password) and credential (the place of
        what it takes); refused: a list of mappings with pm_addr, pm_port and
        error, of BMCs that answer and cannot be used.
    :repeated: harmless; it only reads.
    :raises InvalidInput: tells what cannot be used, but no password.
    :raises NotFound: the executor has no ipmitool.
    """

    takes_minutes = True

    def __init__(
        self,
        ip_addresses: str | list[str],
        credentials: list[Any],
        ports: list[Any] | None = None,
        concurrency: int = 20,
        redfish_verify_ca: bool = True,
    ) -> None:
        self.ip_addresses = ip_addresses
        self.credentials = credentials
        self.ports = ports
        self.concurrency = concurrency
        self.redfish_verify_ca = redfish_verify_ca

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        found = discovery.discover(
            cloud,
            self.ip_addresses,
            [623] if self.ports is None else self.ports,
            discovery.credentials(self.credentials),
            discovery.Options(
                at_once=self.concurrency, verify=self.redfish_verify_ca
            ),
        )
        return {
            "found": [
                {
                    "node": {**node, "_comment": _comment(each.credential)},
                    "credential": each.credential,
                }
                for each in found
                for node in each.nodes
            ],
            "refused": [
                {
                    "pm_addr": each.address,
                    "pm_port": each.port,
                    "error": each.refused,
                }
                for each in found
                if each.refused
            ],
        }


def _comment(credential: int) -> str:
    return f"Its password is that of credentials[{credential}]."
