"""python-tripleoclient 12.3.1 (Train), unmodified, makes and deletes plans."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

REQUIREMENTS = Path(__file__).with_name("tripleoclient.txt")

Overcloud = Callable[..., str]


def run(*arguments: str | Path, **options: str | dict[str, str]) -> str:
    """Run a command, which has to succeed; what it prints."""
    done = subprocess.run(
        arguments, capture_output=True, text=True, timeout=600, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def program(undercloud: Client) -> Path:
    """The client's command, in an environment of its own, made once."""
    made_from = f"{sys.version}{REQUIREMENTS.read_text()}".encode()
    digest = hashlib.sha256(made_from).hexdigest()[:12]
    cache = undercloud.paths.cache
    environment = cache / f"tripleoclient-{digest}"
    stamp = environment / "complete"
    with (cache / f"{environment.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists():
            run(sys.executable, "-m", "venv", "--clear", environment)
            pip = (environment / "bin/python", "-m", "pip", "install")
            run(*pip, "--quiet", "--no-deps", "-r", REQUIREMENTS)
            stamp.touch()
    return environment / "bin/openstack"


@pytest.fixture
def overcloud(undercloud: Client, program: Path, tmp_path: Path) -> Overcloud:
    """Runs ``openstack overcloud``."""
    environ = {**os.environ, **undercloud.environ}

    def call(*arguments: str) -> str:
        return run(
            program, "overcloud", *arguments, cwd=str(tmp_path), env=environ
        )

    return call


def test_a_plan_of_own_templates(
    undercloud: Client, overcloud: Overcloud, tmp_path: Path
) -> None:
    for path, text in plans.SMALL.items():
        target = tmp_path / "templates" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    (tmp_path / "set.json").write_text(json.dumps({"ComputeCount": 2}))
    with plans.named(undercloud) as plan:
        printed = overcloud("plan", "create", "--templates", "templates", plan)
        assert f"Plan {plan} created." in printed
        overcloud("parameters", "set", plan, "set.json")
        variables = undercloud.mistral.environments.get(plan).variables
        assert variables["parameter_defaults"] == {"ComputeCount": 2}
        assert f"| {plan} " in overcloud("plan", "list")
        assert f"Plan {plan} deleted." in overcloud("plan", "delete", plan)
        assert plan not in undercloud.run_action("tripleo.plan.list")


def test_a_plan_of_the_installed_templates(
    undercloud: Client, overcloud: Overcloud
) -> None:
    with plans.named(undercloud) as plan:
        printed = overcloud("plan", "create", plan)
        assert f"Plan {plan} created." in printed
        assert plan in undercloud.run_action("tripleo.plan.list")


def test_what_became_of_a_deployment_and_its_end(
    undercloud: Client, overcloud: Overcloud
) -> None:
    with plans.small(undercloud, plans.NODES) as plan:
        undercloud.run_action(
            "tripleo.parameters.update",
            container=plan,
            parameters={"Fail": True},
        )
        with pytest.raises(errors.ActionFailed):
            undercloud.run_workflow(
                "tripleo.deployment.v1.deploy_plan", container=plan, wait=True
            )
        assert "DEPLOY_FAILED" in overcloud("status", "--plan", plan)
        printed = overcloud("failures", "--plan", plan)
        assert "|--> Task: " in printed, printed
        assert "Test Resource failed Service" in printed, printed
        assert "Success." in overcloud("delete", "--yes", plan)
        assert plan not in undercloud.run_action("tripleo.plan.list")
