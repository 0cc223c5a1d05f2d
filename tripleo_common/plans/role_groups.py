"""The roles that a plan's root template deploys, as Heat sees them.

A role is a resource of the type ``OS::Heat::ResourceGroup`` in the root
template; this holds for templates of all releases, with ``roles_data.yaml``
and without.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tripleo_common import clients, constants
from tripleo_common.plans import roles, yaml_text
from tripleo_common.plans.heat_inputs import HeatInputs
from tripleo_common.plans.store import Plan

_GROUP = "OS::Heat::ResourceGroup"
_ROLE_TYPE = "OS::TripleO::"
_FLAVOR = "Flavor"
_FLAVOR_CONSTRAINT = "nova.flavor"

Tree = Mapping[str, Any]


def names(plan: Plan, path: str = constants.ROLES_FILE) -> list[str]:
    """The names of a plan's roles, in their order.

    Plans without ``roles_data.yaml``, as those of Newton's first templates,
    have the groups of their root template.

    :param path: the file of the roles, in the plan.
    :raises FileMissing: the plan has no such file.
    """
    files = plan.files()
    if path in files or path != constants.ROLES_FILE:
        return [role["name"] for role in roles.load(files, path)]
    template = plan.state().template
    text = files.read(template, "the plan")
    return list(_groups(yaml_text.load_mapping(text, template)))


def identify(cloud: clients.Cloud, plan: Plan) -> list[dict[str, Any]]:
    """The roles of a plan, from Heat's validation of it with nested stacks.

    :returns: of each role: ``name``; ``resource``, the group's name in the
        root template; ``count``, how many nodes it has; ``flavor``, theirs
        (None: the templates set none); ``parameters``, the names of those
        that set what the role is, sorted.
    :raises InvalidFile: a file of the plan cannot be used.
    :raises ServiceError: Heat finds fault with the templates.
    """
    inputs = plan.collect()
    tree = cloud.orchestration.stacks.validate(
        template=inputs.template,
        files=inputs.files,
        environment=inputs.environment,
        show_nested=True,
    )
    groups = _groups(inputs.template)
    return [
        _Role(resource, group, inputs, tree).told()
        for resource, group in groups.items()
    ]


def _groups(template: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    resources = template.get("resources")
    if not isinstance(resources, dict):
        return {}
    return {
        name: resource
        for name, resource in resources.items()
        if isinstance(resource, dict) and resource.get("type") == _GROUP
    }


class _Role:
    """One group, in the root template and in Heat's answer."""

    def __init__(
        self,
        resource: str,
        group: dict[str, Any],
        inputs: HeatInputs,
        tree: Tree,
    ) -> None:
        self._resource = resource
        self._properties = _mapping(group, "properties")
        self._root = _mapping(tree, "Parameters")
        self._set = _mapping(inputs.environment, "parameter_defaults")
        definition = _mapping(self._properties, "resource_def")
        self._type = str(definition.get("type", ""))
        self._given = _mapping(definition, "properties")
        nested = _mapping(_mapping(tree, "NestedParameters"), resource)
        members = _mapping(nested, "NestedParameters")
        # Heat validates one member for all; they are alike.
        member: Tree = next(iter(members.values()), {})
        self._own = _mapping(member, "Parameters")

    def told(self) -> dict[str, Any]:
        name = self._type.removeprefix(_ROLE_TYPE)
        return {
            "name": self._resource if name == self._type else name,
            "resource": self._resource,
            "count": self._count(),
            "flavor": self._flavor(),
            "parameters": sorted(self._parameters()),
        }

    def _count(self) -> int | None:
        """How many members there are; None: the template computes it."""
        count = self._value(self._properties.get("count", 1))
        return None if count is None else int(count)

    def _parameters(self) -> set[str]:
        """Those of the group, and those of its members that it leaves free."""
        of_group = {
            key: value
            for key, value in self._properties.items()
            if key != "resource_def"
        }
        free = {name for name in self._own if name not in self._given}
        return free | (_referred(of_group) & set(self._root))

    def _flavor(self) -> Any:
        """The members' flavor.

        Where there are several such parameters, all but one are deprecated,
        and win if they are set.
        """
        found = [
            name
            for name, schema in self._own.items()
            if schema.get("CustomConstraint") == _FLAVOR_CONSTRAINT
            or name.endswith(_FLAVOR)
        ]
        if not found:
            return None
        name = min(found, key=lambda name: (name not in self._set, name))
        if name in self._given:
            return self._value(self._given[name])
        return _default(self._own[name])

    def _value(self, value: Any) -> Any:
        """A property's value, where it is plain or a parameter's."""
        if isinstance(value, dict) and set(value) == {"get_param"}:
            name = value["get_param"]
            return _default(_mapping(self._root, str(name)))
        return None if isinstance(value, dict | list) else value


def _default(schema: Tree) -> Any:
    """A parameter's value: what is set, or what its template says."""
    return schema.get("Value", schema.get("Default"))


def _mapping(value: Tree, key: str) -> dict[str, Any]:
    # Heat tells no parameters as a list, at times.
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _referred(value: Any) -> set[str]:
    """The names of all parameters that an expression takes."""
    if isinstance(value, list):
        return set().union(*map(_referred, value))
    if not isinstance(value, dict):
        return set()
    taken = value.get("get_param")
    name = taken[0] if isinstance(taken, list) and taken else taken
    nested = set().union(*map(_referred, value.values()))
    return nested | ({name} if isinstance(name, str) else set())
