"""Tell the versions of a plan, and go back to one.

Going back is a change like others: it has a version of its own, and can be
undone by going back again.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.plans import (
    capabilities_map,
    changes,
    file_lists,
    history,
    resource_tree,
    updating,
)
from tripleo_common.plans.changes import Changes, Secrets
from tripleo_common.plans.container import md5
from tripleo_common.plans.file_lists import Kept
from tripleo_common.plans.files import Files
from tripleo_common.plans.history import Version
from tripleo_common.plans.state import State
from tripleo_common.plans.store import Plan

_BUSY = "_IN_PROGRESS"
#: More versions at once would be more than Mistral takes as a result.
MOST = 100


@dataclass(frozen=True)
class _Return:
    """What going back to a version changes.

    :ivar contents: the files that are stored again, by path.
    :ivar marked: those of them that came from a source.
    :ivar gone: the files that are removed.
    """

    contents: dict[str, bytes]
    marked: set[str]
    gone: list[str]
    changes: Changes


def listed(
    plan: Plan, limit: int = 10, number: int | None = None
) -> list[dict[str, Any]]:
    """The versions of a plan, the newest first, with what each changed.

    :param limit: how many at most.
    :param number: the version to begin with; None: the newest.
    :returns: for each ``version``, what :class:`history.Version` knows about
        it, and ``changes`` as :func:`changes.of_state` tells them, with
        ``files``; null, where the version before is not known.
    :raises InvalidInput: the limit is not a number of versions.
    :raises VersionNotFound: there is no such version.
    :raises PlanNotFound: there is no such plan.
    """
    if not 0 < limit <= MOST:
        raise errors.InvalidInput(
            f"limit must be a whole number from 1 to {MOST}, not {limit}. To "
            "read on, pass the oldest version that was told as version."
        )
    current = plan.state()
    newest = (current.history or {}).get("version", 0)
    if number is not None:
        newest = plan.history.version(current, number).number
    # One more, to tell what the last one changed.
    found = plan.history.versions(current, newest, limit + 1)
    lists = plan.history.files(current, found)
    before = {version.number + 1: version for version in found}
    secrets = changes.Secrets(
        [history.snapshot(current), *(version.state for version in found)]
    )
    return [
        {
            "version": each.number,
            **each.about,
            "changes": _changes(before.get(each.number), each, lists, secrets),
        }
        for each in found[:limit]
    ]


def _changes(
    before: Version | None,
    after: Version,
    lists: dict[str, dict[str, Kept]],
    secrets: Secrets,
) -> Changes | None:
    if before is None:
        return None
    told = changes.of_state(before.state, after.state, secrets)
    if before.files == after.files:
        return {"files": changes.of_files({}, {}), **told}
    if not {before.files, after.files} <= lists.keys():
        return {"files": None, **told}
    files = changes.of_files(lists[before.files], lists[after.files])
    return {"files": files, **told}


def roll_back(
    cloud: clients.Cloud,
    plan: Plan,
    number: int,
    include_passwords: bool = False,
    validate: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Have a plan be what it was; all or nothing is stored.

    The templates are rendered, and what Heat needs is collected, before
    anything is stored. What was rendered is for :meth:`Plan.process` to store.

    :param include_passwords: whether passwords are those of then, too. Those
        that were made since stay, as the cloud knows them.
    :param validate: have Heat validate the whole first.
    :param dry_run: tell what it would change only.
    :returns: ``changes``, and ``version``: the plan's after it.
    :raises VersionNotFound: there is no such version.
    :raises VersionIncomplete: its files are not kept any more.
    :raises StackBusy: the plan's stack is being changed.
    :raises InvalidFile: a file of that version cannot be used.
    :raises PlanNotFound: there is no such plan.
    """
    with plan.exclusively() as lease:
        if validate:
            lease.check(needed=resource_tree.seconds())
        if dry_run:
            tried = copy.deepcopy(plan.state())
            told = _prepared(
                cloud, plan, tried, number, include_passwords, validate
            )
            return _told(told, tried)
        with plan.changing(restored=number) as current:
            told = _prepared(
                cloud, plan, current, number, include_passwords, validate
            )
            plain = {
                path: content
                for path, content in told.contents.items()
                if path not in told.marked
            }
            marked = {p: told.contents[p] for p in told.marked}
            if plain:
                plan.upload(plain)
            if marked or told.gone:
                plan.upload(marked, updating.MARK, told.gone)
        return _told(told, current)


def _told(done: _Return, current: State) -> dict[str, Any]:
    return {
        "changes": done.changes,
        "version": (current.history or {}).get("version"),
    }


def _prepared(
    cloud: clients.Cloud,
    plan: Plan,
    current: State,
    number: int,
    include_passwords: bool,
    validate: bool,
) -> _Return:
    """Change a state to that of a version; find out all that follows.

    :param current: the state, which is not stored here.
    """
    stack = plan.stack()
    if stack is not None and stack.stack_status.endswith(_BUSY):
        raise errors.StackBusy(plan.name, stack.stack_status)
    wanted = plan.history.version(current, number)
    lists = plan.history.files(current, [wanted])
    if wanted.files not in lists:
        raise errors.VersionIncomplete(plan.name, number)
    listed_then = lists[wanted.files]
    files = plan.files()
    here = file_lists.own(files.stored)
    contents = _contents(plan, current, wanted, listed_then, files)
    before = history.snapshot(copy.deepcopy(current))
    _restore(current, wanted.state, include_passwords)
    gone = [path for path in here if path not in listed_then]
    for path in gone:
        files.forget(path)
    for path, content in contents.items():
        files.put(path, content)
    current.capabilities = capabilities_map.read(files)
    inputs = plan.try_out(files, current)
    if validate:
        resource_tree.validate(cloud, inputs, current)
    told = {
        "files": changes.of_files(here, listed_then),
        **changes.of_state(before, history.snapshot(current)),
    }
    marked = {
        path
        for path in contents
        if listed_then[path].content_type.endswith(updating.MARK)
    }
    return _Return(contents, marked, gone, told)


def _contents(
    plan: Plan,
    current: State,
    wanted: Version,
    listed_then: dict[str, Kept],
    files: Files,
) -> dict[str, bytes]:
    """The files of a version that the plan has not, or not like that."""
    here = file_lists.own(files.stored)
    differ = {
        path: kept
        for path, kept in listed_then.items()
        if path not in here or here[path].md5 != kept.md5
    }
    found = plan.history.contents(current, differ)
    lost = [
        path
        for path, kept in differ.items()
        if path not in found or md5(found[path]) != kept.md5
    ]
    if lost:
        raise errors.VersionIncomplete(plan.name, wanted.number, lost)
    return found


def _restore(
    current: State, then: dict[str, Any], include_passwords: bool
) -> None:
    current.template = then["template"]
    current.environments = then["environments"]
    current.parameter_defaults = then["parameter_defaults"]
    current.other = then["other"]
    current.mirror = {**(current.mirror or {}), "rest": then["rest"]}
    if include_passwords:
        current.passwords = {**current.passwords, **then["passwords"]}
