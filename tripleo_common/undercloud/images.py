"""The images that an undercloud has from its installation on."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any

from tripleo_common.undercloud.health import Probe

SECTOR = 512


@dataclass(frozen=True)
class Image:
    """An image; nothing boots from it here, but its bytes are real."""

    name: str
    disk_format: str
    container_format: str
    content: bytes


def _ramdisk() -> bytes:
    """Return an empty archive as Linux takes it for a ramdisk."""
    fields = [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, len("TRAILER!!!\0"), 0]
    header = b"070701" + b"".join(b"%08X" % field for field in fields)
    archive = (header + b"TRAILER!!!\0").ljust(SECTOR, b"\0")
    return gzip.compress(archive, mtime=0)


def _kernel() -> bytes:
    """Return a boot sector with the header that makes it a Linux kernel."""
    sector = bytearray(2 * SECTOR)
    sector[0x1FE:0x200] = b"\x55\xaa"
    sector[0x202:0x206] = b"HdrS"
    return bytes(sector)


def _disk() -> bytes:
    """Return a disk with one empty Linux partition behind its boot sector."""
    disk = bytearray(2048 * SECTOR)
    entry = bytes([0x80, 0, 2, 0, 0x83, 0, 2, 0])
    entry += (1).to_bytes(4, "little") + (2047).to_bytes(4, "little")
    disk[0x1BE : 0x1BE + len(entry)] = entry
    disk[0x1FE:0x200] = b"\x55\xaa"
    return bytes(disk)


def wanted() -> tuple[Image, ...]:
    """Return the images that TripleO's workflows look for by name."""
    return (
        Image("bm-deploy-kernel", "aki", "aki", _kernel()),
        Image("bm-deploy-ramdisk", "ari", "ari", _ramdisk()),
        Image("overcloud-full", "raw", "bare", _disk()),
    )


def upload_missing(probe: Probe) -> str:
    """Upload the images that Glance does not have."""
    have = probe.get("glance", "/v2/images?limit=1000")["images"]
    active = {image["name"] for image in have if image["status"] == "active"}
    missing = [image for image in wanted() if image.name not in active]
    for image in missing:
        _remove_halves(probe, have, image.name)
        _upload(probe, image)
    return "there already" if not missing else f"{len(missing)} uploaded"


def _remove_halves(
    probe: Probe, have: list[dict[str, Any]], name: str
) -> None:
    """Remove what an interrupted upload left behind."""
    for image in have:
        if image["name"] == name:
            probe.request("DELETE", "glance", f"/v2/images/{image['id']}")


def _upload(probe: Probe, image: Image) -> None:
    created = probe.request(
        "POST",
        "glance",
        "/v2/images",
        json={
            "name": image.name,
            "disk_format": image.disk_format,
            "container_format": image.container_format,
            "visibility": "public",
        },
    )
    probe.request(
        "PUT",
        "glance",
        f"/v2/images/{created['id']}/file",
        data=image.content,
        headers={"Content-Type": "application/octet-stream"},
    )
