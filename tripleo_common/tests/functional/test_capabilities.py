"""Environments are told and chosen, with real maps on real services."""

from __future__ import annotations

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud.client import Client


def state(undercloud: Client, plan: str) -> dict:
    return undercloud.mistral.environments.get(plan).variables


def files(topics: dict) -> list[str]:
    return [
        each["file"]
        for topic in topics.values()
        for group in topic["environment_groups"]
        for each in group["environments"]
    ]


def test_templates_without_a_map(undercloud: Client) -> None:
    """As tripleo-heat-templates 18.0.0, which the default plan is made of."""
    told = undercloud.run_action(
        "tripleo.heat_capabilities.get", container="overcloud"
    )
    assert list(told) == ["Other"]
    paths = files(told)
    assert paths == sorted(paths)
    assert "environments/network-environment.yaml" in paths
    assert len(paths) > 100
    assert "capabilities" not in state(undercloud, "overcloud")


def test_a_map_that_changes_is_stored_again(undercloud: Client) -> None:
    with plans.small(undercloud) as plan:
        undercloud.swift.put_object(
            plan, "capabilities-map.yaml", "topics: [{title: New}]"
        )
        undercloud.run_action("tripleo.templates.process", container=plan)
        assert state(undercloud, plan)["capabilities"] == {
            "topics": [{"title": "New"}]
        }
