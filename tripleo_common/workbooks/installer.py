"""Register the workbooks with Mistral, and remove what is stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mistralclient.api import base as mistral_api

from tripleo_common import constants
from tripleo_common.workbooks.files import Workbook, load_all

_PREFIX = "tripleo."


def install(
    mistral: Any,
    progress: Callable[[str], None] = lambda line: None,
    workbooks: Iterable[Workbook] | None = None,
    scope: str = "private",
) -> None:
    """Create or update every workbook; remove stale workflows of ours.

    A workbook that Mistral has as it is, is left alone. A workflow is ours
    if its name begins with ``tripleo.`` and it carries our tag.

    :param mistral: a client of Mistral.
    :param progress: told a line for each change.
    :param workbooks: None: those of the installed package.
    :param scope: ``private`` to the project, or ``public``.
    """
    ours = list(load_all() if workbooks is None else workbooks)
    registered = {
        each.name: each.definition for each in mistral.workbooks.list()
    }
    for workbook in ours:
        if workbook.name not in registered:
            mistral.workbooks.create(workbook.text, scope=scope)
            progress(f"{workbook.name}: created")
        elif registered[workbook.name] != workbook.text:
            mistral.workbooks.update(workbook.text, scope=scope)
            progress(f"{workbook.name}: updated")
    _remove_stale(mistral, ours, progress)


def _remove_stale(
    mistral: Any, ours: list[Workbook], progress: Callable[[str], None]
) -> None:
    current = {name for workbook in ours for name in workbook.workflows}
    names = {workbook.name for workbook in ours}
    stale_workbooks = set()
    for workflow in mistral.workflows.list():
        if not _is_ours(workflow) or workflow.name in current:
            continue
        mistral.workflows.delete(workflow.id)
        progress(f"{workflow.name}: removed")
        stale_workbooks.add(workflow.name.rpartition(".")[0])
    for name in sorted(stale_workbooks - names):
        try:
            mistral.workbooks.delete(name)
        except mistral_api.APIException as error:
            # The workflow came without a workbook.
            if error.error_code != 404:
                raise


def _is_ours(workflow: Any) -> bool:
    return workflow.name.startswith(_PREFIX) and constants.WORKFLOW_TAG in (
        workflow.tags or []
    )
