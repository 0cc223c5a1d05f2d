"""What a plan wants done when Heat is through: its key ``post_deploy``."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from tripleo_common import clients, errors
from tripleo_common.plans import plan_environment
from tripleo_common.plans.store import Plan

KEY = "post_deploy"
FAIL = "fail"


def steps(cloud: clients.Cloud, plan: Plan) -> list[dict[str, Any]]:
    """A plan's steps, in their order, with their defaults.

    :returns: of each ``workflow``, ``input`` and ``on_failure`` (``fail`` or
        ``continue``).
    :raises InvalidInput: tells each that is wrong.
    :raises PlanNotFound: there is no such plan.
    """
    found = plan_environment.get(plan.state(), KEY)
    if found is None:
        return []
    wrong = [
        f"{'.'.join(map(str, [KEY, *error.absolute_path]))}: "
        f"{error.message:.200}"
        for error in _validator().iter_errors(found)
    ]
    if not wrong:
        wrong = list(_unknown(cloud, found))
    if wrong:
        raise errors.InvalidInput(
            f"Plan {plan.name} cannot be deployed, as its key {KEY} is not "
            f"of its form: {'; '.join(sorted(wrong))}. It is a list of "
            "{workflow, input, on_failure: fail or continue}; correct it "
            "with tripleo.plan.update_plan_environment."
        )
    return [{"input": {}, "on_failure": FAIL, **step} for step in found]


def _unknown(cloud: clients.Cloud, found: list[Any]) -> Iterator[str]:
    for number, step in enumerate(found):
        name = step["workflow"]
        try:
            cloud.workflow.workflows.get(name)
        except errors.ResourceNotFound:
            yield f"{KEY}.{number}.workflow: Mistral has no workflow {name}"


@functools.cache
def _validator() -> Any:
    path = Path(__file__).with_name("post_deploy_schema.yaml")
    return jsonschema.Draft202012Validator(yaml.safe_load(path.read_text()))
