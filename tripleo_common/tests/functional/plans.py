"""Plans for tests, that go when the test ends."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from heatclient import exc as heat_exc

from tripleo_common.undercloud import following
from tripleo_common.undercloud.client import Client

#: Seconds that a stack may take to go, on a busy machine too.
PATIENCE = 600

#: Templates that deploy in a second.
SMALL = {
    "roles_data.yaml": "- name: Controller\n- name: Compute\n",
    "overcloud.j2.yaml": (
        "heat_template_version: rocky\n"
        "parameters:\n"
        "{% for role in roles %}"
        "  {{role.name}}Count: {type: number, default: 1}\n"
        "{% endfor %}"
        "  AdminPassword: {type: string, hidden: true}\n"
        "resources:\n"
        "  nested: {type: nested/värde.yaml}\n"
    ),
    "nested/värde.yaml": (
        "heat_template_version: rocky\n"
        "resources:\n"
        "  value:\n"
        "    type: OS::Heat::Value\n"
        "    properties: {value: {get_file: text.txt}}\n"
    ),
    "nested/text.txt": "åäö",
    "overcloud-resource-registry-puppet.yaml": "parameter_defaults: {}\n",
}

#: Templates whose nodes do as they are told: take their time, fail.
NODES = {
    "roles_data.yaml": "- name: Compute\n  CountDefault: 1\n",
    "overcloud.j2.yaml": """
heat_template_version: rocky
parameters:
  ComputeCount: {type: number, default: 1}
  ComputeRemovalPolicies: {type: json, default: []}
  ComputeRemovalPoliciesMode: {type: string, default: append}
  Value: {type: string, default: a}
  Fail: {type: boolean, default: false}
  Seconds: {type: number, default: 0}
  DeployIdentifier: {type: string, default: ''}
  AdminPassword: {type: string, hidden: true}
resources:
  Compute:
    type: OS::Heat::ResourceGroup
    properties:
      count: {get_param: ComputeCount}
      removal_policies: {get_param: ComputeRemovalPolicies}
      removal_policies_mode: {get_param: ComputeRemovalPoliciesMode}
      resource_def:
        type: node.yaml
        properties:
          name: node-%index%
          value: {get_param: Value}
          fail: {get_param: Fail}
          seconds: {get_param: Seconds}
outputs:
  KeystoneURL: {value: 'http://192.0.2.7:5000'}
  EndpointMap:
    value:
      KeystoneAdmin: {host: 192.0.2.8}
      HorizonPublic: {uri: 'http://192.0.2.7:80/dashboard'}
""",
    "node.yaml": """
heat_template_version: rocky
parameters:
  name: {type: string}
  value: {type: string}
  fail: {type: boolean}
  seconds: {type: number}
resources:
  Compute:
    type: OS::Heat::DeployedServer
    properties:
      name: {get_param: name}
      software_config_transport: POLL_SERVER_HEAT
  Service:
    type: OS::Heat::TestResource
    depends_on: Compute
    properties:
      value: {get_param: value}
      fail: {get_param: fail}
      # Else it would take its time to go, too.
      action_wait_secs:
        create: {get_param: seconds}
        update: {get_param: seconds}
        delete: 0
      update_replace_value: again
""",
    "overcloud-resource-registry-puppet.yaml": "parameter_defaults: {}\n",
}


def new_name() -> str:
    """A name that no plan has yet."""
    return f"plan_{uuid.uuid4().hex[:8]}"


@contextmanager
def named(client: Client) -> Iterator[str]:
    """A free name; what the test makes of it is removed."""
    name = new_name()
    yield name
    _delete_stack(client, name)
    if name in client.run_action("tripleo.plan.list"):
        client.run_action("tripleo.plan.delete", container=name)


@contextmanager
def uploaded(
    client: Client, files: dict[str, str] | None = None
) -> Iterator[str]:
    """The name of a plan-to-be whose files are in its container."""
    with named(client) as name:
        client.run_action("tripleo.plan.create_container", container=name)
        for path, text in (SMALL if files is None else files).items():
            client.swift.put_object(name, path, text)
        yield name


@contextmanager
def small(
    client: Client, files: dict[str, str] | None = None
) -> Iterator[str]:
    """The name of a whole plan of few files."""
    with uploaded(client, files) as name:
        client.run_workflow(
            "tripleo.plan_management.v1.create_deployment_plan", container=name
        )
        yield name


def _delete_stack(client: Client, name: str) -> None:
    follower = following.Follower(client.heat, name)
    try:
        stack = client.heat.stacks.get(name, resolve_outputs=False)
    except heat_exc.HTTPNotFound:
        return
    client.heat.stacks.delete(stack.id)
    follower.follow(PATIENCE)
    # Its own status comes a moment after its last event.
    deadline = time.monotonic() + PATIENCE
    while _stands(client, stack.id):
        assert time.monotonic() < deadline, f"the stack of {name} stays"
        time.sleep(0.5)


def _stands(client: Client, stack: str) -> bool:
    found = client.heat.stacks.get(stack, resolve_outputs=False)
    return bool(found.stack_status != "DELETE_COMPLETE")
