"""Tell whether a BMC's password changed, which Ironic shows to nobody.

A node's ``extra`` has an HMAC of its secrets. The key stands in the metadata
of a Swift container of the project: so who reads Ironic's nodes alone cannot
try guesses.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

from tripleo_common import clients, errors, masking
from tripleo_common.nodes.wanted import Wanted

#: In a node's ``extra``.
NAME = "tripleo_fingerprint"
CONTAINER = "tripleo-nodes"
_HEADER = "x-container-meta-tripleo-fingerprint-key"
Key = bytes


def load_key(cloud: clients.Cloud, only_look: bool = False) -> Key:
    """The project's key, which it gets if it has none.

    :param only_look: make none; then all secrets count as changed.
    """
    swift = cloud.object_store
    try:
        known = swift.head_container(CONTAINER).get(_HEADER)
    except errors.ResourceNotFound:
        known = None
    if known:
        return str(known).encode()
    key = secrets.token_hex(32)
    if not only_look:
        swift.put_container(CONTAINER, headers={_HEADER: key})
        # Where two did so at once, both go on with the key that stayed.
        key = str(swift.head_container(CONTAINER)[_HEADER])
    return key.encode()


def is_secret(name: str) -> bool:
    """Whether Ironic masks a value of driver_info."""
    return masking.is_secret(name) or name.endswith("key_contents")


def made(uuid: str, wanted: Wanted, key: Key) -> str:
    """The fingerprint of a machine's secrets; empty: it has none."""
    found = _secrets(wanted)
    if not found:
        return ""
    text = json.dumps([uuid, found], sort_keys=True)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def differs(node: Mapping[str, Any], wanted: Wanted, key: Key) -> bool:
    """Whether a node's secrets are not those of the list, or may not be."""
    fingerprint = made(node["uuid"], wanted, key)
    if not fingerprint:
        return False
    known = str((node.get("extra") or {}).get(NAME) or "")
    return not hmac.compare_digest(known, fingerprint)


def needed(machines: list[Wanted]) -> bool:
    """Whether any machine has a secret."""
    return any(_secrets(each) for each in machines)


def _secrets(wanted: Wanted) -> dict[str, Any]:
    driver_info = wanted.mappings["driver_info"]
    return {k: v for k, v in driver_info.items() if is_secret(k)}
