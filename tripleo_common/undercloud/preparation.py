"""The steps towards what all underclouds of a cache share."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable
from pathlib import Path

from tripleo_common.undercloud import (
    disk,
    environments,
    heat_templates,
    validations_package,
)
from tripleo_common.undercloud.progress import Progress
from tripleo_common.undercloud.steps import Step

PIP = "environment pip"


def steps(
    cache: Path,
    names: Iterable[str],
    stop: threading.Event,
    progress: Progress,
) -> list[Step]:
    """Return the steps towards what is missing, if anything is.

    They are named ``environment control``, ``environment heat`` and so on,
    ``templates`` and ``validations``.

    :param names: of the environments.
    """
    builder = environments.Builder(cache, stop)
    found = [
        _build(builder, environment, progress)
        for name in names
        if not (environment := environments.find(cache, name)).is_complete()
    ]
    if not heat_templates.folder(cache).exists():
        fetch = functools.partial(
            heat_templates.ensure, cache, builder.pip, stop
        )
        found.append(Step("templates", fetch, (PIP,)))
    if not validations_package.folder(cache).exists():
        fetch = functools.partial(
            validations_package.ensure, cache, builder.pip, stop
        )
        found.append(Step("validations", fetch, (PIP,)))
    if found:
        disk.check(cache, disk.CACHE)
        found.append(Step(PIP, builder.ensure_pip))
    return found


def _build(
    builder: environments.Builder,
    environment: environments.Environment,
    progress: Progress,
) -> Step:
    name = f"environment {environment.name}"
    tell = functools.partial(progress.note, name)
    action = functools.partial(builder.ensure, environment, tell)
    return Step(name, action, (PIP,))
