"""Actions on the networks of plans."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import entries, network_changes, networks, store


class ListNetworksAction(base.TripleOAction):
    """Tell the networks of a plan.

    :param container: name of the plan.
    :param network_data_file: their file in the plan; templates that ship no
        network_data.yaml ship a default.
    :returns: a list of networks, as they are in the file.
    :raises PlanNotFound: there is no such plan.
    :raises FileMissing: the plan has no such file.
    :raises InvalidFile: the file is no list of networks.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        network_data_file: str = constants.NETWORKS_FILE,
    ) -> None:
        self.container = container
        self.network_data_file = network_data_file

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        files = store.Plan(cloud, self.container).files()
        return networks.listed(files, self.network_data_file)


class ListAvailableNetworksAction(base.TripleOAction):
    """Tell the networks that a plan's templates offer.

    :param container: name of the plan.
    :returns: a list of networks, in the order of their files in networks/.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidFile: such a file is no list of networks.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        return networks.available(store.Plan(cloud, self.container).files())


class CheckNetworksAction(base.TripleOAction):
    """Check networks, each and against the files of a plan.

    :param container: name of the plan.
    :param networks: a list of networks; none: those of the plan.
    :param network_data_file: the file of the plan's networks.
    :returns: the networks.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidInput: tells each network and key that is wrong.
    :raises FileMissing: the plan has no file of a network.
    :repeated: harmless; it only reads.
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        networks: list[dict[str, Any]] | None = None,
        network_data_file: str = constants.NETWORKS_FILE,
    ) -> None:
        self.container = container
        self.networks = networks
        self.network_data_file = network_data_file

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        files = store.Plan(cloud, self.container).files()
        if self.networks is None:
            return network_changes.validate(files, self.network_data_file)
        entries.check(self.networks, "network")
        network_changes.check_files(files, self.networks)
        return self.networks


class StoreNetworksAction(base.TripleOAction):
    """Change networks of a plan, and process its templates.

    All is checked, and rendered, before anything is written.

    :param networks: a list of networks, whole; each replaces the one of its
        name.
    :param container: name of the plan.
    :param network_data_file: the file of the networks, in the plan.
    :param replace_all: whether the networks that are not given go.
    :returns: the plan's networks after it.
    :raises PlanNotFound: there is no such plan.
    :raises InvalidInput: the networks cannot be used, or a role is on another
        one.
    :raises InvalidFile: a template cannot be rendered with them.
    :repeated: it changes the same, over what others did since.
    """

    def __init__(
        self,
        networks: list[dict[str, Any]],
        container: str = constants.DEFAULT_CONTAINER_NAME,
        network_data_file: str = constants.NETWORKS_FILE,
        replace_all: bool = False,
    ) -> None:
        self.networks = networks
        self.container = container
        self.network_data_file = network_data_file
        self.replace_all = replace_all

    def execute(self, cloud: Cloud) -> list[dict[str, Any]]:
        return network_changes.update(
            store.Plan(cloud, self.container),
            self.networks,
            self.network_data_file,
            self.replace_all,
        )
