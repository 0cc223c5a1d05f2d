"""Ironic, Nova and Glance, as far as parameters follow from them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tripleo_common import errors
from tripleo_common.tests.unit.fake_ironic import Ironic


class Machines:
    """What is registered and deployed; nothing, until a test says so."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.ports: list[Any] = []
        self.flavors: dict[str, dict[str, str]] = {}
        self.servers: dict[str, str] = {}
        self.hypervisors: list[str] = []
        self.images: dict[str, str] = {}

    def add_node(
        self, uuid: str, capabilities: str | None = None, **more: Any
    ) -> None:
        """A node of Ironic's."""
        told = {"instance_uuid": None, "instance_info": {}, **more}
        properties = {"capabilities": capabilities} if capabilities else {}
        self.nodes.append(
            SimpleNamespace(uuid=uuid, properties=properties, **told)
        )

    def add_port(self, node: str, address: str) -> None:
        """A port of a node's."""
        self.ports.append(SimpleNamespace(node_uuid=node, address=address))

    @property
    def ironic(self) -> Any:
        """As ironicclient tells it."""
        made = Ironic()
        made.node.list = lambda **_: list(self.nodes)
        made.port.list = lambda **_: list(self.ports)
        return made

    @property
    def nova(self) -> Any:
        """As novaclient tells it."""
        return SimpleNamespace(
            flavors=SimpleNamespace(
                list=lambda **_: [
                    SimpleNamespace(name=name, get_keys=lambda keys=keys: keys)
                    for name, keys in self.flavors.items()
                ]
            ),
            servers=SimpleNamespace(
                list=lambda: [
                    SimpleNamespace(id=server, name=name)
                    for server, name in self.servers.items()
                ]
            ),
            hypervisors=SimpleNamespace(
                list=lambda detailed: [
                    SimpleNamespace(hypervisor_hostname=name)
                    for name in self.hypervisors
                ]
            ),
        )

    @property
    def glance(self) -> Any:
        """As glanceclient tells it."""
        return SimpleNamespace(
            images=SimpleNamespace(list=self._named, get=self._image)
        )

    def _named(self, filters: dict[str, str], limit: int) -> list[Any]:
        known = self.images.get(filters["name"])
        return [SimpleNamespace(id=known)] if known else []

    def _image(self, image: str) -> Any:
        if image not in self.images.values():
            raise errors.ResourceNotFound(
                "Glance", image, "HTTP 404: no such image", "Look.", 404
            )
        return SimpleNamespace(id=image)
