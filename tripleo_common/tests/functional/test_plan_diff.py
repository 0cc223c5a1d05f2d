"""What an update would change, on real services."""

from __future__ import annotations

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud.client import Client


def test_what_an_update_would_change_is_told(undercloud: Client) -> None:
    files = {**plans.SMALL, "new.yaml": "a: 1\n", "nested/text.txt": "other"}
    with plans.small(undercloud) as plan:
        with plans.uploaded(undercloud, files) as source:
            told = undercloud.run_action(
                "tripleo.plan.diff", container=plan, source_container=source
            )
        assert told["files"] == {
            "added": ["new.yaml"],
            "changed": ["nested/text.txt"],
            "missing": [],
        }
        assert told["template"] is None
        told = undercloud.run_action("tripleo.plan.diff", container=plan)
        assert len(told["files"]["added"]) > 500
        assert "nested/text.txt" in told["files"]["missing"]


def test_the_default_plan_is_what_is_installed(undercloud: Client) -> None:
    told = undercloud.run_action("tripleo.plan.diff", container="overcloud")
    files = told["files"]
    assert files == {"added": [], "changed": [], "missing": []}
