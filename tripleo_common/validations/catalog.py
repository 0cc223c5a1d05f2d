"""Which validations there are, and what they say of themselves.

A playbook says it in its first play, in the variable ``metadata``: ``name``,
``description`` and ``groups``. One that cannot be read is listed with what is
wrong with it, and hides no other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.plans import default_templates, tempurl, yaml_text
from tripleo_common.plans.container import Container, changed
from tripleo_common.validations import playbooks
from tripleo_common.validations.playbooks import Playbook

UNNAMED = "Unnamed"
UNDESCRIBED = "No description"


def validations(
    cloud: clients.Cloud, plan: str, groups: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """The validations that a plan can use, sorted by their ids.

    :param groups: those of one of these groups; none: all.
    :returns: for each ``id``, ``name``, ``description``, ``groups``, other
        ``metadata``, the ``parameters`` (the play's other variables) and the
        ``error`` of a playbook that cannot be used, or null.
    """
    wanted = set(groups or ())
    found = [described(each) for each in playbooks.find(cloud, plan).values()]
    return [
        each for each in found if not wanted or wanted & set(each["groups"])
    ]


def group_names(cloud: clients.Cloud, plan: str) -> list[str]:
    """The names of all groups that a validation is in, sorted."""
    listed = validations(cloud, plan)
    return sorted({group for each in listed for group in each["groups"]})


def in_groups(
    cloud: clients.Cloud, plan: str, groups: list[str]
) -> list[dict[str, Any]]:
    """The validations of some groups.

    :raises ValidationNotFound: there is none in one of the groups.
    """
    found = validations(cloud, plan, groups)
    present = {group for each in found for group in each["groups"]}
    missing = sorted(set(groups) - present)
    if missing or not groups:
        named = ", ".join(missing) or "without a name"
        raise errors.ValidationNotFound(
            f"There is no validation in the group {named}"
        )
    return found


def get(cloud: clients.Cloud, plan: str, validation: str) -> Playbook:
    """The playbook of a validation.

    :raises ValidationNotFound: there is none of that id.
    :raises InvalidInput: its playbook cannot be used.
    """
    known = playbooks.find(cloud, plan)
    # The id is looked up, and never becomes a path.
    if validation not in known:
        raise errors.ValidationNotFound(
            f"There is no validation {validation!r:.200}"
        )
    playbook = known[validation]
    wrong = described(playbook)["error"]
    if wrong:
        raise errors.InvalidInput(
            f"The validation {validation} cannot be run: {wrong} Correct "
            "its playbook and try again."
        )
    return playbook


def described(playbook: Playbook) -> dict[str, Any]:
    """What a playbook says of itself."""
    try:
        variables = _variables(playbook)
    except errors.InvalidFile as error:
        where = "" if error.line is None else f", line {error.line}"
        wrong = f"{playbook.path}{where}: {error.cause}."
        return _entry(playbook, {}, {}, wrong)
    metadata = variables.pop("metadata", None) or {}
    return _entry(playbook, metadata, variables, None)


def upload(cloud: clients.Cloud, container: str, directory: str) -> int:
    """Store the playbooks of a directory in a container.

    :param directory: one that is configured; empty: the first there is.
    :returns: how many files there are in it.
    :raises InvalidInput: it is none of these.
    :raises NotFound: there is nothing in it.
    """
    tempurl.check_container(container)
    allowed = {str(each.resolve()) for each in playbooks.directories()}
    if not directory:
        found = playbooks.directories()
        directory = str(found[0]) if found else ""
    if directory.rstrip("/") not in allowed:
        raise errors.InvalidInput(
            f"{directory!r:.200} is no directory of validations: [tripleo_"
            "common] validations_dirs in Mistral's configuration names "
            f"{', '.join(sorted(allowed)) or 'none that exists'}. Pass one "
            "of these as dir_to_upload."
        )
    try:
        files = default_templates.read(directory)
    except errors.NotFound:
        raise errors.NotFound(
            f"There is nothing in the directory of validations {directory}. "
            "Install tripleo-validations, or correct [tripleo_common] "
            "validations_dirs in Mistral's configuration."
        ) from None
    stored = Container(cloud, container)
    cloud.object_store.put_container(container, headers={})
    stored.write(changed(files, stored.files()))
    return len(files)


def _variables(playbook: Playbook) -> dict[str, Any]:
    """The variables of the first play, checked as far as they are used."""

    def refused(cause: str) -> errors.InvalidFile:
        return errors.InvalidFile(playbook.path, cause)

    if playbook.unreadable:
        raise refused(playbook.unreadable)
    plays = yaml_text.load_list(playbook.text, playbook.path)
    if not plays or not isinstance(plays[0], dict):
        raise refused("a list of plays is wanted")
    variables = plays[0].get("vars") or {}
    if not isinstance(variables, dict):
        raise refused("the vars of its first play must be a mapping")
    metadata = variables.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise refused("its metadata must be a mapping")
    groups = metadata.get("groups") or []
    if not isinstance(groups, list) or not all(
        isinstance(group, str) for group in groups
    ):
        raise refused("the groups in its metadata must be a list of names")
    return dict(variables)


def _entry(
    playbook: Playbook,
    metadata: Mapping[str, Any],
    parameters: Mapping[str, Any],
    wrong: str | None,
) -> dict[str, Any]:
    known = ("name", "description", "groups")
    entry = {
        "id": playbook.id,
        "name": str(metadata.get("name") or UNNAMED),
        "description": str(metadata.get("description") or UNDESCRIBED),
        "groups": list(metadata.get("groups") or []),
        "metadata": {k: v for k, v in metadata.items() if k not in known},
        "parameters": dict(parameters),
        "error": wrong,
    }
    # YAML has more kinds of values than JSON.
    told: dict[str, Any] = json.loads(
        json.dumps(entry, default=str, skipkeys=True)
    )
    return told
