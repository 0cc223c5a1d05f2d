"""The networks of a plan: ``network_data.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tripleo_common import constants, errors
from tripleo_common.plans import yaml_text
from tripleo_common.plans.files import Files

Network = dict[str, Any]


#: Where templates keep networks to choose from, a file each.
_AVAILABLE = re.compile(r"networks/[^/]+(?<!\.j2)\.yaml")


def load(files: Files) -> list[Network]:
    """The networks in their order, the disabled ones too.

    Templates that ship no ``network_data.yaml`` ship a default; those that
    ship neither know no composable networks.

    :returns: mappings with at least ``name``, ``name_lower`` and ``idx``
        (the position, from 0, which tags a network's resources).
    :raises InvalidFile: the file is no list of networks with names.
    """
    return complete(listed(files))


def listed(files: Files, path: str = constants.NETWORKS_FILE) -> list[Network]:
    """The networks as the file has them; see :func:`load`."""
    if path not in files and path == constants.NETWORKS_FILE:
        path = constants.DEFAULT_NETWORKS_FILE
        if path not in files:
            return []
    return parse(files.read(path, "the plan"), path)


def available(files: Files) -> list[Network]:
    """The networks that the templates offer in ``networks/``.

    :raises InvalidFile: such a file is no list of networks.
    """
    paths = sorted(path for path in files.stored if _AVAILABLE.fullmatch(path))
    files.fetch(paths)
    return [entry for path in paths for entry in listed(files, path)]


def complete(entries: Iterable[Network]) -> list[Network]:
    """Networks with what each has for templates."""
    return [
        {**entry, "name_lower": name_lower(entry), "idx": idx}
        for idx, entry in enumerate(entries)
    ]


def parse(text: str | bytes, path: str) -> list[Network]:
    """The networks that *text* lists; *path* is for the errors."""
    networks = yaml_text.load_list(text, path)
    for number, entry in enumerate(networks, 1):
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not name:
            raise errors.InvalidFile(path, f"network {number} has no name")
    return networks


def name_lower(network: Network) -> str:
    """A network's name in the names of files."""
    return str(network.get("name_lower") or network["name"].lower())


def enabled(networks: list[Network]) -> list[Network]:
    """Those that files of their own are rendered for."""
    return [each for each in networks if each.get("enabled") is not False]
