"""Environments are told and chosen, with real maps on real services."""

from __future__ import annotations

import pytest

from tripleo_common.tests.functional import old_templates, plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

GET = "tripleo.heat_environments.v1.get"
UPDATE = "tripleo.heat_environments.v1.update"
BASE = "overcloud-resource-registry-puppet.yaml"
#: Two that exclude each other, and one that requires another, of each map.
RULES = {
    old_templates.OCATA: (
        "environments/network-management.yaml",
        "environments/network-management-v6.yaml",
        "environments/puppet-pacemaker-no-restart.yaml",
        "environments/puppet-pacemaker.yaml",
    ),
    old_templates.QUEENS: (
        "environments/network-isolation.yaml",
        "environments/network-isolation-v6.yaml",
        "environments/net-bond-with-vlans.yaml",
        "environments/network-isolation.yaml",
    ),
}


def state(undercloud: Client, plan: str) -> dict:
    return undercloud.mistral.environments.get(plan).variables


def files(topics: dict) -> list[str]:
    return [
        each["file"]
        for topic in topics.values()
        for group in topic["environment_groups"]
        for each in group["environments"]
    ]


def in_force(undercloud: Client, plan: str) -> list[str]:
    return [each["path"] for each in state(undercloud, plan)["environments"]]


@pytest.mark.parametrize(
    "version", [old_templates.OCATA, old_templates.QUEENS]
)
def test_the_rules_of_a_real_map(undercloud: Client, version: str) -> None:
    first, second, requiring, required = RULES[version]
    with plans.uploaded(undercloud, {}) as plan:
        old_templates.upload(undercloud, plan, version)
        undercloud.run_action("tripleo.plan.create", container=plan)
        stored = state(undercloud, plan)["capabilities"]
        told = undercloud.run_workflow(GET, container=plan)["capabilities"]
        titles = [topic["title"] for topic in stored["topics"]]
        assert list(told) == [*titles, "Other"]
        assert {*RULES[version], BASE} <= set(files(told))
        before = in_force(undercloud, plan)

        for environments, text in (
            ({first: True, second: True}, f"{first} and {second} exclude"),
            ({requiring: True}, f"{requiring} requires {required}"),
            ({first: True, "none.yaml": True}, "no file none.yaml"),
        ):
            with pytest.raises(errors.ActionFailed, match=text):
                undercloud.run_workflow(
                    UPDATE, container=plan, environments=environments
                )
        assert in_force(undercloud, plan) == before

        output = undercloud.run_workflow(
            UPDATE,
            container=plan,
            environments=[requiring, first, required],
            sort_environments=True,
        )
        chosen = [
            each["path"] for each in output["plan_environment"]["environments"]
        ]
        assert chosen == in_force(undercloud, plan)
        assert chosen.index(required) < chosen.index(requiring)


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
