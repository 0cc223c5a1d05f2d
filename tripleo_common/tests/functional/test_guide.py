"""The guide works as it is written, with the stock command line clients."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tripleo_common.tests.functional import guide, nodes, plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

TEMPLATES = "path/to/tripleo/templates"


@pytest.fixture
def shell(undercloud: Client, tmp_path: Path) -> guide.Shell:
    """A shell in a directory with small templates where the guide has its."""
    for path, text in plans.SMALL.items():
        target = tmp_path / TEMPLATES / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return guide.Shell(undercloud, tmp_path)


def test_the_guides_commands_run_in_their_order(
    undercloud: Client, shell: guide.Shell
) -> None:
    with plans.named(undercloud) as plan:
        printed = {
            command: shell.run(command.replace("my_cloud", plan))
            for command in guide.commands()
        }
        told = {
            word: text
            for command, text in printed.items()
            for word in re.findall(r"[\w.]*(?:list|show|passwords)\b", command)
        }
        assert "tripleo.plan.create_container" in told["list"]
        assert "ComputeCount" not in told["show"]
        assert "parameters" in told["show"]
        variables = undercloud.mistral.environments.get(plan).variables
        assert variables["parameter_defaults"] == {"ComputeCount": 2}
        result = json.loads(told["tripleo.parameters.get_passwords"])
        assert result["result"] == variables["passwords"]
        undercloud.heat.stacks.get(plan, resolve_outputs=False)


def test_the_way_out_of_a_wrong_upload_is_told(
    undercloud: Client, shell: guide.Shell
) -> None:
    with plans.named(undercloud) as plan:
        undercloud.run_action("tripleo.plan.create_container", container=plan)
        shell.run(f"swift upload {plan} {TEMPLATES}")
        with pytest.raises(errors.ActionFailed) as caught:
            undercloud.run_workflow(
                "tripleo.plan_management.v1.create_deployment_plan",
                container=plan,
            )
        text = str(caught.value)
        (remove,) = re.findall(r"(swift delete .*?)\. Then", text)
        (upload,) = re.findall(r"(cd .*? \.) \(", text)
        assert upload == f"cd {TEMPLATES} && swift upload {plan} ."
        shell.run(remove)
        shell.run(upload)
        undercloud.run_action("tripleo.plan.create", container=plan)
        assert plan in undercloud.run_action("tripleo.plan.list")


def test_the_commands_about_nodes_run_in_their_order(
    undercloud: Client, tmp_path: Path
) -> None:
    for name, text in guide.files("nodes").items():
        (tmp_path / name).write_text(text)
    shell = guide.Shell(undercloud, tmp_path)
    names: dict[str, str] = {}
    with plans.small(undercloud) as plan, nodes.removed(undercloud):
        for command in guide.commands("nodes"):
            for number, name in ((1, "guide-1"), (2, "guide-2")):
                if f"UUID{number}" in command:
                    names.setdefault(
                        f"UUID{number}", undercloud.ironic.node.get(name).uuid
                    )
            names["my_cloud"] = plan
            for word, real in names.items():
                command = command.replace(word, real)
            shell.run(command)
        variables = undercloud.mistral.environments.get(plan).variables
        assert variables["parameter_defaults"]["ComputeCount"] == 2
        left = {node.uuid for node in undercloud.ironic.node.list(limit=0)}
        assert not left & set(names.values())
