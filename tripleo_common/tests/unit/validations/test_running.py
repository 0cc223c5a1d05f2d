from __future__ import annotations

from types import SimpleNamespace

import pytest

from tripleo_common import errors
from tripleo_common.plans import operation
from tripleo_common.validations import (
    playbook,
    playbooks,
    results,
    running,
    ssh_keys,
)
from tripleo_common.validations.playbook import Outcome

ONE = "- vars: {metadata: {name: One}}\n"
PASSED = Outcome("successful", {"a": "ok"})


@pytest.fixture
def run(cloud, tmp_path, options, monkeypatch):
    """Run a validation whose outcome is given."""
    options("validations_slots_dir", str(tmp_path / "slots"))
    options("run_uploaded_validations", True)
    cloud.object_store.add(playbooks.CONTAINER, {"one.yaml": ONE}, plan=False)
    jobs = []

    def run(outcome, text="", inputs=None):
        def instead(job, output, may_go_on, slot, masked):
            jobs.append(job)
            output.write(masked(text).encode())
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(playbook, "run", instead)
        return running.run(cloud, "mine", "one", inputs)

    run.jobs = jobs
    return run


CASES = {
    "passed": (PASSED, "SUCCESS", "passed; hosts: 1."),
    "no hosts": (
        Outcome("successful"),
        "SKIPPED",
        "checked nothing: plan mine has no host for it.",
    ),
    "failed": (
        Outcome(
            "failed",
            {"a": "failed", "b": "ok", "c": "unreachable"},
            {"a": {"task": "Look", "text": "No\n power."}},
        ),
        "FAILED",
        "failed on 2 of 3 hosts: a (Look): No power.; c: unreachable",
    ),
    "many": (
        Outcome("failed", {f"h{n}": "failed" for n in range(9)}),
        "FAILED",
        "h4: failed; and 4 more",
    ),
    "syntax": (
        Outcome("failed"),
        "FAILED",
        "failed before any host was asked: ERROR! no",
    ),
    "late": (Outcome("late"), "FAILED", "longer than the 1800 seconds"),
    "error": (
        Outcome("error", text="No module named ansible_runner"),
        "FAILED",
        "could not be run: No module named ansible_runner",
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_became_of_it_is_told_and_kept(cloud, run, name):
    outcome, status, text = CASES[name]
    told = run(outcome, "ERROR! no\n")
    assert told["status"] == status
    assert told["message"].startswith("Validation one ")
    assert text in told["message"]
    assert told["stderr"] in ("", told["message"])
    (kept,) = results.listed(cloud, "mine")
    assert kept == {k: told[k] for k in kept}
    assert kept["end"] >= kept["start"]
    where = kept["output"]
    stored = cloud.object_store.containers[where["container"]]
    assert stored[where["object"]][0] == b"ERROR! no\n"
    assert where["bytes"] == 10


def test_of_a_long_output_begin_and_end_are_shown(run):
    text = "b" * 5000 + "m" * 50_000 + "e" * 5000
    told = run(PASSED, text)
    assert len(told["stdout"]) < 4100
    assert told["stdout"].startswith("bbb")
    assert told["stdout"].endswith("eee")
    assert "[... 56000 bytes left out ...]" in told["stdout"]
    assert told["output"]["bytes"] == 60_000


def test_secrets_are_masked(cloud, run):
    cloud.workflow.environments.variables["mine"] = {
        "passwords": {"AdminPassword": "plan-s3cret"}
    }
    failures = {"a": {"task": "Look", "text": "plan-s3cret in-s3cret"}}
    told = run(
        Outcome("failed", {"a": "failed"}, failures),
        "plan-s3cret in-s3cret",
        {"SomePassword": "in-s3cret"},
    )
    key = ssh_keys.get(cloud)[ssh_keys.PRIVATE]
    assert run.jobs[0]["private_key"] == key
    assert "s3cret" not in str(told)
    assert told["stdout"] == "*** ***"
    assert "s3cret" not in str(results.listed(cloud, "mine"))


def test_an_error_is_kept_too(cloud, run):
    error = errors.Conflict("No validation can be run: no sudo.")
    with pytest.raises(errors.Conflict):
        run(error)
    (kept,) = results.listed(cloud, "mine")
    assert kept["status"] == "FAILED"
    assert "no sudo" in kept["message"]


def test_with_swift_full_the_result_is_kept(cloud, run, monkeypatch):
    def refuse(*_, **__):
        raise errors.ServiceError("Swift", "put", "HTTP 507", "Make room.")

    monkeypatch.setattr(cloud.object_store, "put_object", refuse)
    told = run(PASSED)
    assert told["status"] == "SUCCESS"
    assert told["output"]["object"] is None
    assert "HTTP 507" in told["output"]["error"]


def test_uploaded_playbooks_are_not_just_run(cloud, run, options):
    options("run_uploaded_validations", False)
    with pytest.raises(errors.InvalidInput, match="was not run: it comes"):
        run(PASSED)
    assert results.listed(cloud, "mine") == []
    options("validations_user", "somebody")
    assert run(PASSED)["status"] == "SUCCESS"


def test_the_execution_is_noted(cloud, run):
    cloud.workflow.executions.known["own"] = SimpleNamespace(
        state="RUNNING", root_execution_id="root"
    )
    with operation.running("workflow", "own"):
        told = run(PASSED)
    assert (told["execution_id"], told["root_execution_id"]) == ("own", "root")


def test_ansible_gets_what_the_playbook_needs(run, options, tmp_path):
    (tmp_path / "roles").mkdir()
    options("validations_dirs", [str(tmp_path)])
    run(PASSED, inputs={"size": 7})
    (job,) = run.jobs
    assert job["files"] == {"one.yaml": ONE}
    assert job["playbook"] == "one.yaml"
    assert job["inputs"] == {"size": 7}
    assert job["environment"]["ANSIBLE_ROLES_PATH"] == str(tmp_path / "roles")
    assert "undercloud" in str(job["inventory"])
