"""Actions that bring plans up to date."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import sources, store, updating


class UpdatePlanAction(base.TripleOAction):
    """Take over what a plan's templates say.

    That is the root template, the root environment and the capabilities map.
    Parameters, passwords, and the environments that are in force stay.

    :param container: name of the plan.
    :param source_url: a repository of Git that the plan is to follow, with #
        and a branch or a tag behind it, where that is not the repository's
        own choice; none: the files in its container. Files that differ are
        stored, those that came from a repository or a directory and are not
        in it any more are removed, and of a plan-environment.yaml that is
        taken over which the plan does not say itself. Everything is rendered
        before anything is stored.
    :param plan_environment: what the plan's environment is to say after it,
        as tripleo.templates.upload_plan_environment takes it; none: nothing.
    :returns: nothing.
    :repeated: harmless; it takes over the same.
    :raises InvalidInput: the URL or the repository is not to be used, or
        plan_environment is not of its form.
    :raises ServiceError: the repository cannot be fetched.
    :raises InvalidFile: a template cannot be used; the plan stays as it was.
    :raises FileMissing: what the plan deploys, or an environment that is in
        force, is in no file any more; likewise.
    :raises PlanBusy: somebody else changes the plan, and takes long.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self,
        container: str,
        source_url: str | None = None,
        plan_environment: dict[str, Any] | None = None,
    ) -> None:
        self.container = container
        self.source_url = source_url
        self.plan_environment = plan_environment

    def execute(self, cloud: Cloud) -> None:
        plan = store.Plan(cloud, self.container)
        plan.state()
        files = None
        if self.source_url:
            files = sources.repository(self.source_url)
        updating.update(plan, files, self.plan_environment or {})


class UpdatePlanFromDirAction(base.TripleOAction):
    """Have a plan follow a directory of templates.

    Files that differ are stored, and those that came from such a directory
    and are not in it any more are removed. Everything is rendered before
    anything is stored. plan-environment.yaml, roles_data.yaml,
    network_data.yaml and j2_excludes.yaml stay as the plan has them.

    :param container: name of the plan.
    :param templates_dir: a directory of the executor, below [tripleo_common]
        templates_dir or upload_dirs of Mistral's configuration; none: the
        installed templates.
    :returns: nothing.
    :repeated: harmless; it stores what is missing.
    :raises InvalidInput: the directory is not one that may be read.
    :raises InvalidFile: a template cannot be used; the plan stays as it was.
    :raises FileMissing: what is in force is in no file any more; likewise.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        templates_dir: str | None = None,
    ) -> None:
        self.container = container
        self.templates_dir = templates_dir

    def execute(self, cloud: Cloud) -> None:
        plan = store.Plan(cloud, self.container)
        files = sources.directory(self.templates_dir)
        updating.replace(plan, files, sources.OPERATORS_FILES)


class MigratePlanAction(base.TripleOAction):
    """Give a plan the file plan-environment.yaml, if it has none.

    :param plan: name of the plan.
    :returns: nothing.
    :repeated: harmless; a file that is there stays.
    :raises PlanNotFound: there is no such plan.
    """

    def __init__(self, plan: str) -> None:
        self.plan = plan

    def execute(self, cloud: Cloud) -> None:
        updating.migrate(store.Plan(cloud, self.plan))
