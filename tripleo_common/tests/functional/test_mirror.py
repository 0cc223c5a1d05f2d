"""A plan's state and its mirror, between clients of all releases."""

from __future__ import annotations

import pytest
import yaml

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

FILE = "plan-environment.yaml"


def mirror(undercloud: Client, plan: str) -> dict:
    _, content = undercloud.swift.get_object(plan, FILE)
    return yaml.safe_load(content)


def test_both_sides_of_a_plan_tell_the_same(undercloud: Client) -> None:
    with plans.small(undercloud) as plan:
        told = mirror(undercloud, plan)
        assert told["version"] == 1.0
        assert told["name"] == plan
        assert told["passwords"]["AdminPassword"]

        told["parameter_defaults"]["ComputeCount"] = 2
        undercloud.swift.put_object(plan, FILE, yaml.safe_dump(told))
        undercloud.run_action(
            "tripleo.parameters.update",
            container=plan,
            parameters={"ControllerCount": 3},
        )

        expected = {"ComputeCount": 2, "ControllerCount": 3}
        told = mirror(undercloud, plan)
        kept = undercloud.mistral.environments.get(plan).variables
        assert told["parameter_defaults"] == expected
        for key in (
            "template",
            "environments",
            "parameter_defaults",
            "passwords",
        ):
            assert kept[key] == told[key]


def test_what_both_sides_changed_is_told(undercloud: Client) -> None:
    with plans.small(undercloud) as plan:
        told = mirror(undercloud, plan)
        told["parameter_defaults"]["ComputeCount"] = 2
        undercloud.swift.put_object(plan, FILE, yaml.safe_dump(told))
        # As clients of Newton and Ocata do.
        kept = undercloud.mistral.environments.get(plan).variables
        kept["parameter_defaults"]["ComputeCount"] = 3
        undercloud.mistral.environments.update(name=plan, variables=kept)

        update = {"container": plan, "parameters": {"ControllerCount": 3}}
        with pytest.raises(
            errors.ActionFailed,
            match=r"differ in parameter_defaults\.ComputeCount\. ",
        ):
            undercloud.run_action("tripleo.parameters.update", **update)
        undercloud.swift.delete_object(plan, FILE)
        undercloud.run_action("tripleo.parameters.update", **update)
        assert mirror(undercloud, plan)["parameter_defaults"] == {
            "ComputeCount": 3,
            "ControllerCount": 3,
        }
