"""Real templates become what their own tool makes of them."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

from tripleo_common.plans import default_templates, templates
from tripleo_common.plans import roles as roles_data
from tripleo_common.plans.container import Container
from tripleo_common.plans.files import Files
from tripleo_common.tests.functional import old_templates
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.undercloud import heat_templates
from tripleo_common.undercloud.client import Client

NETWORKS = "network-data-samples/default-network-isolation.yaml"
Roles = list[dict]


@pytest.fixture(scope="module")
def today(undercloud: Client) -> Path:
    """The directory of tripleo-heat-templates 18.0.0."""
    return heat_templates.folder(undercloud.paths.cache)


def default_roles(directory: Path) -> Roles:
    return list(yaml.safe_load((directory / "roles_data.yaml").read_text()))


def sample_roles(directory: Path) -> Roles:
    """Every role that the templates offer, but for a second of a name."""
    found = {
        role["name"]: role
        for path in sorted((directory / "roles").glob("*.yaml"))
        for role in yaml.safe_load(path.read_text())
    }
    return list(found.values())


def custom_roles(directory: Path) -> Roles:
    models = itertools.cycle(default_roles(directory))
    return [
        {**model, "name": f"Custom{number}", "tags": ["primary"][number:]}
        for number, model in zip(range(10), models, strict=False)
    ]


def rendered(
    directory: Path, roles: Roles, networks: str | None
) -> dict[str, str]:
    """What a plan of these files gets."""
    files = {
        path: content.decode(errors="surrogateescape")
        for path, content in default_templates.read(str(directory)).items()
        if path.endswith((".j2", ".yaml"))
    }
    files["roles_data.yaml"] = yaml.safe_dump(roles)
    if networks:
        files["network_data.yaml"] = (directory / networks).read_text()
    cloud = FakeCloud()
    cloud.object_store.add("plan", files)
    container = Container(cloud, "plan")
    return templates.render(Files(container, container.files()))


def made_by_tool(
    directory: Path, roles: Roles, networks: str | None, target: Path
) -> Path:
    """A copy of the directory that the templates' own tool fills."""
    made = target / "made"
    shutil.copytree(directory, made)
    roles_file = target / "roles.yaml"
    roles_file.write_text(yaml.safe_dump(roles))
    done = subprocess.run(
        [
            *(sys.executable, "tools/process-templates.py"),
            *("--roles-data", roles_file),
            *(("--network-data", networks) if networks else ()),
        ],
        cwd=made,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return made


def differing(made: Path, ours: dict[str, str]) -> Iterable[str]:
    for path, text in ours.items():
        other = made / path
        if not other.exists() or other.read_text() != text:
            yield path


@pytest.mark.parametrize("choose", [default_roles, sample_roles, custom_roles])
def test_todays_templates(today: Path, tmp_path: Path, choose) -> None:
    roles = choose(today)
    ours = rendered(today, roles, NETWORKS)
    made = made_by_tool(today, roles, NETWORKS, tmp_path)
    assert list(differing(made, ours)) == []
    there = {
        path.relative_to(made).as_posix()
        for path in made.rglob("*.yaml")
        if not (today / path.relative_to(made)).exists()
    }
    assert there == set(ours)
    for role in roles:
        assert f"puppet/{role['name'].lower()}-role.yaml" in ours


@pytest.mark.parametrize(
    ("version", "networks"),
    [
        (old_templates.OCATA, None),
        (old_templates.QUEENS, "network_data.yaml"),
    ],
)
def test_older_templates(
    undercloud: Client, tmp_path: Path, version: str, networks: str | None
) -> None:
    directory = old_templates.fetched(undercloud.paths.cache, version)
    # Their tools do not know yet that names tell tags.
    roles = [roles_data.tagged(role) for role in default_roles(directory)]
    ours = rendered(directory, roles, networks)
    made = made_by_tool(directory, roles, networks, tmp_path)
    assert list(differing(made, ours)) == []
    assert len(ours) > 20
