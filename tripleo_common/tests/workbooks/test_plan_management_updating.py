"""The workflows that bring plans up to date, and make them of Git."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from oslo_config import cfg

from tripleo_common import conf, errors
from tripleo_common.plans import lease, passwords
from tripleo_common.plans.lease import Lease
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.unit.plans.test_git import commit, run
from tripleo_common.tests.workbooks.conftest import TEMPLATES
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    ZAQAR_DOWN,
    assert_ended_in_error,
    assert_failed,
    assert_succeeded,
    posted,
    refused,
    refusing,
)

CREATE = "tripleo.plan_management.v1.create_deployment_plan"
UPDATE = "tripleo.plan_management.v1.update_deployment_plan"
HALF_DONE = (
    " The plan follows its new templates already; correct this, and update "
    "it again."
)


@pytest.fixture
def planned(engine: Engine, cloud: FakeCloud) -> FakeCloud:
    """A cloud with a plan, made by its workflow."""
    cloud.object_store.add("mine", TEMPLATES)
    engine.run(CREATE, container="mine")
    cloud.messaging.posted.clear()
    return cloud


@pytest.fixture
def repository(tmp_path: Path) -> Any:
    """A repository of templates, which may be fetched."""
    top = tmp_path / "repository"
    top.mkdir()
    run("init", "--quiet", "--initial-branch=main", top=top)
    for path, text in TEMPLATES.items():
        (top / path).write_text(text)
    (top / "old.yaml").write_text("")
    commit(top)
    conf.options()
    cfg.CONF.set_override("source_schemes", ["file"], conf.GROUP)
    yield top
    cfg.CONF.clear_override("source_schemes", conf.GROUP)


def variables(cloud: FakeCloud) -> dict[str, Any]:
    return cloud.workflow.environments.variables["mine"]


def kept(cloud: FakeCloud) -> tuple[Any, Any]:
    return copy.deepcopy(
        (cloud.object_store.containers, cloud.workflow.environments.plans)
    )


def test_a_plan_follows_the_files_in_its_container(
    engine: Engine, planned: FakeCloud
) -> None:
    before = variables(planned)["passwords"]
    variables(planned)["parameter_defaults"] = {"ComputeCount": 3}
    files = planned.object_store.containers["mine"]
    files["capabilities-map.yaml"] = (b"root_template: other.yaml\n", "text")
    files["other.yaml"] = (b"heat_template_version: rocky\n", "text")
    files["extra.j2.yaml"] = (b"a: {{ roles | length }}\n", "text")
    execution = engine.run(UPDATE, container="mine")
    assert_succeeded(execution, planned, UPDATE, "Plan mine updated.")
    assert variables(planned)["template"] == "other.yaml"
    assert variables(planned)["parameter_defaults"] == {"ComputeCount": 3}
    assert variables(planned)["passwords"] == before
    assert files["extra.yaml"][0] == b"a: 2"
    assert execution.ran == [
        "generate_passwords",
        "process_templates",
        "succeeded",
        "update_plan",
    ]


def test_missing_passwords_are_made_unless_told_otherwise(
    engine: Engine, planned: FakeCloud
) -> None:
    variables(planned)["passwords"] = {}
    engine.run(UPDATE, container="mine", generate_passwords=False)
    assert variables(planned)["passwords"] == {}
    engine.run(UPDATE, container="mine")
    assert set(variables(planned)["passwords"]) == set(passwords.kinds())


def test_a_plan_environment_is_laid_over(
    engine: Engine, planned: FakeCloud
) -> None:
    told = {"name": "mine", "parameter_defaults": {"ComputeCount": 4}}
    engine.run(UPDATE, container="mine", plan_environment=told)
    assert variables(planned)["parameter_defaults"] == {"ComputeCount": 4}


def test_a_plan_is_made_of_a_repository_and_follows_it(
    engine: Engine, cloud: FakeCloud, repository: Path
) -> None:
    url = f"file://{repository}#main"
    execution = engine.run(CREATE, container="mine", source_url=url)
    assert_succeeded(execution, cloud, CREATE, "Plan mine created.")
    files = cloud.object_store.containers["mine"]
    assert {*TEMPLATES, "old.yaml", "overcloud.yaml"} <= set(files)
    cloud.messaging.posted.clear()
    (repository / "old.yaml").unlink()
    (repository / "new.yaml").write_text("")
    commit(repository)
    execution = engine.run(UPDATE, container="mine", source_url=url)
    assert_succeeded(execution, cloud, UPDATE, "Plan mine updated.")
    assert "new.yaml" in files
    assert "old.yaml" not in files


def test_nothing_is_left_of_a_repository_that_cannot_be_fetched(
    engine: Engine, cloud: FakeCloud, repository: Path
) -> None:
    execution = engine.run(
        CREATE, container="mine", source_url=f"file://{repository}#absent"
    )
    message = posted(cloud)["payload"]["message"]
    assert message.startswith("Git could not do the fetch of absent")
    assert message.endswith(" Nothing of plan mine is left.")
    assert_failed(execution, cloud, CREATE, message)
    assert kept(cloud) == ({}, {})


def test_a_container_that_is_there_is_not_filled(
    engine: Engine, planned: FakeCloud, repository: Path
) -> None:
    before = kept(planned)
    execution = engine.run(
        CREATE, container="mine", source_url=f"file://{repository}"
    )
    error = errors.PlanExists("mine", "container")
    assert_failed(execution, planned, CREATE, str(error))
    assert kept(planned) == before


def test_a_url_that_is_not_allowed_changes_nothing(
    engine: Engine, planned: FakeCloud, repository: Path
) -> None:
    before = kept(planned)
    execution = engine.run(
        UPDATE, container="mine", source_url="http://a.invalid/b"
    )
    message = posted(planned)["payload"]["message"]
    assert "source_schemes" in message
    assert_failed(execution, planned, UPDATE, message)
    assert kept(planned) == before


def test_templates_of_a_repository_with_a_mistake_change_nothing(
    engine: Engine, planned: FakeCloud, repository: Path
) -> None:
    before = kept(planned)
    (repository / "overcloud.j2.yaml").write_text("a: [")
    commit(repository)
    execution = engine.run(
        UPDATE, container="mine", source_url=f"file://{repository}"
    )
    message = posted(planned)["payload"]["message"]
    assert message.startswith("overcloud.yaml, line 2: ")
    assert_failed(execution, planned, UPDATE, message)
    assert kept(planned) == before


def test_a_plan_that_is_not_there_is_told(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(UPDATE, container="mine")
    assert_failed(execution, cloud, UPDATE, str(errors.PlanNotFound("mine")))


def test_a_busy_plan_is_not_updated(
    engine: Engine, planned: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "PATIENCE", 0)
    before = kept(planned)
    with Lease(planned, "mine").held():
        execution = engine.run(UPDATE, container="mine")
    message = posted(planned)["payload"]["message"]
    assert message.startswith("Plan mine is being changed by ")
    assert_failed(execution, planned, UPDATE, message)
    assert kept(planned)[0] == before[0]


@pytest.mark.parametrize("zaqar", ["up", "down"])
def test_heat_is_asked_before_rendered_files_are_stored(
    engine: Engine, planned: FakeCloud, zaqar: str
) -> None:
    planned.orchestration.stacks.validate = refusing(refused("Heat"))
    files = planned.object_store.containers["mine"]
    files["extra.j2.yaml"] = (b"a: 1\n", "text")
    if zaqar == "down":
        planned.messaging.queue = refusing(ZAQAR_DOWN)
    execution = engine.run(UPDATE, container="mine", validate_stack=True)
    message = f"{refused('Heat')}{HALF_DONE}"
    if zaqar == "down":
        assert_ended_in_error(execution, message)
    else:
        assert_failed(execution, planned, UPDATE, message)
    assert "extra.yaml" not in files
    planned.orchestration.stacks.validate = lambda **_: {}
    execution = engine.run(UPDATE, container="mine", validate_stack=True)
    assert execution.state == "SUCCESS"
    assert "extra.yaml" in files
