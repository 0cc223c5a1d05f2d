"""Templates of Ocata and Queens: their capabilities, and their roles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tripleo_common.tests.functional import old_templates, plans
from tripleo_common.tests.functional.test_capabilities import files, state
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

GET = "tripleo.heat_environments.v1.get"
UPDATE = "tripleo.heat_environments.v1.update"
IDENTIFY = "tripleo.role.v1.identify"
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


#: The parameter of the compute nodes' flavor, of each.
FLAVOR = "OvercloudComputeFlavor"


@pytest.fixture(
    scope="module", params=[old_templates.OCATA, old_templates.QUEENS]
)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def plan(undercloud: Client, version: str) -> Iterator[str]:
    """A plan of that release's templates."""
    with plans.uploaded(undercloud, {}) as plan:
        old_templates.upload(undercloud, plan, version)
        undercloud.run_action("tripleo.plan.create", container=plan)
        yield plan


def in_force(undercloud: Client, plan: str) -> list[str]:
    return [each["path"] for each in state(undercloud, plan)["environments"]]


@contextmanager
def endpoints(undercloud: Client, *kinds: str) -> Iterator[None]:
    """Services in the catalog that nothing stands behind."""
    made = []
    try:
        for kind in kinds:
            service = undercloud.probe.request(
                "POST",
                "keystone",
                "/v3/services",
                json={"service": {"type": kind, "name": f"no-{kind}"}},
            )["service"]["id"]
            made.append(service)
            undercloud.probe.request(
                "POST",
                "keystone",
                "/v3/endpoints",
                json={
                    "endpoint": {
                        "service_id": service,
                        "interface": "public",
                        "region_id": "regionOne",
                        "url": "http://127.0.0.1:1",
                    }
                },
            )
        yield
    finally:
        for service in made:
            undercloud.probe.request(
                "DELETE", "keystone", f"/v3/services/{service}"
            )


def test_roles_are_identified(undercloud: Client, plan: str) -> None:
    with endpoints(undercloud, "compute", "network"):
        # Its token is of now, and so is its catalog.
        client = Client(undercloud.paths)
        roles = client.run_workflow(IDENTIFY, container=plan)["roles"]
    assert {role["name"]: role["count"] for role in roles} == {
        "Controller": 1,
        "Compute": 1,
        "BlockStorage": 0,
        "ObjectStorage": 0,
        "CephStorage": 0,
    }
    assert {role["flavor"] for role in roles} == {"baremetal"}
    parameters = {role["name"]: role["parameters"] for role in roles}
    assert FLAVOR in parameters["Compute"]


def test_the_rules_of_the_map(
    undercloud: Client, plan: str, version: str
) -> None:
    first, second, requiring, required = RULES[version]
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
