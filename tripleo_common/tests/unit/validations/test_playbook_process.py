"""What the process of a playbook does beside running Ansible."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tripleo_common.validations import playbook_process

JOB = {
    "files": {"one.yaml": "[]", "tasks/a.yaml": "[]"},
    "playbook": "one.yaml",
    "inventory": {"all": {}},
    "inputs": {"AdminPassword": "s3cret"},
    "private_key": "PEM",
    "environment": {"ANSIBLE_LIBRARY": "/lib"},
    "timeout": 1,
    "grace": 1,
}

#: Starts a process that leaves its session and loses its parent.
LEAVES_ORPHANS = """
import ctypes, os, subprocess, sys
import playbook_process as process
ctypes.CDLL(None).prctl(process._PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
subprocess.run(["sh", "-c", "setsid sleep 3000 & exec sleep 0"], check=True)
before = list(process._descendants(os.getpid()))
process.kill_all()
print(len(before), sum(process._is_alive(pid) for pid in before))
"""


def mode(path):
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_files_and_secrets_are_where_only_it_reads_them(tmp_path):
    told = playbook_process._settings(JOB, tmp_path)
    assert (tmp_path / "project" / "tasks" / "a.yaml").read_text() == "[]"
    key = told["envvars"]["ANSIBLE_PRIVATE_KEY_FILE"]
    inputs = told["cmdline"].removeprefix("--extra-vars @")
    assert Path(key).read_text() == "PEM"
    assert json.loads(Path(inputs).read_text()) == JOB["inputs"]
    assert mode(key) == mode(inputs) == 0o600
    assert "s3cret" not in str(told)
    assert told["envvars"]["ANSIBLE_LIBRARY"] == "/lib"


@pytest.mark.parametrize("home", ["{}", "/nonexistent", None])
def test_who_has_no_home_gets_a_place_for_modules(tmp_path, monkeypatch, home):
    monkeypatch.delenv("HOME")
    if home is not None:
        monkeypatch.setenv("HOME", home.format(tmp_path))
    told = playbook_process._settings(JOB, tmp_path)["envvars"]
    assert ("ANSIBLE_REMOTE_TEMP" in told) is (home != "{}")


def test_hosts_have_one_outcome():
    stats = {
        "ok": {"a": 1, "b": 2, "c": 1},
        "failures": {"b": 1},
        "dark": {"c": 1},
        "skipped": {"d": 1},
    }
    assert playbook_process._hosts(stats) == {
        "a": "ok",
        "b": "failed",
        "c": "unreachable",
        "d": "ok",
    }


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ({"msg": " no \n", "stdout": "a"}, "no"),
        ({"stderr": "bad", "stdout": "a"}, "bad"),
        ({"censored": "hidden", "msg": "s3cret"}, "hidden"),
        ({"msg": "x" * 9999}, "x" * 2000),
        ({}, ""),
        (None, ""),
    ],
)
def test_a_failure_has_a_text(result, text):
    assert playbook_process._reason(result) == text


def test_what_was_left_behind_is_ended():
    done = subprocess.run(
        [sys.executable, "-c", LEAVES_ORPHANS],
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(Path(playbook_process.__file__).parent),
        },
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.stdout == "1 0\n", done.stderr
