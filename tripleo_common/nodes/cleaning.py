"""Clean nodes by steps of their drivers: disks, RAID, BIOS settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.nodes import concurrency, configuration, states

Steps = list[dict[str, Any]]

ERASE_METADATA: Steps = [
    {"interface": "deploy", "step": "erase_devices_metadata"}
]
RESET_BIOS: Steps = [{"interface": "bios", "step": "factory_reset"}]
RAID: Steps = [
    {"interface": "raid", "step": "delete_configuration"},
    {"interface": "raid", "step": "create_configuration"},
]


@dataclass(frozen=True)
class Options:
    """How nodes are cleaned.

    :ivar timeout: seconds for each node.
    :ivar at_once: nodes at a time.
    :ivar disable_ramdisk: whether the machines are not booted; only steps
        that the BMC does by itself can be done then.
    """

    timeout: float = 7200
    at_once: int = 20
    disable_ramdisk: bool = False


def clean(
    cloud: clients.Cloud, uuids: list[str], steps: Steps, options: Options
) -> dict[str, Any]:
    """Do the steps on each node, which is manageable, and is so again.

    :returns: as :func:`states.provision`.
    """
    if not steps:
        raise errors.InvalidInput(
            "No clean step is named: pass clean_steps as a list of mappings "
            "with interface and step."
        )
    more: dict[str, Any] = {"cleansteps": steps}
    if options.disable_ramdisk:
        more["disable_ramdisk"] = True
    return states.provision(
        cloud,
        uuids,
        "clean",
        "manageable",
        options.timeout,
        at_once=options.at_once,
        **more,
    )


def create_raid(
    cloud: clients.Cloud,
    uuids: list[str],
    configuration_: Mapping[str, Any],
    options: Options,
) -> dict[str, Any]:
    """Have each node's disks be the logical disks of a configuration.

    :param configuration_: as Ironic's target_raid_config.
    :returns: as :func:`states.provision`.
    """
    if not isinstance(configuration_.get("logical_disks"), list):
        raise errors.InvalidInput(
            "The RAID configuration must be a mapping with logical_disks, a "
            "list of mappings with size_gb and raid_level. Correct it and "
            "try again; nothing was done."
        )
    uuids = configuration.named(uuids)
    done = concurrency.each(
        uuids,
        lambda uuid: cloud.baremetal.node.set_target_raid_config(
            uuid, dict(configuration_)
        ),
    )
    failed = [
        {
            "uuid": uuid,
            "result": f"Node {uuid} did not take the configuration. {error}",
        }
        for uuid, _, error in done
        if error
    ]
    ready = [uuid for uuid, _, error in done if not error]
    if not ready:
        return {"moved": [], "failed": failed}
    told = clean(cloud, ready, RAID, options)
    return {**told, "failed": failed + told["failed"]}


def bios_steps(settings: Any) -> Steps:
    """The steps that apply BIOS settings.

    :param settings: a list of mappings with name and value, or a mapping
        whose settings are such a list.
    :raises InvalidInput: they are of another form.
    """
    if isinstance(settings, Mapping):
        settings = settings.get("settings")
    well = isinstance(settings, list) and settings
    if not well or not all(
        isinstance(each, Mapping) and {"name", "value"} <= each.keys()
        for each in settings
    ):
        raise errors.InvalidInput(
            "BIOS settings must be a list of mappings with name and value, "
            "or a mapping whose settings are such a list. Correct them and "
            "try again; nothing was done."
        )
    return [
        {
            "interface": "bios",
            "step": "apply_configuration",
            "args": {"settings": settings},
        }
    ]
