"""Whether the embedded undercloud has room to write."""

from __future__ import annotations

from collections.abc import Iterator

from tripleo_common.undercloud import disk
from tripleo_common.undercloud.doctor.finding import Finding, error, ok
from tripleo_common.undercloud.doctor.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Tell how much is free; of other underclouds nothing is known."""
    if subject.state is None:
        return
    free = disk.free(subject.state)
    told = (
        f"On the disk of {subject.state}, {free // disk.MEBIBYTE} MiB are free"
    )
    if free >= disk.STATE:
        yield ok("disk.room", f"{told}.")
        return
    yield error(
        "disk.room",
        f"{told}: services that cannot write fail in many ways.",
        "Make room there, and then: tripleo-undercloud restart",
    )
