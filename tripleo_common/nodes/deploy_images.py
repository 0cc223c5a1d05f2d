"""The kernel and the ramdisk that Ironic boots machines with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tripleo_common import clients, errors

_URLS = ("file://", "http://", "https://", "glance://")


@dataclass(frozen=True)
class DeployImages:
    """Ids or URLs; None: not said."""

    kernel: str | None = None
    ramdisk: str | None = None

    def driver_info(
        self, kernel: str | None = None, ramdisk: str | None = None
    ) -> dict[str, Any]:
        """What a node is told of them; its own go first."""
        told = {
            "kernel": kernel or self.kernel,
            "ramdisk": ramdisk or self.ramdisk,
        }
        return {
            f"{purpose}_{name}": value
            for name, value in told.items()
            if value
            for purpose in ("deploy", "rescue")
        }


def find(
    cloud: clients.Cloud, kernel: str | None, ramdisk: str | None
) -> DeployImages:
    """The images of these names, ids or URLs; one alone will do.

    :raises NotFound: Glance has no such image.
    :raises Conflict: Glance has several of that name.
    """
    return DeployImages(
        _found(cloud, kernel, "kernel_name"),
        _found(cloud, ramdisk, "ramdisk_name"),
    )


def _found(cloud: clients.Cloud, name: str | None, asked: str) -> str | None:
    if not name or name.startswith(_URLS):
        return name or None
    named = list(cloud.image.images.list(filters={"name": name}, limit=3))
    if len(named) > 1:
        raise errors.Conflict(
            f"Glance has several images {name!r:.100}. Pass the id of the "
            f"right one as {asked}."
        )
    if named:
        return str(named[0].id)
    try:
        return str(cloud.image.images.get(name).id)
    except errors.ResourceNotFound:
        raise errors.NotFound(
            f"Glance has no image {name!r:.100}, by name or by id. Upload it "
            f"(openstack image create), or pass as {asked} another name, an "
            "id, or a URL that begins with file://, http:// or https://."
        ) from None
