"""Actions on plans' templates."""

from __future__ import annotations

from typing import Any

from tripleo_common import constants
from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import store


class UploadTemplatesAction(base.TripleOAction):
    """Upload the templates that are installed on the undercloud.

    They come from [tripleo_common] templates_dir of Mistral's configuration
    (/usr/share/openstack-tripleo-heat-templates). Files that are there as
    they are stay; none is removed.

    :param container: name of the plan; its container must exist.
    :returns: nothing.
    :repeated: harmless; it uploads what is missing.
    :raises PlanNotFound: there is no such container.
    :raises NotFound: no templates are installed.
    """

    def __init__(
        self, container: str = constants.DEFAULT_CONTAINER_NAME
    ) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> None:
        store.Plan(cloud, self.container).upload_default_templates()


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
