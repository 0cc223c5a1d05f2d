"""The workflows that export plans, and import them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tripleo_common import errors
from tripleo_common.plans import archive, transfer
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    assert_failed,
    assert_succeeded,
    assert_told,
    posted,
    refused,
    refusing,
)

EXPORT = "tripleo.plan_management.v1.export_deployment_plan"
IMPORT = "tripleo.plan_management.v1.import_deployment_plan"


@pytest.fixture
def planned(cloud: FakeCloud) -> FakeCloud:
    """A cloud with a plan."""
    cloud.add_plan(
        "mine", TEMPLATES, passwords={"AdminPassword": "s3cretOfAdmin"}
    )
    return cloud


def test_a_link_to_the_archive_is_told(
    engine: Engine, planned: FakeCloud
) -> None:
    execution = engine.run(EXPORT, plan="mine")
    tempurl = execution.output.pop("tempurl")
    message = "Plan mine exported; the link works for an hour."
    assert execution.output == {"status": "SUCCESS", "message": message}
    assert_told(execution, planned, EXPORT, "SUCCESS", message)
    assert "/plan-exports/mine.tar.gz?temp_url_sig=" in tempurl
    assert posted(planned)["payload"]["tempurl"] == tempurl
    assert posted(planned)["payload"]["plan_name"] == "mine"
    assert planned.object_store.containers["plan-exports"]


def test_a_plan_that_is_not_there_cannot_be_exported(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(EXPORT, plan="mine")
    error = errors.PlanNotFound("mine")
    assert_failed(execution, cloud, EXPORT, str(error))


def test_a_link_that_cannot_be_made_is_a_failure(
    engine: Engine, planned: FakeCloud
) -> None:
    planned.object_store.post_container = refusing(refused("Swift"))
    execution = engine.run(EXPORT, plan="mine")
    assert_failed(execution, planned, EXPORT, str(refused("Swift")))


@pytest.fixture
def archived(planned: FakeCloud) -> FakeCloud:
    """A cloud with the archive of a plan."""
    transfer.export(planned, Plan(planned, "mine"), include_passwords=True)
    return planned


def test_a_plan_is_imported_under_another_name(
    engine: Engine, archived: FakeCloud
) -> None:
    execution = engine.run(IMPORT, container="copy", archive="mine.tar.gz")
    assert_succeeded(execution, archived, IMPORT, "Plan copy imported.")
    files = archived.object_store.containers["copy"]
    assert files.keys() > {*TEMPLATES, "overcloud.yaml"}
    kept = archived.workflow.environments.variables["copy"]
    assert kept["passwords"]["AdminPassword"] == "s3cretOfAdmin"
    assert len(kept["passwords"]) > 30


def test_passwords_are_not_generated_on_request(
    engine: Engine, archived: FakeCloud
) -> None:
    execution = engine.run(
        IMPORT,
        container="copy",
        archive="mine.tar.gz",
        generate_passwords=False,
    )
    assert execution.state == "SUCCESS"
    kept = archived.workflow.environments.variables["copy"]
    assert kept["passwords"] == {"AdminPassword": "s3cretOfAdmin"}


def test_a_plan_that_stands_stays(engine: Engine, archived: FakeCloud) -> None:
    before = copy.deepcopy(archived.object_store.containers)
    execution = engine.run(IMPORT, container="mine")
    error = errors.PlanExists("mine", "container")
    assert_failed(execution, archived, IMPORT, str(error))
    assert archived.object_store.containers == before
    assert "mine" in archived.workflow.environments.plans


@pytest.mark.parametrize(
    "files",
    [
        {"../../etc/passwd": b"root"},
        {"overcloud.yaml": b"heat_template_version: ["},
        {"nothing.yaml": b"of a plan"},
        {"overcloud.j2.yaml": b"{% for %}"},
    ],
    ids=["out of the plan", "no YAML", "no root template", "no Jinja2"],
)
def test_nothing_is_left_of_a_bad_archive(
    engine: Engine, cloud: FakeCloud, files: dict[str, bytes]
) -> None:
    root = "overcloud-resource-registry-puppet.yaml"
    roles = {"roles_data.yaml": b"- name: Compute\n"}
    files = {root: b"parameter_defaults: {}", **roles, **files}
    packed = archive.pack(files, dict.fromkeys(files, "text/plain"))
    cloud.object_store.add("plan-exports", {}, plan=False)
    cloud.object_store.put_object("plan-exports", "copy.tar.gz", packed)
    execution = engine.run(IMPORT, container="copy")
    message = posted(cloud)["payload"]["message"]
    assert_failed(execution, cloud, IMPORT, message)
    assert list(cloud.object_store.containers) == ["plan-exports"]
    assert cloud.workflow.environments.variables == {}


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("object_store", "get_object"),
        ("workflow.environments", "create"),
        ("orchestration.stacks", "environment"),
    ],
)
def test_nothing_is_left_where_a_service_refuses(
    engine: Engine, archived: FakeCloud, service: str, call: str
) -> None:
    target: Any = archived
    for name in service.split("."):
        target = getattr(target, name)
    working = getattr(target, call)
    setattr(target, call, refusing(refused("It"), leases=working))
    execution = engine.run(IMPORT, container="copy", archive="mine.tar.gz")
    assert_failed(execution, archived, IMPORT, str(refused("It")))
    assert "copy" not in archived.object_store.containers
    assert "copy" not in archived.workflow.environments.variables
