"""Actions about the versions of a plan."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import large_results, store, versions


class PlanHistoryAction(base.TripleOAction):
    """Tell who changed a plan, when, and what.

    Nothing is changed. One workflow makes one version, whatever its tasks
    change, and so does an action that somebody calls by itself. How many are
    kept says [tripleo_common] history_versions of Mistral's configuration.

    :param container: name of the plan.
    :param limit: how many versions are told at most, from 1 to 100.
    :param version: the version to begin with; null: the newest.
    :returns: a list of mappings, the newest version first: version, time
        (UTC), user, project, operation (the workflow or the action),
        execution, restored (the version that was gone back to, or null),
        found (whether another client had written plan-environment.yaml
        before), and changes, null where the version before is not known, or
        a mapping: files, environments, parameters, passwords and other, in
        each added, changed and removed; and template, null or before and
        after. Secrets are masked. Where that is more than Mistral takes, a
        mapping: versions (null), and spilled, as it tells of templates.
    :repeated: harmless; it only reads.
    :raises PlanNotFound: there is no such plan.
    :raises VersionNotFound: there is no such version; tells those that are.
    :raises HistoryDamaged: somebody else wrote into the history.
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        limit: int = 10,
        version: int | None = None,
    ) -> None:
        self.container = container
        self.limit = limit
        self.version = version

    def execute(self, cloud: Cloud) -> list[dict[str, Any]] | dict[str, Any]:
        plan = store.Plan(cloud, self.container)
        found = versions.listed(plan, self.limit, self.version)
        fitted = large_results.fitted(
            cloud, self.container, {"versions": found}, "versions"
        )
        return found if fitted["versions"] is not None else fitted


class RollbackPlanAction(base.TripleOAction):
    """Have a plan be again what one of its versions was.

    That is its files, root template, environments, parameters, and what else
    its plan environment says. The plan's templates are rendered before
    anything is stored; tripleo.templates.process stores what they become.

    :param container: name of the plan.
    :param version: the number of the version, see tripleo.plan.history.
    :param include_passwords: whether the generated passwords become those of
        then, too. Those that were made since stay.
    :param validate_stack: whether Heat validates the whole before anything
        is stored.
    :param dry_run: whether it is only told what would change.
    :returns: a mapping: version (the plan's own after it), and changes, as
        tripleo.plan.history tells them (null, and spilled, where that is
        more than Mistral takes).
    :repeated: harmless; there is nothing left to change.
    :raises PlanNotFound: there is no such plan.
    :raises VersionNotFound: there is no such version; tells those that are.
    :raises VersionIncomplete: files of it are not kept any more.
    :raises StackBusy: the plan's stack is being changed; nothing was.
    :raises PlanBusy: somebody else changes the plan, and takes long.
    :raises InvalidFile: a file of it cannot be used; the plan stays as it is.
    :raises ServiceError: Heat finds fault with it; likewise.
    """

    def __init__(
        self,
        container: str,
        version: int,
        include_passwords: bool = False,
        validate_stack: bool = False,
        dry_run: bool = False,
    ) -> None:
        self.container = container
        self.version = version
        self.include_passwords = include_passwords
        self.validate_stack = validate_stack
        self.dry_run = dry_run

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        told = versions.roll_back(
            cloud,
            store.Plan(cloud, self.container),
            self.version,
            self.include_passwords,
            self.validate_stack,
            self.dry_run,
        )
        return large_results.fitted(cloud, self.container, told, "changes")
