"""The networks of a plan: ``network_data.yaml``."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants, errors
from tripleo_common.plans import yaml_text
from tripleo_common.plans.files import Files

Network = dict[str, Any]


def load(files: Files) -> list[Network]:
    """The networks in their order, the disabled ones too.

    Templates that ship no ``network_data.yaml`` ship a default; those that
    ship neither know no composable networks.

    :returns: mappings with at least ``name``, ``name_lower`` and ``idx``
        (the position, from 0, which tags a network's resources).
    :raises InvalidFile: the file is no list of networks with names.
    """
    for path in (constants.NETWORKS_FILE, constants.DEFAULT_NETWORKS_FILE):
        if path in files:
            return parse(files.read(path, "the plan"), path)
    return []


def parse(text: str | bytes, path: str) -> list[Network]:
    """The networks that *text* lists; *path* is for the errors."""
    networks = []
    for idx, entry in enumerate(yaml_text.load_list(text, path)):
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not name:
            raise errors.InvalidFile(path, f"network {idx + 1} has no name")
        name_lower = entry.get("name_lower") or name.lower()
        networks.append({**entry, "name_lower": name_lower, "idx": idx})
    return networks


def enabled(networks: list[Network]) -> list[Network]:
    """Those that files of their own are rendered for."""
    return [each for each in networks if each.get("enabled") is not False]
