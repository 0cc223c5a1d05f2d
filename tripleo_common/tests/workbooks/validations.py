"""Validations for tests, run without Ansible."""

from __future__ import annotations

from typing import IO, Any

import pytest

from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.validations import playbook, playbooks
from tripleo_common.validations.playbook import Outcome

PLAYBOOK = "- vars: {{metadata: {{name: N, groups: [{}]}}}}\n"
FILES = {
    "good.yaml": PLAYBOOK.format("prep, pre-deployment, pre-introspection"),
    "bad.yaml": PLAYBOOK.format("prep, post-deployment"),
    "empty.yaml": PLAYBOOK.format("post-deployment"),
}
FAILED = "Validation bad failed on 1 of 2 hosts: b (Look): No power."


def install(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Have validations that pass, fail, and have no hosts.

    :returns: a list of what is run.
    """
    cloud.object_store.add(playbooks.CONTAINER, FILES, plan=False)
    ran: list[Any] = []

    def run(
        job: dict[str, Any], output: IO[bytes], *_: Any, **__: Any
    ) -> Outcome:
        ran.append(job)
        output.write(b"PLAY [all]\n")
        if job["playbook"] == "bad.yaml":
            return Outcome(
                "failed",
                {"a": "ok", "b": "failed"},
                {"b": {"task": "Look", "text": "No power."}},
            )
        hosts = {} if job["playbook"] == "empty.yaml" else {"a": "ok"}
        return Outcome("successful", hosts)

    monkeypatch.setattr(playbook, "run", run)
    return ran
