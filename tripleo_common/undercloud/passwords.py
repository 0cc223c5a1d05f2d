"""The undercloud's random passwords and keys."""

from __future__ import annotations

import json
import secrets

from tripleo_common.undercloud import errors
from tripleo_common.undercloud.paths import Paths, write_private

#: Users of Keystone, and what services share with nobody.
NAMES = (
    "admin",
    "mistral",
    "zaqar",
    "zaqar-signed-url",
    "swift",
    "swift-hash",
    "heat",
    "heat-domain",
    "heat-encryption",
    "glance",
    "ironic",
    "inspector",
)

FILE = "secrets.json"


def ensure(paths: Paths) -> dict[str, str]:
    """Load the passwords, and make those that are missing."""
    path = paths.etc / FILE
    known: dict[str, str] = {}
    if path.exists():
        known = json.loads(path.read_text())
    elif any(paths.data.glob("*.sqlite")):
        raise errors.SecretsLost(path, paths.data)
    missing = [name for name in NAMES if name not in known]
    if missing:
        # 32 hexadecimal digits: Heat wants exactly as many characters for
        # its key, and nothing in them is special to a file or an address.
        known |= {name: secrets.token_hex(16) for name in missing}
        write_private(path, json.dumps(known, indent=2) + "\n")
    return known


def load(paths: Paths) -> dict[str, str]:
    """Load the passwords of an undercloud that was started before."""
    try:
        text = (paths.etc / FILE).read_text()
    except FileNotFoundError:
        raise errors.NotPrepared(paths.state) from None
    found: dict[str, str] = json.loads(text)
    return found
