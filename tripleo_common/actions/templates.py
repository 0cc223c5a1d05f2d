"""Actions on plans' templates."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import sources, store, updating


class UploadTemplatesAction(base.TripleOAction):
    """Upload templates from a directory of the executor to a plan.

    Files that are there as they are stay; none is removed. A plan that has
    been created keeps its own plan-environment.yaml.

    :param container: name of the plan; its container must exist.
    :param templates_path: the directory, below [tripleo_common]
        templates_dir or upload_dirs of Mistral's configuration; none: the
        installed templates (/usr/share/openstack-tripleo-heat-templates).
    :param dir_to_upload: the same, as releases since Rocky call it.
    :returns: nothing.
    :repeated: harmless; it uploads what is missing.
    :raises InvalidInput: the directory is not one that may be read.
    :raises PlanNotFound: there is no such container.
    :raises NotFound: no templates are there.
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        templates_path: str | None = None,
        dir_to_upload: str | None = None,
    ) -> None:
        self.container = container
        self.templates_path = templates_path
        self.dir_to_upload = dir_to_upload

    def execute(self, cloud: Cloud) -> None:
        plan = store.Plan(cloud, self.container)
        path = self.dir_to_upload or self.templates_path
        updating.upload(plan, sources.directory(path))


class UploadFromGitAction(base.TripleOAction):
    """Upload the templates of a repository of Git to a plan.

    The command git of the executor fetches one revision of it.

    :param container: name of the plan; its container must exist.
    :param source_url: the repository, of one of the schemes that
        [tripleo_common] source_schemes of Mistral's configuration allows,
        with # and a branch or a tag behind it, where that is not the
        repository's own choice.
    :returns: nothing.
    :repeated: harmless; it uploads what is missing.
    :raises InvalidInput: the URL, or the repository, is not to be used.
    :raises ServiceError: the repository cannot be fetched.
    :raises PlanNotFound: there is no such container.
    """

    def __init__(self, container: str, source_url: str) -> None:
        self.container = container
        self.source_url = source_url

    def execute(self, cloud: Cloud) -> None:
        plan = store.Plan(cloud, self.container)
        plan.files()  # Before anything is fetched.
        updating.upload(plan, sources.repository(self.source_url))


class UploadPlanEnvironmentAction(base.TripleOAction):
    """Have a plan's environment say what a caller says.

    Each key is replaced as a whole; keys that are not spoken of stay, and so
    do passwords that are not named. Of a plan that is not created yet, it
    becomes the file plan-environment.yaml.

    :param plan_environment: the environment: template, environments,
        parameter_defaults, passwords, and others.
    :param container: name of the plan; where it is the default, the name in
        plan_environment counts.
    :returns: nothing.
    :repeated: it sets the same, over what others set since.
    :raises InvalidInput: it is not of the form that it must be.
    :raises PlanNotFound: there is no such container.
    """

    def __init__(
        self,
        plan_environment: dict[str, Any],
        container: str = constants.DEFAULT_CONTAINER_NAME,
    ) -> None:
        self.plan_environment = plan_environment
        self.container = container

    def execute(self, cloud: Cloud) -> None:
        name = self.container
        if name == constants.DEFAULT_CONTAINER_NAME:
            name = self.plan_environment.get("name") or name
        plan = store.Plan(cloud, name)
        updating.upload_plan_environment(plan, self.plan_environment)


class ProcessTemplatesAction(base.TripleOAction):
    """Render a plan's Jinja2 templates; collect what Heat needs of it.

    The rendered files are stored in the plan's container; those that are
    not rendered any more are removed. If anything is wrong, nothing is
    stored.

    :param container: name of the plan.
    :param include_files: whether the result tells what Heat needs; that is
        more than a megabyte, so workflows that have no use for it leave it
        out.
    :returns: a mapping with stack_name, and, unless left out, template (a
        mapping), environment (a mapping) and files (texts by path).
    :repeated: harmless; it stores what is missing.
    :raises PlanNotFound: there is no such plan.
    :raises FileMissing: a file that another refers to is not in the plan.
    :raises InvalidFile: a file cannot be used; tells file, line and cause.
    """

    def __init__(
        self,
        container: str = constants.DEFAULT_CONTAINER_NAME,
        include_files: bool = True,
    ) -> None:
        self.container = container
        self.include_files = include_files

    def execute(self, cloud: Cloud) -> dict[str, Any]:
        inputs = store.Plan(cloud, self.container).process()
        result: dict[str, Any] = {"stack_name": self.container}
        if self.include_files:
            result |= {
                "template": inputs.template,
                "environment": inputs.environment,
                "files": inputs.files,
            }
        return result
