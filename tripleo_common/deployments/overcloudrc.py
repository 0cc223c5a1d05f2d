"""The files that log an operator in to a cloud that stands."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib import parse

from tripleo_common import clients, errors
from tripleo_common.plans import deployed, passwords
from tripleo_common.plans.state import State
from tripleo_common.plans.store import Plan

#: The region of clouds whose plan sets no KeystoneRegion.
_REGION = "regionOne"

#: What both files set, besides who logs in, and where.
_COMMON = {
    "NOVA_VERSION": "1.1",
    "COMPUTE_API_VERSION": "1.1",
    "OS_USERNAME": "admin",
    "OS_PROJECT_NAME": "admin",
    "OS_NO_CACHE": "True",
    "OS_AUTH_TYPE": "password",
    "PYTHONWARNINGS": (
        "ignore:Certificate has no, "
        "ignore:A true SSLContext object is not available"
    ),
    "IRONIC_API_VERSION": "1.34",
    "OS_BAREMETAL_API_VERSION": "1.34",
    "OS_IMAGE_API_VERSION": "2",
    "OS_VOLUME_API_VERSION": "3",
}
_V3 = {
    "OS_USER_DOMAIN_NAME": "Default",
    "OS_PROJECT_DOMAIN_NAME": "Default",
    "OS_IDENTITY_API_VERSION": "3",
}
_HEAD = r"""# Clear any old environment that may conflict.
for key in $(env | sed -n 's/^\(OS_[A-Z0-9_]*\)=.*/\1/p'); do
    unset "$key"
done
"""
_PROMPT = """\
# Show in the prompt which cloud commands go to.
if [ -z "${CLOUDPROMPT_ENABLED:-}" ]; then
    export PS1="(${OS_CLOUDNAME}) ${PS1:-}"
    export CLOUDPROMPT_ENABLED=1
fi
"""


def create(
    cloud: clients.Cloud, plan: Plan, no_proxy: str = ""
) -> dict[str, str]:
    """The files for the cloud that a plan's stack is.

    :param no_proxy: hosts to be reached without a proxy; the cloud's own
        are added.
    :returns: shell scripts with the password of the admin, the one that the
        stack was deployed with, where Heat tells it, else the plan's:
        ``overcloudrc`` speaks the version of Keystone's API that the stack's
        output KeystoneURL names (v3, if it names none), ``overcloudrc.v3``
        version 3.
    :raises NotFound: the plan has no stack, or no AdminPassword.
    :raises Conflict: the stack has not made its outputs yet.
    """
    access = find(cloud, plan)
    variables = {
        **_COMMON,
        "OS_CLOUDNAME": plan.name,
        "OS_REGION_NAME": access.region,
        "OS_PASSWORD": access.password,
        "no_proxy": _joined(no_proxy, access.hosts),
    }
    v3 = _script({**variables, **_V3, "OS_AUTH_URL": access.url_v3})
    if not access.url.endswith("/v2.0"):
        return {"overcloudrc": v3, "overcloudrc.v3": v3}
    v2 = {"OS_TENANT_NAME": "admin", "OS_AUTH_URL": access.url}
    return {"overcloudrc": _script(variables | v2), "overcloudrc.v3": v3}


def clouds_yaml(cloud: clients.Cloud, plan: Plan) -> dict[str, Any]:
    """The entry of the cloud in a file clouds.yaml, by the plan's name.

    :raises NotFound: the plan has no stack, or no AdminPassword.
    :raises Conflict: the stack has not made its outputs yet.
    """
    access = find(cloud, plan)
    return {
        plan.name: {
            "auth": {
                "auth_url": access.url_v3,
                "username": "admin",
                "password": access.password,
                "project_name": "admin",
                "user_domain_name": "Default",
                "project_domain_name": "Default",
            },
            "region_name": access.region,
            "identity_api_version": "3",
        }
    }


def horizon_url(cloud: clients.Cloud, stack: str) -> str:
    """Where the dashboard of a cloud is.

    :raises NotFound: there is no such stack.
    :raises Conflict: the stack does not tell (yet), or has no dashboard.
    """
    endpoints = _output(_outputs(cloud, stack), "EndpointMap", stack)
    found = endpoints.get("HorizonPublic") if endpoints else None
    if not isinstance(found, dict) or not found.get("uri"):
        raise errors.Conflict(
            f"The stack {stack} tells of no dashboard: its output "
            "EndpointMap has no HorizonPublic. Deploy the service Horizon "
            "if there shall be one."
        )
    return str(found["uri"])


@dataclass(frozen=True)
class Access:
    """How the admin of a cloud logs in.

    :ivar url: Keystone's, as the stack tells it.
    :ivar hosts: to be reached without a proxy.
    """

    url: str
    region: str
    hosts: list[str | None]
    password: str = field(repr=False)

    @property
    def url_v3(self) -> str:
        """Keystone's API of version 3."""
        base = self.url.removesuffix("/v2.0").removesuffix("/v3")
        return f"{base}/v3"


def find(cloud: clients.Cloud, plan: Plan) -> Access:
    """How the admin of a plan's cloud logs in.

    :raises NotFound: the plan has no stack, or no AdminPassword.
    :raises Conflict: the stack has not made its outputs yet.
    """
    current = plan.state()
    outputs = _outputs(cloud, plan.name)
    # The plan's may have changed since; the cloud knows these.
    known = deployed.get(cloud, plan.name).parameters
    password = _admin_password(plan.name, current, known)
    url = str(_output(outputs, "KeystoneURL", plan.name)).rstrip("/")
    endpoints = _output(outputs, "EndpointMap", plan.name)
    admin = endpoints.get("KeystoneAdmin") or {}
    region = {**current.parameter_defaults, **known}.get(
        "KeystoneRegion", _REGION
    )
    hosts = [parse.urlsplit(url).hostname, admin.get("host")]
    return Access(url, str(region), hosts, password)


def _admin_password(
    plan: str, current: State, known: Mapping[str, Any]
) -> str:
    known = {
        **passwords.in_force(current.passwords, current.parameter_defaults),
        **known,
    }
    if not known.get("AdminPassword"):
        raise errors.NotFound(
            f"Plan {plan} has no AdminPassword, neither generated nor set, "
            "and its stack was deployed with none. Set the one that the cloud "
            "has, with tripleo.parameters.update."
        )
    return str(known["AdminPassword"])


def _outputs(cloud: clients.Cloud, plan: str) -> dict[str, Any]:
    """The values of the stack's outputs, by name."""
    try:
        stack = cloud.orchestration.stacks.get(plan)
    except errors.ResourceNotFound:
        raise errors.NotFound(
            f"Plan {plan} has no stack, so there is no cloud to log in to. "
            "Deploy it with tripleo.deployment.v1.deploy_plan first."
        ) from None
    return {
        output["output_key"]: output.get("output_value")
        for output in getattr(stack, "outputs", None) or []
    }


def _output(outputs: Mapping[str, Any], name: str, plan: str) -> Any:
    if not outputs.get(name):
        raise errors.Conflict(
            f"The stack {plan} has no output {name} (yet). Wait until it is "
            f"deployed (openstack stack show {plan}); its root template must "
            f"have such an output."
        )
    return outputs[name]


def _joined(no_proxy: str, hosts: Iterable[str | None]) -> str:
    """*no_proxy* with *hosts* behind it, none twice; IPv6 in brackets."""
    added = [f"[{host}]" if ":" in host else host for host in hosts if host]
    given = [each.strip() for each in no_proxy.split(",")]
    return ",".join(dict.fromkeys(each for each in given + added if each))


def _script(variables: Mapping[str, Any]) -> str:
    lines = [
        f"export {name}={shlex.quote(str(value))}\n"
        for name, value in sorted(variables.items())
    ]
    return "".join([_HEAD, *lines, _PROMPT])
