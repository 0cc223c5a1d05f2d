"""The samples of plan environments that templates ship.

They lie below ``plan-samples/``: each in a directory of its own with all files
that go to the top of the plan, or as one ``plan-environment-<name>.yaml``.
"""

from __future__ import annotations

import posixpath
from typing import Any

from tripleo_common import constants, errors
from tripleo_common.plans import mirror, plan_environment, yaml_text
from tripleo_common.plans.files import Files
from tripleo_common.plans.store import Plan

_DIRECTORY = "plan-samples/"
_ENVIRONMENT = constants.PLAN_ENVIRONMENT_FILE
_PREFIX = _ENVIRONMENT.removesuffix(".yaml") + "-"


def available(plan: Plan) -> list[dict[str, Any]]:
    """The samples, sorted by name.

    :returns: what each plan environment says, with the sample's ``name``.
    :raises InvalidFile: a sample does not parse.
    """
    files = plan.files()
    samples = _samples(files)
    files.fetch(each[_ENVIRONMENT] for each in samples.values())
    return [
        {**_read(files, samples[name][_ENVIRONMENT]), "name": name}
        for name in sorted(samples)
    ]


def select(plan: Plan, name: str) -> None:
    """Take a sample over into a plan.

    What its plan environment says replaces what the plan's says, but for
    parameters and passwords that are set already. Its other files go to the
    top of the plan.

    :raises NotFound: the templates ship no such sample.
    :raises InvalidFile: the sample cannot be used.
    """
    with plan.exclusively():
        files = plan.files()
        samples = _samples(files)
        if name not in samples:
            raise errors.NotFound(
                f"The templates of plan {plan.name} ship no sample plan "
                f"{name!r:.100}. There are: "
                f"{', '.join(sorted(samples)) or 'none'}."
            )
        sample = samples[name]
        told = _read(files, sample[_ENVIRONMENT])
        contents = {
            path: files.read(source, f"the sample {name}")
            for path, source in sample.items()
        }
        if plan.has_state():
            del contents[_ENVIRONMENT]
            _take(plan, told)
        plan.upload(contents)


def _samples(files: Files) -> dict[str, dict[str, str]]:
    """Each sample's files: where they go, and where they are."""
    samples: dict[str, dict[str, str]] = {}
    for path in files.stored:
        if not path.startswith(_DIRECTORY):
            continue
        top, _, below = path.removeprefix(_DIRECTORY).partition("/")
        if below:
            samples.setdefault(top, {})[below] = path
        elif top.startswith(_PREFIX):
            name = posixpath.splitext(top.removeprefix(_PREFIX))[0]
            samples.setdefault(name, {})[_ENVIRONMENT] = path
    return {
        name: sample
        for name, sample in samples.items()
        if _ENVIRONMENT in sample
    }


def _read(files: Files, path: str) -> dict[str, Any]:
    told = yaml_text.load_mapping(files.read(path, "the sample plans"), path)
    wrong = mirror.wrong_form(told)
    if wrong:
        raise errors.InvalidFile(path, wrong)
    return told


def _take(plan: Plan, told: dict[str, Any]) -> None:
    with plan.changing() as current:
        for key, value in told.items():
            if key in plan_environment.FIXED:
                continue
            if key in (plan_environment.PARAMETERS, "passwords"):
                there = plan_environment.get(current, key)
                value = {**value, **there}
            plan_environment.put(current, key, value)
