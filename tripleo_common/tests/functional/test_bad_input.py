"""What real services, and Mistral in between, make of bad input."""

from __future__ import annotations

import importlib.metadata
import inspect

import pytest

from tripleo_common.tests.functional import plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

PLAN_ACTIONS = sorted(
    entry.name
    for entry in importlib.metadata.entry_points(group="mistral.actions")
    if entry.value.startswith("tripleo_common.")
    # Their container is any one.
    and not entry.name.startswith(("tripleo.swift.", "tripleo.validations."))
    and "container" in inspect.signature(entry.load()).parameters
)
#: What the actions on plans need besides.
OTHERS = {
    "tripleo.deployment.begin_finish": {"timeout": 5},
    "tripleo.deployment.deploy": {"timeout": 5},
    "tripleo.heat_capabilities.update": {"environments": {}},
    "tripleo.network.store": {"networks": []},
    "tripleo.parameters.get_network_config": {"role_name": "Compute"},
    "tripleo.parameters.post_passwords": {"queue_name": "nobody"},
    "tripleo.parameters.update": {"parameters": {}},
    "tripleo.parameters.update_role": {"role": "compute"},
    "tripleo.plan.rollback": {"version": 1},
    "tripleo.plan.select_sample": {"sample": "openstack"},
    "tripleo.plan.update_plan_environment": {"env_key": "notes"},
    "tripleo.plan.update_roles": {"roles": [], "current_roles": []},
    "tripleo.plan.validate_roles": {"roles": [], "available_roles": []},
    "tripleo.role.select": {"role_names": []},
    "tripleo.role.store": {"roles": []},
    "tripleo.scale.delete_node": {"timeout": 5, "nodes": ["a"]},
    "tripleo.templates.upload_from_git": {"source_url": "https://a.invalid/b"},
    "tripleo.templates.upload_plan_environment": {"plan_environment": {}},
}


def failure(undercloud: Client, action: str, container: object) -> str:
    """The text that an action on a plan fails with."""
    with pytest.raises(errors.ActionFailed) as caught:
        undercloud.run_action(
            action, container=container, **OTHERS.get(action, {})
        )
    return str(caught.value)


@pytest.mark.parametrize("action", PLAN_ACTIONS)
def test_bad_names_are_told(undercloud: Client, action: str) -> None:
    text = failure(undercloud, action, None)
    assert "The input container must be a text, not null." in text
    for name in ("", "1cloud", "my/cloud", "möln", "a" * 201, "my_cloud\n"):
        text = failure(undercloud, action, name)
        assert "cannot be a plan's name" in text
        assert "Traceback" not in text


def test_five_megabytes_are_a_parameter_like_another(
    undercloud: Client,
) -> None:
    with plans.small(undercloud) as plan:
        undercloud.run_action(
            "tripleo.parameters.update",
            container=plan,
            parameters={"Text": "x" * 5_000_000},
        )
        variables = undercloud.mistral.environments.get(plan).variables
        assert len(variables["parameter_defaults"]["Text"]) == 5_000_000


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        ({"overcloud.j2.yaml": "a: [\n"}, "overcloud.yaml, line 2: "),
        ({"roles_data.yaml": "- 7\n"}, "roles_data.yaml: "),
        ({"bad.j2.yaml": "{{ nothing.name }}"}, "bad.j2.yaml, line 1: "),
    ],
)
def test_a_file_that_cannot_be_used_is_told(
    undercloud: Client, files: dict[str, str], cause: str
) -> None:
    with plans.uploaded(undercloud, {**plans.SMALL, **files}) as plan:
        with pytest.raises(errors.ActionFailed, match=cause):
            undercloud.run_workflow(
                "tripleo.plan_management.v1.create_deployment_plan",
                container=plan,
            )
        undercloud.run_action("tripleo.plan.delete", container=plan)
