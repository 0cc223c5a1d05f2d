from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.nodes import cells, waiting


def test_novas_own_command_is_called(cloud, options):
    options("nova_manage", ["echo", "Found:"])
    told = cells.discover(cloud)
    assert told == "Found: cell_v2 discover_hosts --verbose"


@pytest.mark.parametrize(
    ("command", "kind", "text"),
    [
        (["/nowhere/nova-manage"], errors.NotFound, "nova_manage"),
        (["false"], errors.Conflict, "failed with status 1"),
    ],
)
def test_what_goes_wrong_is_told(cloud, options, command, kind, text):
    options("nova_manage", command)
    with pytest.raises(kind, match=text):
        cells.discover(cloud)


def test_without_nova_it_is_said(cloud):
    cloud.catalog.remove("compute")
    with pytest.raises(errors.NotFound, match="There are no cells"):
        cells.discover(cloud)


def test_nodes_are_awaited(cloud, monkeypatch):
    def found(seconds):
        cloud.machines.hypervisors.append("a")

    monkeypatch.setattr(waiting, "pause", found)
    cells.wait_for(cloud, ["a"], 60)
    with pytest.raises(errors.Conflict, match="Nova does not know b"):
        cells.wait_for(cloud, ["a", "b"], 0)
