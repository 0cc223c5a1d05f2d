"""What a plan's files become: rendered, and as Heat takes them.

The whole is remembered under a digest of all that it follows from: every
file's, as the listing tells it, and what of the state names files. So a plan
that did not change is recalled at once. Passwords and parameters are no part
of it.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import yaml

from tripleo_common import constants
from tripleo_common.plans import heat_inputs
from tripleo_common.plans.files import Files, code_digest
from tripleo_common.plans.heat_inputs import Followed, HeatInputs
from tripleo_common.plans.state import State
from tripleo_common.plans.templates import RenderedFiles

#: The parameter by which templates since Stein learn what they become.
_STACK_NAME = "RootStackName"
#: The state's own copy: each change of a parameter writes it, and it is no
#: template.
_MIRROR = constants.PLAN_ENVIRONMENT_FILE


@dataclass
class Collected:
    """A plan's files, rendered and followed.

    :ivar followed: what they say to Heat.
    :ivar rendered: the rendered files' texts by path.
    """

    plan: str
    followed: Followed
    rendered: dict[str, str]

    def inputs(
        self, current: State, overrides: Mapping[str, Any] | None = None
    ) -> HeatInputs:
        """What Heat takes.

        :param current: has the passwords, and what operators set.
        :param overrides: parameters for this time only.
        """
        inputs = self.followed.inputs(
            current.passwords,
            {**current.parameter_defaults, **(overrides or {})},
        )
        if _STACK_NAME in (inputs.template.get("parameters") or {}):
            defaults = inputs.environment["parameter_defaults"]
            defaults.setdefault(_STACK_NAME, self.plan)
        return inputs


def collect(files: Files, current: State) -> Collected:
    """Render templates, and follow all that refers to a file.

    What is rendered is put into *files*.

    :param current: names the root template and the environments.
    :raises InvalidFile: a file cannot be used; tells file, line and cause.
    :raises FileMissing: a file that another refers to is not in the plan.
    """
    label = _label(files, current)
    found = _recalled(files, label) or _made(files, current, label)
    for path, text in found.rendered.items():
        files.put(path, text)
    return found


def _recalled(files: Files, label: str | None) -> Collected | None:
    known = None if label is None else files.recall(label)
    if known is None:
        return None
    followed = Followed(**known["followed"])
    return Collected(files.plan, followed, known["rendered"])


def _made(files: Files, current: State, label: str | None) -> Collected:
    with _giving_up(files):
        found = _collected(files, current)
    if label is not None and files.as_listed and not files.has(_MIRROR):
        told = {"followed": vars(found.followed), "rendered": found.rendered}
        files.remember(label, told)
    return found


def _collected(files: Files, current: State) -> Collected:
    paths = [str(each.get("path")) for each in current.environments]
    first = [current.template, *paths]
    with contextlib.closing(RenderedFiles(files, first)) as rendered:
        followed = heat_inputs.follow(
            rendered, current.template, current.environments
        )
        return Collected(files.plan, followed, rendered.texts())


@contextlib.contextmanager
def _giving_up(files: Files) -> Iterator[None]:
    """Read nothing any more if this fails."""
    try:
        yield
    except BaseException:
        files.expect_nothing()
        raise


def _label(files: Files, current: State) -> str | None:
    """What the result is remembered under; None: it is not."""
    told = files.digests()
    if told is None:
        return None
    if _MIRROR in told:
        told[_MIRROR] = ""
    asked = [told, current.template, current.environments]
    text = json.dumps(asked, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"collected {_code()} {digest}"


@functools.cache
def _code() -> str:
    modules = sorted(map(str, Path(__file__).parent.glob("*.py")))
    return code_digest(*modules, jinja2.__version__, yaml.__version__)
