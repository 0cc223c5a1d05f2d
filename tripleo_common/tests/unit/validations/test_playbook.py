"""The process that runs a playbook is one that says the same as that does."""

from __future__ import annotations

import io
import os
import pwd
import time

import pytest

from tripleo_common import errors
from tripleo_common.validations import playbook

JOB = {"timeout": 600, "grace": 600}
#: Says what the job wants it to, and goes on until it is stopped.
SCRIPT = """
import json, os, signal, sys
job = json.loads(sys.stdin.readline())
for line in job["lines"]:
    print(json.dumps(line), flush=True)
print(*job.get("said", []), file=sys.stderr)
if job.get("waits"):
    told = sys.stdin.readline()
    print(json.dumps({"status": "stopped", "text": told}), flush=True)
"""
ENDED = {"status": "successful", "hosts": {"a": "ok"}, "failures": {}}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a script that says something; the outcome, and the output."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    monkeypatch.setattr(playbook, "_SCRIPT", script)
    monkeypatch.setattr(playbook, "INTERVAL", 0.05)

    def run(*lines, may_go_on=lambda: True, masked=str, **more):
        output = io.BytesIO()
        with (tmp_path / "slot").open("w") as slot:
            outcome = playbook.run(
                {**JOB, **more, "lines": lines},
                output,
                may_go_on,
                slot.fileno(),
                masked,
            )
        return outcome, output.getvalue().decode()

    return run


def test_what_it_says_is_taken(run):
    outcome, output = run({"output": "one\n"}, {"output": "två\n"}, ENDED)
    assert output == "one\ntvå\n"
    assert (outcome.status, outcome.hosts) == ("successful", {"a": "ok"})


def test_secrets_are_masked_before_they_are_kept(run):
    def masked(text):
        return text.replace("s3cret", "***")

    _, output = run({"output": "a s3cret\n"}, ENDED, masked=masked)
    assert output == "a ***\n"


def test_it_is_stopped(run):
    asked = []

    def may_go_on():
        asked.append(time.monotonic())
        return len(asked) < 3

    outcome, _ = run(waits=True, may_go_on=may_go_on)
    assert (outcome.status, outcome.text) == ("stopped", '"stop"\n')
    # Once is enough.
    assert len(asked) == 3


def test_an_output_without_an_end_is_cut(run, options):
    options("validations_output_size", 1)
    lines = [{"output": "x" * 2**19}] * 4
    outcome, output = run(*lines, ENDED)
    assert outcome.status == "successful"
    assert output == "x" * 2**20 + "\n[The rest was too much to be kept.]\n"


def test_one_that_dies_is_told_with_its_last_words(run):
    outcome, _ = run(said=["Killed:\n no memory"])
    assert (outcome.status, outcome.text) == ("error", "no memory")
    outcome, _ = run()
    assert outcome.text == "it told nothing"


def test_one_that_does_not_end_is_killed(run, monkeypatch, options):
    options("validations_grace", 0)
    monkeypatch.setattr(playbook, "_PATIENCE", 0.2)
    script = SCRIPT.replace("told = sys", "import time; time.sleep(3000)#")
    playbook._SCRIPT.write_text(script)
    outcome, _ = run(waits=True, timeout=0, grace=0)
    assert outcome.status == "error"


def test_one_that_takes_no_job_is_told(run):
    playbook._SCRIPT.write_text("import sys; sys.exit('no memory')")
    outcome, _ = run({"output": "x" * 2**20})
    assert (outcome.status, outcome.text) == ("error", "no memory")


class TestUsers:
    COMMAND = ["python", "script"]

    def as_user(self, options, monkeypatch, user, own):
        options("validations_user", user)
        monkeypatch.setattr(os, "geteuid", lambda: own)
        return playbook._as_user(self.COMMAND)

    def test_as_it_is_unless_another_is_wanted(self, options, monkeypatch):
        own = pwd.getpwuid(os.getuid()).pw_name
        monkeypatch.setenv("LOGNAME", own)
        for user in (None, own):
            found = self.as_user(options, monkeypatch, user, 1000)
            assert found == (self.COMMAND, {})

    def test_root_becomes_the_user(self, options, monkeypatch):
        command, named = self.as_user(options, monkeypatch, "nobody", 0)
        nobody = pwd.getpwnam("nobody")
        assert command == self.COMMAND
        assert named["user"] == nobody.pw_uid
        assert named["extra_groups"] == []
        assert named["env"]["HOME"] == nobody.pw_dir

    def test_others_need_sudo(self, options, monkeypatch):
        command, named = self.as_user(options, monkeypatch, "nobody", 1000)
        assert command == [
            *("sudo", "-n", "-H", "-u", "nobody", "--"),
            *self.COMMAND,
        ]
        assert named == {}

    def test_a_user_that_is_not_there_is_told(self, options, monkeypatch):
        with pytest.raises(errors.Conflict, match="there is no user n_o_n_e"):
            self.as_user(options, monkeypatch, "n_o_n_e", 0)

    def test_without_sudo_nothing_runs(self, run, options, monkeypatch):
        options("validations_user", "nobody")
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        monkeypatch.setenv("PATH", "/nowhere")
        with pytest.raises(errors.Conflict, match="sudo cannot be started"):
            run(ENDED)
