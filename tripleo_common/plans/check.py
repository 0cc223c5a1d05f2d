"""Find all that stands in the way of a plan's deployment, at once.

Each check looks at one thing, and tells what it finds. One whose service does
not answer says that it does not know, and the others go on.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.plans import (
    parameter_values,
    passwords,
    resource_tree,
    roles,
)
from tripleo_common.plans.state import State
from tripleo_common.plans.store import Plan

#: What a finding can be. Only what failed keeps a plan from being deployed.
FAILED, WARNING, UNKNOWN = "failed", "warning", "unknown"
_UPDATE = "tripleo.parameters.update"
#: A resource type that stands for a role's machines, and a template that
#: takes machines which are there already.
_SERVER = re.compile(r"OS::TripleO::\w*Server")
_DEPLOYED = "deployed-server"

Finding = tuple[str, str, str]


class Subject:
    """A plan, and what several checks want to know of it; asked once."""

    def __init__(self, cloud: clients.Cloud, plan: Plan) -> None:
        self.cloud = cloud
        self.plan = plan

    @functools.cached_property
    def state(self) -> State:
        return self.plan.state()

    @functools.cached_property
    def tree(self) -> resource_tree.Tree:
        return resource_tree.get(self.cloud, self.plan, self.state)

    @functools.cached_property
    def stack(self) -> Any | None:
        return self.plan.stack()

    @functools.cached_property
    def _inputs(self) -> Any:
        return self.plan.collect(self.state)

    @functools.cached_property
    def parameters(self) -> dict[str, Any]:
        """The root template's parameters, with the values in force."""
        taken = self._inputs.template.get("parameters") or {}
        given = self._inputs.environment
        return {
            **{name: told.get("default") for name, told in taken.items()},
            **(given.get("parameter_defaults") or {}),
            **(given.get("parameters") or {}),
        }

    @functools.cached_property
    def counts(self) -> dict[str, int]:
        """How many machines each role is to have."""
        counts = {}
        for role in roles.load(self.plan.files()):
            name = role["name"]
            told = str(
                self.parameters.get(
                    f"{name}Count", role.get("CountDefault", 0)
                )
            )
            counts[name] = int(told) if told.isdecimal() else 0
        return counts

    @functools.cached_property
    def missing(self) -> set[str]:
        """The parameters without a value.

        What a template gives to a nested one is often known only when the
        stack is made, so Heat tells no value of it.
        """
        given: set[str] = set()
        for text in self._inputs.files.values():
            if text.startswith("{"):
                given.update(_properties(json.loads(text)))
        given.update(_properties(self._inputs.template))
        of_root = {"Parameters": self.tree.get("Parameters")}
        return (set(_missing(self.tree)) - given) | set(_missing(of_root))

    @property
    def takes_machines_as_they_are(self) -> bool:
        """Whether no node is deployed by Heat."""
        registry = self._inputs.environment.get("resource_registry") or {}
        return any(
            _SERVER.fullmatch(name) and _DEPLOYED in str(target)
            for name, target in registry.items()
        )


def check(cloud: clients.Cloud, plan: Plan) -> dict[str, Any]:
    """Look at a plan before it is deployed; nothing is changed.

    :returns: ``ready`` (whether nothing failed), ``checked`` (the names of
        all checks), and ``findings``: for each ``check``, ``status``
        (``failed``, ``warning`` or ``unknown``), ``message``, and ``fix``.
    :raises PlanNotFound: there is no such plan.
    """
    subject = Subject(cloud, plan)
    findings = [
        {"check": name, "status": status, "message": text, "fix": fix}
        for name, function in _checks_of(subject).items()
        for status, text, fix in _ran(function, subject)
    ]
    return {
        "ready": all(each["status"] != FAILED for each in findings),
        "checked": list(CHECKS),
        "findings": findings,
    }


def _checks_of(subject: Subject) -> Mapping[str, Check]:
    try:
        _ = subject.state
    except (errors.PlanIncomplete, errors.StateConflict):
        # The others would only say the same.
        return {"plan": CHECKS["plan"]}
    return CHECKS


def _ran(function: Check, subject: Subject) -> Iterator[Finding]:
    try:
        yield from function(subject)
    except errors.ServiceUnreachable as error:
        yield UNKNOWN, str(error), "See to the service, and check again."
    except errors.ServiceError as error:
        status = FAILED if error.status == 400 else UNKNOWN
        yield status, str(error), "See what the service says."
    except errors.TripleOError as error:
        yield FAILED, str(error), "Do what the message says."


def _plan(subject: Subject) -> Iterator[Finding]:
    """Whether both halves are there and agree."""
    _ = subject.state
    yield from ()


def _parameters(subject: Subject) -> Iterator[Finding]:
    """Whether what the templates need is set, to what they take."""
    generated = passwords.kinds()
    for name in sorted(subject.missing - set(generated)):
        yield (
            FAILED,
            f"The parameter {name} has no value, and no default.",
            f'Set it with {_UPDATE}: {{"{name}": ...}}, or put an '
            "environment in force that does.",
        )
    told = parameter_values.check(
        subject.tree, subject.state.parameter_defaults
    )
    for text in told.wrong:
        yield FAILED, f"{text}.", f"Correct it with {_UPDATE}."
    for name in told.unknown:
        yield (
            WARNING,
            f"No template of the plan takes the parameter {name}.",
            "See whether its name is written right.",
        )


def _missing(tree: Mapping[str, Any]) -> Iterator[str]:
    for name, definition in (tree.get("Parameters") or {}).items():
        if not {"Default", "Value"} & definition.keys():
            yield name
    for nested in (tree.get("NestedParameters") or {}).values():
        yield from _missing(nested)


def _properties(value: Any) -> Iterator[str]:
    """The names of all properties that a template gives to resources."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "properties" and isinstance(item, dict):
                yield from item
            yield from _properties(item)
    elif isinstance(value, list):
        for item in value:
            yield from _properties(item)


def _passwords(subject: Subject) -> Iterator[Finding]:
    """Whether the passwords that the templates take are there."""
    missing = sorted(subject.missing & set(passwords.kinds()))
    if missing:
        yield (
            FAILED,
            f"{len(missing)} passwords are missing: {', '.join(missing)}.",
            "Generate them with tripleo.parameters.generate_passwords.",
        )


def _roles(subject: Subject) -> Iterator[Finding]:
    """Whether there are machines at all."""
    empty = [name for name, count in subject.counts.items() if not count]
    if subject.counts and len(empty) == len(subject.counts):
        yield (
            FAILED,
            "No role has a machine.",
            f"Set counts with {_UPDATE}, such as {empty[0]}Count.",
        )
    elif empty:
        yield (
            WARNING,
            f"Roles without machines: {', '.join(empty)}.",
            f"If they should have some, set <role>Count with {_UPDATE}.",
        )


def _nodes(subject: Subject) -> Iterator[Finding]:
    """Whether Ironic has a node for each machine."""
    if subject.takes_machines_as_they_are:
        return
    needed = sum(subject.counts.values())
    nodes = subject.cloud.baremetal.node.list(
        limit=0,
        fields=["uuid", "provision_state", "maintenance", "instance_uuid"],
    )
    there = sum(
        _is_usable(node, subject.stack is not None)
        for node in nodes
        if not node.maintenance
    )
    if there < needed:
        counts = ", ".join(f"{k} {v}" for k, v in subject.counts.items() if v)
        yield (
            FAILED,
            f"The roles need {needed} nodes ({counts}), and {there} are "
            "available.",
            f"Register and provide more nodes, or lower the counts with "
            f"{_UPDATE}.",
        )


def _is_usable(node: Any, deployed: bool) -> bool:
    if node.provision_state == "available":
        return not node.instance_uuid
    return deployed and node.provision_state == "active"


def _images(subject: Subject) -> Iterator[Finding]:
    """Whether Glance has the images that the roles' machines get."""
    if subject.takes_machines_as_they_are:
        return
    wanted = {
        f"{role}Image": subject.parameters.get(f"{role}Image")
        for role, count in subject.counts.items()
        if count
    }
    named = {name: image for name, image in wanted.items() if image}
    if not named:
        return
    known: set[str] = set()
    for image in subject.cloud.image.images.list():
        known |= {str(image.id), str(image.name)}
    for name, image in named.items():
        if image not in known:
            yield (
                FAILED,
                f"{name} is {image}, and Glance has no such image.",
                f"Upload it (openstack image create), or set {name} with "
                f"{_UPDATE}.",
            )


def _stack(subject: Subject) -> Iterator[Finding]:
    """Whether Heat is free to work on the plan's stack."""
    if subject.stack is None:
        return
    status = subject.stack.stack_status
    name = subject.plan.name
    if status.endswith("_IN_PROGRESS"):
        yield (
            FAILED,
            f"The stack {name} is busy ({status}).",
            f"Wait for it: openstack stack event list --follow {name}.",
        )
    elif status.endswith("_FAILED"):
        yield (
            WARNING,
            f"The stack {name} stands, but failed ({status}).",
            f"See openstack stack failures list {name}; a deployment updates "
            "it.",
        )


Check = Callable[[Subject], Iterator[Finding]]
CHECKS: dict[str, Check] = {
    "plan": _plan,
    "parameters": _parameters,
    "passwords": _passwords,
    "roles": _roles,
    "nodes": _nodes,
    "images": _images,
    "stack": _stack,
}
