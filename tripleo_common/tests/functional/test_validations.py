"""Validations on real services: listed, run, stopped, and their results."""

from __future__ import annotations

import json
import os
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tripleo_common.tests.functional import plans
from tripleo_common.tests.functional.command_line import CommandLine
from tripleo_common.tests.functional.test_undercloud import pids, wait_until
from tripleo_common.undercloud import errors, following, validations_package
from tripleo_common.undercloud.client import Client

V1 = "tripleo.validations.v1."
DEPLOY = "tripleo.deployment.v1.deploy_plan"
LIMIT = 3
#: Those of tripleo-validations 16.0.0 that can say something here.
REAL = ["undercloud-disk-space", "system-encoding", "validate-passwords-file"]

OUTPUTS = {
    "RoleNetIpMap": {"Controller": {"ctlplane": ["192.0.2.1", "192.0.2.2"]}},
    "RoleNetHostnameMap": {
        "Controller": {"canonical": ["c-0.localdomain", "c-1.localdomain"]}
    },
    "EnabledServices": {"Controller": ["nova_api"]},
}
TEMPLATES = {
    **plans.SMALL,
    "overcloud.j2.yaml": plans.SMALL["overcloud.j2.yaml"]
    + "outputs: "
    + json.dumps({key: {"value": value} for key, value in OUTPUTS.items()})
    + "\n",
}


def playbook(
    tasks: str, hosts: str = "undercloud", group: str = "tests"
) -> str:
    """A validation of our own."""
    return (
        f"- hosts: {hosts}\n"
        "  gather_facts: false\n"
        "  connection: local\n"
        f"  vars: {{metadata: {{name: Ours, groups: [{group}]}}}}\n"
        f"  tasks:\n{tasks}"
    )


ONE_OF_TWO = playbook(
    "  - name: Look\n"
    "    assert:\n"
    "      that: inventory_hostname != 'c-1'\n"
    "      fail_msg: 'no power: {{ wanted }}'\n",
    hosts="nova_api",
    group="other",
)
LARGE = playbook(
    "  - debug: {msg: \"{{ 'x' * 1000000 }}\"}\n"
    "    loop: '{{ range(50) | list }}'\n"
    "    loop_control: {label: ''}\n",
    group="other",
)


def sleeper(folder: Path) -> str:
    """Notes that it began, and sleeps; says if it is not killed."""
    return playbook(
        f"  - shell: 'echo $$ > {folder}/pid; sleep 3000; touch {folder}/x'\n",
        group="other",
    )


def counter(folder: Path) -> str:
    """Waits until three have begun; notes how many run while it does."""
    return playbook(
        "  - shell: |\n"
        f"      cd {folder}; touch begun.$$ running.$$\n"
        "      ls running.* | wc -l >> counts\n"
        f"      until test $(ls begun.* | wc -l) -ge {LIMIT}; do sleep 0.2;"
        " done\n"
        "      ls running.* | wc -l >> counts; rm running.$$\n"
    )


def ready(verdict: str) -> str:
    """Says whether there may be a deployment."""
    return playbook(
        f"  - assert: {{that: {verdict}, fail_msg: not today}}\n",
        group="pre-deployment",
    )


def nobodys(client: Client) -> dict[str, str]:
    """Instead of real ones, which want more than there is here."""
    where = validations_package.playbooks(client.paths.cache)
    return {
        path.stem: "- hosts: undercloud\n"
        for path in where.iterdir()
        if "- pre-deployment\n" in path.read_text()
    }


@contextmanager
def prepared(client: Client, files: dict[str, str]) -> Iterator[str]:
    """A deployed plan of two controllers, with validations of its own."""
    stored = {f"custom-validations/{k}.yaml": v for k, v in files.items()}
    with plans.uploaded(client, {**TEMPLATES, **stored}) as plan:
        client.run_workflow(
            "tripleo.plan_management.v1.create_deployment_plan", container=plan
        )
        follower = following.Follower(client.heat, plan)
        client.run_workflow(DEPLOY, container=plan, run_validations=True)
        assert follower.follow(plans.PATIENCE) == "CREATE_COMPLETE"
        yield plan


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the validations of a plan write."""
    return tmp_path_factory.mktemp("validations")


@pytest.fixture(scope="module")
def plan(undercloud: Client, folder: Path) -> Iterator[str]:
    """A deployed plan with validations of its own."""
    files = {
        "one-of-two": ONE_OF_TWO,
        "large": LARGE,
        "sleeper": sleeper(folder),
        "broken": "- hosts: [\n",
        "ready": ready("true"),
        **nobodys(undercloud),
        **{f"count-{number}": counter(folder) for number in range(10)},
    }
    with prepared(undercloud, files) as name:
        yield name


def running(client: Client, plan: str, execution: str) -> dict[str, Any]:
    """The result of what an execution runs, once its playbook runs."""
    found: list[dict[str, Any]] = []

    def runs() -> bool:
        listed = results(client, plan)
        found[:] = [e for e in listed if e["execution_id"] == execution]
        return bool(found) and found[0]["status"] == "RUNNING"

    wait_until("the validation", runs, plans.PATIENCE)
    return found[0]


def results(client: Client, plan: str) -> list[dict[str, Any]]:
    """The index of a plan's validations."""
    found = client.run_action("tripleo.validations.list_results", plan=plan)
    return list(found)


def last(client: Client, queue: str) -> dict[str, Any]:
    """The payload of the message that a validation ended with."""
    (found,) = [
        body["payload"]
        for body in client.messages(queue)
        if body["payload"]["status"] != "RUNNING"
    ]
    return dict(found)


def slept(folder: Path) -> int:
    """The process of the validation that sleeps, once it does."""
    note = folder / "pid"
    wait_until(
        "a sleeper",
        lambda: note.exists() and note.read_text(),
        plans.PATIENCE,
    )
    pid = int(note.read_text())
    note.unlink()
    return pid


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_the_real_package_is_listed(undercloud: Client, plan: str) -> None:
    output = undercloud.run_workflow(f"{V1}list", plan=plan)
    listed = {each["id"]: each for each in output["validations"]}
    where = validations_package.playbooks(undercloud.paths.cache)
    real = {path.stem for path in where.iterdir()}
    assert len(real) == 65
    assert real < set(listed)
    assert not [name for name in real if listed[name]["error"]]
    assert "not valid YAML" in listed["broken"]["error"]
    assert listed["undercloud-disk-space"]["groups"] == [
        "prep",
        "pre-introspection",
    ]
    output = undercloud.run_workflow(f"{V1}list_groups", plan=plan)
    assert {"pre-deployment", "post-deployment", "tests"} < set(
        output["groups"]
    )


def test_a_validation_that_fails_stops_a_deployment(
    undercloud: Client, plan: str
) -> None:
    found = {e["validation"]: e["status"] for e in results(undercloud, plan)}
    assert found["ready"] == "SUCCESS"
    path = "custom-validations/ready.yaml"
    undercloud.swift.put_object(plan, path, ready("false"))
    with pytest.raises(errors.ActionFailed) as caught:
        undercloud.run_workflow(DEPLOY, container=plan, run_validations=True)
    assert (
        f"Plan {plan} was not deployed. Validation ready failed on 1 of 1 "
        "hosts: undercloud (assert): not today"
    ) in str(caught.value)
    stack = undercloud.heat.stacks.get(plan, resolve_outputs=False)
    assert stack.stack_status == "CREATE_COMPLETE"


def test_validations_of_the_real_package_run(
    undercloud: Client, folder: Path
) -> None:
    # They need no plan.
    queue = plan = plans.new_name()
    with pytest.raises(errors.ActionFailed) as caught:
        undercloud.run_workflow(
            f"{V1}run_validations",
            plan=plan,
            validation_names=REAL,
            validation_inputs={
                "volumes": [{"mount": "/", "min_size": 0}],
                "validate_passwords_file_output_dir": str(folder),
            },
            queue_name=queue,
        )
    text = str(caught.value)
    assert "Validation validate-passwords-file failed on 1 of 1 hosts" in text
    assert "disk-space" not in text
    told = sorted(
        (body["type"].removeprefix(V1), body["payload"]["status"])
        for body in undercloud.messages(queue)
    )
    assert told == [
        ("run_validation", "FAILED"),
        *[("run_validation", "RUNNING")] * 3,
        *[("run_validation", "SUCCESS")] * 2,
        ("run_validations", "FAILED"),
        ("run_validations", "RUNNING"),
    ]
    found = {e["validation"]: e["status"] for e in results(undercloud, plan)}
    assert {name: found[name] for name in REAL} == {
        "undercloud-disk-space": "SUCCESS",
        "system-encoding": "SUCCESS",
        "validate-passwords-file": "FAILED",
    }


def test_each_host_has_its_outcome(undercloud: Client, plan: str) -> None:
    secret = f"s3cret-{uuid.uuid4().hex}"
    execution = undercloud.start_workflow(
        f"{V1}run_validation",
        plan=plan,
        validation_name="one-of-two",
        validation_inputs={"wanted": secret, "AdminPassword": secret},
        queue_name=f"{plan}-one",
    )
    state, output = undercloud.wait_for_execution(execution)
    assert state == "ERROR"
    assert output["message"] == (
        "Validation one-of-two failed on 1 of 2 hosts: c-1 (Look): no power: "
        "***"
    )
    assert output["hosts"] == {"c-0": "ok", "c-1": "failed"}
    told = last(undercloud, f"{plan}-one")
    assert told["stdout"] == output["stdout"]
    assert "no power: ***" in output["stdout"]
    (found,) = undercloud.run_workflow(
        f"{V1}get_results", plan=plan, ids=[execution]
    )["results"]
    assert found["hosts"] == output["hosts"]
    assert found["failures"] == {
        "c-1": {"task": "Look", "text": "no power: ***"}
    }
    where = found["output"]
    _, content = undercloud.swift.get_object(
        where["container"], where["object"]
    )
    assert content.decode() == output["stdout"]


def test_a_validation_is_stopped(
    undercloud: Client, plan: str, folder: Path
) -> None:
    execution = undercloud.start_workflow(
        f"{V1}run_validations", plan=plan, validation_names=["sleeper"]
    )
    pid = slept(folder)
    output = undercloud.run_workflow(f"{V1}stop", plan=plan, ids=[execution])
    assert not is_alive(pid)
    (stopped,) = output["stopped"]
    assert stopped["status"] == "STOPPED"
    assert stopped["message"].startswith(
        "Validation sleeper was stopped by admin, at 20"
    )
    state, output = undercloud.wait_for_execution(execution)
    assert (state, output["message"]) == ("ERROR", stopped["message"])
    assert not (folder / "x").exists()


def test_of_a_group_so_many_run_at_once(
    undercloud: Client, plan: str, folder: Path
) -> None:
    output = undercloud.run_workflow(
        f"{V1}run_groups", plan=plan, group_names=["tests"]
    )
    assert output["message"] == "All 10 validations passed."
    counts = [int(n) for n in (folder / "counts").read_text().split()]
    assert len(counts) == 20
    assert max(counts) == LIMIT


def test_a_large_output_is_stored(undercloud: Client, plan: str) -> None:
    queue = f"{plan}-large"
    undercloud.run_workflow(
        f"{V1}run_validation",
        plan=plan,
        validation_name="large",
        queue_name=queue,
    )
    payload = last(undercloud, queue)
    assert payload["status"] == "SUCCESS"
    assert "spilled" not in payload
    assert len(json.dumps(payload)) < 20_000
    where = payload["output"]
    headers = undercloud.swift.head_object(where["container"], where["object"])
    assert int(headers["content-length"]) == where["bytes"] > 50_000_000
    undercloud.swift.delete_object(where["container"], where["object"])


def test_what_mistral_lost_is_told_as_lost(
    undercloud: Client, command_line: CommandLine, plan: str, folder: Path
) -> None:
    execution = undercloud.start_workflow(
        f"{V1}run_validation", plan=plan, validation_name="sleeper"
    )
    pid = slept(folder)
    assert running(undercloud, plan, execution)["status"] == "RUNNING"
    os.kill(pids(command_line.state)["mistral"], signal.SIGKILL)
    command_line.succeed("up", "--no-plan")
    (found,) = undercloud.run_action(
        "tripleo.validations.get_results", plan=plan, ids=[execution]
    )["results"]
    assert found["status"] == "LOST"
    assert "nobody knows" in found["message"]
    wait_until(
        "the end of the playbook",
        lambda: not is_alive(pid),
        plans.PATIENCE,
    )
    assert not (folder / "x").exists()
