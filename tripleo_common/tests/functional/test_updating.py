"""Plans that follow their templates, on real services."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

CREATE = "tripleo.plan_management.v1.create_deployment_plan"
UPDATE = "tripleo.plan_management.v1.update_deployment_plan"


def git(top: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.invalid")
    subprocess.run(["git", *identity, "-C", str(top), *arguments], check=True)


def commit(top: Path, **files: str) -> None:
    """Commit files, whose names have __ for a dot."""
    for name, text in files.items():
        (top / name.replace("__", ".")).write_text(text)
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message=a")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of the small plan's templates."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    for path, text in plans.SMALL.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    commit(tmp_path, old__yaml="a: 1\n")
    return tmp_path


def variables(undercloud: Client, plan: str) -> dict[str, Any]:
    return dict(undercloud.mistral.environments.get(plan).variables)


def objects(undercloud: Client, plan: str) -> set[str]:
    _, listing = undercloud.swift.get_container(plan, full_listing=True)
    return {entry["name"] for entry in listing}


def test_a_plan_of_a_repository_follows_it(
    undercloud: Client, repository: Path
) -> None:
    url = f"file://{repository}#main"
    with plans.named(undercloud) as plan:
        undercloud.run_workflow(
            CREATE, container=plan, source_url=url, validate_stack=True
        )
        undercloud.run_action(
            "tripleo.parameters.update",
            container=plan,
            parameters={"ComputeCount": 3},
        )
        before = variables(undercloud, plan)
        (repository / "old.yaml").unlink()
        commit(
            repository,
            new__j2__yaml="a: {{ roles | length }}\n",
            other__yaml="heat_template_version: rocky\n",
            **{"capabilities-map__yaml": "root_template: other.yaml\n"},
        )
        undercloud.run_workflow(
            UPDATE, container=plan, source_url=url, validate_stack=True
        )
        after = variables(undercloud, plan)
        assert after["template"] == "other.yaml"
        assert after["parameter_defaults"] == {"ComputeCount": 3}
        assert after["passwords"] == before["passwords"]
        there = objects(undercloud, plan)
        assert {"new.yaml", "other.yaml"} <= there
        assert "old.yaml" not in there
        _, mirror = undercloud.swift.get_object(plan, "plan-environment.yaml")
        assert yaml.safe_load(mirror)["template"] == "other.yaml"
        commit(repository, bad__j2__yaml="{{ roles[9].name }}")
        with pytest.raises(errors.ActionFailed, match=r"bad\.j2\.yaml, line"):
            undercloud.run_workflow(UPDATE, container=plan, source_url=url)
        assert objects(undercloud, plan) == there
        assert variables(undercloud, plan)["template"] == "other.yaml"


def test_nothing_is_left_of_a_repository_that_cannot_be_used(
    undercloud: Client, repository: Path
) -> None:
    with plans.named(undercloud) as plan:
        with pytest.raises(
            errors.ActionFailed, match=f"Nothing of plan {plan} is left"
        ):
            undercloud.run_workflow(
                CREATE, container=plan, source_url=f"file://{repository}#none"
            )
        _, listing = undercloud.swift.get_account()
        assert plan not in {entry["name"] for entry in listing}


def test_what_fails_leaves_the_container_as_it_was(
    undercloud: Client,
) -> None:
    files = {**plans.SMALL, "bad.j2.yaml": "{{ roles[9].name }}"}
    with plans.uploaded(undercloud, files) as plan:
        with pytest.raises(
            errors.ActionFailed, match=f"container {plan} is as it was"
        ):
            undercloud.run_workflow(CREATE, container=plan)
        assert objects(undercloud, plan) == set(files)
        undercloud.swift.delete_object(plan, "bad.j2.yaml")
        undercloud.run_workflow(CREATE, container=plan, validate_stack=True)


def test_a_plan_follows_the_installed_templates(undercloud: Client) -> None:
    """What came from there and is not there any more goes."""
    with plans.small(undercloud) as plan:
        undercloud.run_action("tripleo.plan.update_from_dir", container=plan)
        there = objects(undercloud, plan)
        assert len(there) > 700
        assert "nested/värde.yaml" in there  # Nobody's but the operator's.
        _, roles = undercloud.swift.get_object(plan, "roles_data.yaml")
        assert roles.decode() == plans.SMALL["roles_data.yaml"]
        with pytest.raises(errors.ActionFailed, match="upload_dirs"):
            undercloud.run_action(
                "tripleo.plan.update_from_dir",
                container=plan,
                templates_dir="/etc",
            )


def test_clients_since_pike_write_the_plan_environment(
    undercloud: Client,
) -> None:
    """As they do before they update a plan: all files go and come again."""
    with plans.small(undercloud) as plan:
        before = variables(undercloud, plan)["passwords"]
        _, mirror = undercloud.swift.get_object(plan, "plan-environment.yaml")
        kept = yaml.safe_load(mirror)["passwords"]
        for path in objects(undercloud, plan):
            undercloud.swift.delete_object(plan, path)
        for path, text in plans.SMALL.items():
            undercloud.swift.put_object(plan, path, text)
        told = {
            "version": 1.0,
            "name": plan,
            "template": "overcloud.yaml",
            "environments": [
                {"path": "overcloud-resource-registry-puppet.yaml"}
            ],
            "parameter_defaults": {"ComputeCount": 5},
            "passwords": kept,
        }
        undercloud.swift.put_object(
            plan, "plan-environment.yaml", yaml.safe_dump(told)
        )
        undercloud.run_workflow(UPDATE, container=plan, validate_stack=False)
        after = variables(undercloud, plan)
        assert after["passwords"] == before
        assert after["parameter_defaults"] == {"ComputeCount": 5}
        undercloud.run_action("tripleo.plan.migrate", plan=plan)
        undercloud.run_action(
            "tripleo.templates.upload_plan_environment",
            container=plan,
            plan_environment={"parameter_defaults": {"ComputeCount": 6}},
        )
        after = variables(undercloud, plan)
        assert after["parameter_defaults"] == {"ComputeCount": 6}
