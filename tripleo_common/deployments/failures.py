"""What failed in a stack, from the whole down to the first cause.

Heat marks each stack and resource around one that failed as failed, too. The
causes are those with no failed resource inside of them; of these the first
one in time is what the others came of, most of which Heat gave up for it.
"""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass
from typing import Any

from tripleo_common import clients, errors, masking

#: Levels of nested stacks; tripleo-heat-templates have nine.
DEPTH = 20
#: Characters of a reason, and of an output's end.
LONGEST_REASON = 1500
LONGEST_OUTPUT = 4000
_FAILED = "_FAILED"
#: Heat's words for what it gave up as something else had failed.
_GIVEN_UP = (" aborted", "cancelled")
_DEPLOYMENTS = (
    "OS::Heat::SoftwareDeployment",
    "OS::Heat::StructuredDeployment",
)


@dataclass(frozen=True)
class Failure:
    """A resource that failed, with none inside of it that did.

    :ivar path: the names of the resources that lead to it, with dots.
    :ivar type: the resource's type; of a stack: its own.
    :ivar server: id of the server that software was deployed on.
    :ivar status_code: of that software; null: it told none.
    """

    path: str
    type: str
    status: str
    reason: str
    time: str
    id: str = ""
    server: str = ""
    stdout: str = ""
    stderr: str = ""
    status_code: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; only what it has."""
        return {k: v for k, v in asdict(self).items() if v not in ("", None)}


def find(cloud: clients.Cloud, stack: Any) -> list[Failure]:
    """The causes of a stack's failure, the first one first.

    :param stack: as Heat tells it.
    :returns: none, if the stack has not failed. If none of its resources
        did, it is the stack itself.
    """
    listed = cloud.orchestration.resources.list(stack.id, nested_depth=DEPTH)
    failed = [e for e in listed if e.resource_status.endswith(_FAILED)]
    owners = {each.physical_resource_id: each for each in listed}
    guilty = {stack_of(each) for each in failed}
    known = secrets(cloud, stack.stack_name)
    causes = [
        _with_output(cloud, each, path_of(each, owners), known)
        for each in failed
        if (each.physical_resource_id or "") not in guilty
    ]
    if not causes and stack.stack_status.endswith(_FAILED):
        causes = [
            Failure(
                stack.stack_name,
                "OS::Heat::Stack",
                stack.stack_status,
                _cut(masking.masked(stack.stack_status_reason, known)),
                getattr(stack, "updated_time", None) or "",
                stack.id,
            )
        ]
    return sorted(causes, key=lambda each: (_is_given_up(each), each.time))


def told(cloud: clients.Cloud, stack: Any) -> str:
    """Why a stack failed, as one text; in Heat's words where need be."""
    name, status = stack.stack_name, stack.stack_status
    reason = _cut(getattr(stack, "stack_status_reason", ""))
    text = f"{name}: {reason}"
    with contextlib.suppress(errors.ServiceError):
        found = find(cloud, stack)
        if found:
            text = line(found[0])
            more = sum(not _is_given_up(each) for each in found) - 1
            if more > 0:
                text += f" (and {more} more)"
    return (
        f"The stack {name} is {status}. {text.rstrip('. ')}. For more run "
        "tripleo.deployment.v1.explain."
    )


def line(failure: Failure) -> str:
    """A failure on one line."""
    text = f"{failure.path} ({failure.type}): {failure.reason}"
    if failure.status_code is not None:
        text += f" (exit status {failure.status_code})"
    output = failure.stderr or failure.stdout
    if output:
        text += f": {output.strip().splitlines()[-1][:300]}"
    return text


def by_host(found: list[Failure], stack: str) -> dict[str, list[Any]]:
    """Failures as clients print them.

    :param stack: stands for the host where none is known.
    :returns: for each host a list of ``[path, details]``.
    """
    hosts: dict[str, list[Any]] = {}
    for each in found:
        details = each.to_dict()
        path = details.pop("path")
        hosts.setdefault(each.server or stack, []).append([path, details])
    return hosts


def secrets(cloud: clients.Cloud, plan: str) -> set[str]:
    """What must not turn up in what Heat and scripts say."""
    with contextlib.suppress(errors.ServiceError):
        return masking.values(cloud.workflow.environments.get(plan).variables)
    return set()


def _with_output(
    cloud: clients.Cloud, resource: Any, path: str, known: set[str]
) -> Failure:
    found: dict[str, Any] = {}
    if resource.resource_type in _DEPLOYMENTS:
        # What Heat never came to make has no output.
        with contextlib.suppress(errors.ServiceError):
            found = _output(cloud, resource.physical_resource_id)
    found = masking.masked(found, known)
    return Failure(
        path,
        resource.resource_type,
        resource.resource_status,
        _cut(masking.masked(resource.resource_status_reason, known)),
        resource.updated_time or "",
        resource.physical_resource_id or "",
        **found,
    )


def _output(cloud: clients.Cloud, deployment_id: str) -> dict[str, Any]:
    """What software said when it was deployed."""
    if not deployment_id:
        return {}
    deployment = cloud.orchestration.software_deployments.get(deployment_id)
    values = deployment.output_values or {}
    return {
        "server": str(deployment.server_id or ""),
        "stdout": _end(values.get("deploy_stdout")),
        "stderr": _end(values.get("deploy_stderr")),
        "status_code": _number(values.get("deploy_status_code")),
    }


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _is_given_up(failure: Failure) -> bool:
    return any(words in failure.reason for words in _GIVEN_UP)


def path_of(resource: Any, owners: dict[str, Any]) -> str:
    """The names of the resources that lead to a resource, with dots.

    :param owners: every resource, by its physical id.
    """
    names = [resource.resource_name]
    while (outer := owners.get(stack_of(resource))) is not None:
        names.insert(0, outer.resource_name)
        resource = outer
    return ".".join(names)


def stack_of(resource: Any) -> str:
    """The id of the stack that a resource is in."""
    href = next(
        link["href"] for link in resource.links if link["rel"] == "stack"
    )
    return str(href.rstrip("/").rpartition("/")[2])


def _cut(told: Any) -> str:
    """The beginning of a reason, on one line."""
    text = " ".join(str(told or "").split())
    if len(text) <= LONGEST_REASON:
        return text
    return f"{text[:LONGEST_REASON]} ..."


def _end(told: Any) -> str:
    """The end of an output: there the cause stands mostly."""
    text = str(told or "")
    if len(text) <= LONGEST_OUTPUT:
        return text
    return f"... {text[-LONGEST_OUTPUT:]}"
