"""Where a plan's history is: encrypted objects in a companion container.

The container is named ``<plan>-history``, and marked by a usage of its own, so
that it is no plan and nobody else's either. In it are

* ``versions/<number>``: a version, without its files,
* ``lists/<digest>``: a list of files, which versions share that have the same,
* ``packs/<name>``: contents, which lists share.

Each object's content type names the objects that it needs (``;needs=...``):
so one listing tells what is not needed any more.

All are encrypted (AES-GCM) with a key that stands in the plan's Mistral
environment, as its passwords do. Who may read the container only, reads
nothing, and with the plan goes the key.
"""

from __future__ import annotations

import os
import secrets
import zlib
from collections.abc import Iterable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tripleo_common import clients, constants, errors
from tripleo_common.plans.container import Container

SUFFIX = "-history"
VERSIONS, LISTS, PACKS = "versions/", "lists/", "packs/"

_NONCE = 12  # bytes, as NIST SP 800-38D wants it for AES-GCM
_TYPE = "application/octet-stream"
_NEEDS = ";needs="


def new_key() -> str:
    """A key for a history, as text."""
    return secrets.token_hex(32)


def version_name(number: int) -> str:
    """The name of a version's object; sorts by number."""
    return f"{VERSIONS}{number:010}"


class Objects:
    """The objects of one plan's history.

    :param cloud: whose Swift.
    :param plan: the plan's name.
    """

    def __init__(self, cloud: clients.Cloud, plan: str) -> None:
        self._cloud = cloud
        self._plan = plan
        self.name = plan + SUFFIX
        self._container = Container(cloud, self.name)

    def begin(self) -> bool:
        """Make the container; whether it is one of a history."""
        usage = self._container.usage()
        if usage is None:
            self._cloud.object_store.put_container(
                self.name,
                headers={constants.USAGE_HEADER: constants.USAGE_HISTORY},
            )
        return usage in (None, constants.USAGE_HISTORY)

    def remove(self) -> None:
        """Remove the container, if it is one of a history."""
        if self._container.usage() == constants.USAGE_HISTORY:
            self._container.delete()

    def put(
        self, key: str, name: str, content: bytes, needs: Iterable[str] = ()
    ) -> None:
        """Store an object.

        :param needs: the names, without their folders, of what it needs.
        :raises ResourceNotFound: the container is gone.
        """
        nonce = os.urandom(_NONCE)
        packed = zlib.compress(content, 1)
        self._cloud.object_store.put_object(
            self.name,
            name,
            nonce + _cipher(key).encrypt(nonce, packed, self._bound(name)),
            content_type=f"{_TYPE}{_NEEDS}{'.'.join(needs)}",
        )

    def get(self, key: str, names: Iterable[str]) -> dict[str, bytes]:
        """Some objects, by name; those that are gone are left out.

        :raises Conflict: one was not written with this key.
        """
        stored = self._container.read_anew(dict.fromkeys(names))
        return {
            name: self._opened(key, name, content)
            for name, content in stored.items()
            if content is not None
        }

    def numbers(self) -> list[int]:
        """The numbers of the versions that are there, sorted."""
        try:
            listing = self._container.files()
        except errors.ResourceNotFound:
            return []
        return sorted(
            int(name.removeprefix(VERSIONS))
            for name in listing
            if name.startswith(VERSIONS)
        )

    def prune(self, oldest: int, kept: Iterable[str]) -> None:
        """Remove versions, and what no other version needs.

        :param oldest: the number of the first version that stays.
        :param kept: digests of lists that stay in any case.
        """
        needs = {
            name: set(stored.content_type.partition(_NEEDS)[2].split("."))
            for name, stored in self._container.files().items()
        }
        left = {
            name
            for name in needs
            if name.startswith(VERSIONS) and name >= version_name(oldest)
        }
        lists = _needed(LISTS, needs, left) | {LISTS + each for each in kept}
        if not lists <= needs.keys():
            # The listing lags behind: another time.
            return
        left |= lists | _needed(PACKS, needs, lists)
        self._container.remove(needs.keys() - left)

    def _opened(self, key: str, name: str, stored: bytes) -> bytes:
        nonce, content = stored[:_NONCE], stored[_NONCE:]
        try:
            packed = _cipher(key).decrypt(nonce, content, self._bound(name))
        # ValueError: so short that not even the nonce is whole.
        except (InvalidTag, ValueError):
            raise errors.HistoryDamaged(
                self._plan, f"{self.name}/{name}"
            ) from None
        return zlib.decompress(packed)

    def _bound(self, name: str) -> bytes:
        """What an object must not be exchanged for: another's place."""
        return f"{self._plan}/{name}".encode()


def _cipher(key: str) -> AESGCM:
    return AESGCM(bytes.fromhex(key))


def _needed(
    folder: str, needs: Mapping[str, set[str]], by: Iterable[str]
) -> set[str]:
    return {folder + each for name in by for each in needs[name] if each}
