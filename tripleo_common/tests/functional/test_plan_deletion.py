"""Deleting plans and listing what is left, on real services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

LIST = "tripleo.plan_management.v1.list_plans"
DELETE = "tripleo.plan_management.v1.delete_deployment_plan"


def traces(undercloud: Client, plan: str) -> set[str]:
    """The containers and environments whose names speak of a plan."""
    _, listing = undercloud.swift.get_account(full_listing=True)
    names = {f"container {entry['name']}" for entry in listing}
    names |= {
        f"environment {each.name}"
        for each in undercloud.mistral.environments.list()
    }
    return {name for name in names if plan in name}


@contextmanager
def container(undercloud: Client, name: str) -> Iterator[None]:
    """A container with an object, that goes in the end."""
    undercloud.swift.put_container(name)
    undercloud.swift.put_object(name, "å ?#", "content")
    yield
    undercloud.swift.delete_object(name, "å ?#")
    undercloud.swift.delete_container(name)


def test_nothing_of_a_deleted_plan_is_left(undercloud: Client) -> None:
    with plans.small(undercloud) as plan:
        for suffix in ("swift-rings", "messages", "config"):
            name = f"{plan}-{suffix}"
            undercloud.swift.put_container(name)
            undercloud.swift.put_object(name, "å ?#", "content")
        undercloud.swift.put_object(plan, "dir/å\n ?#%2F.yaml", "")
        with container(undercloud, f"{plan}-of-somebody"):
            output = undercloud.run_workflow(DELETE, container=plan)
            assert output["message"] == f"Plan {plan} deleted."
            assert traces(undercloud, plan) == {
                f"container {plan}-of-somebody"
            }
        with pytest.raises(errors.ActionFailed, match="There is no plan"):
            undercloud.run_workflow(DELETE, container=plan)
        assert not traces(undercloud, plan)


def test_half_plans_are_told_and_can_be_deleted(undercloud: Client) -> None:
    with plans.small(undercloud) as whole, plans.uploaded(undercloud) as half:
        output = undercloud.run_workflow(LIST)
        assert whole in output["plans"]
        assert half not in output["plans"]
        missing = {
            each["name"]: each["missing"]
            for each in output["incomplete_plans"]
        }
        assert missing[half] == "environment"
        assert whole not in missing
        undercloud.run_action("tripleo.plan.delete", container=half)
        assert not traces(undercloud, half)


def test_what_is_no_plan_stays(undercloud: Client) -> None:
    name = plans.new_name()
    keys = {"public_key": "a", "private_key": "b"}
    undercloud.mistral.environments.create(name=name, variables=keys)
    with container(undercloud, f"{name}-messages"):
        with pytest.raises(
            errors.ActionFailed, match=rf"environment {name} is not a plan"
        ):
            undercloud.run_action("tripleo.plan.delete", container=name)
        kept = undercloud.mistral.environments.get(name).variables
        assert kept == keys
        undercloud.mistral.environments.delete(name)
        with pytest.raises(errors.ActionFailed, match="There is no plan"):
            undercloud.run_action("tripleo.plan.delete", container=name)
        _, listing = undercloud.swift.get_container(f"{name}-messages")
        assert [entry["name"] for entry in listing] == ["å ?#"]
