from __future__ import annotations

import inspect

import pytest

from tripleo_common import errors

EXAMPLES = [
    errors.InvalidPlanName(""),
    errors.InvalidFile("a.yaml", "not a Heat template", 3),
    errors.FileMissing("my_cloud", "a.yaml", "b.yaml"),
    errors.PlanNotFound("my_cloud"),
    errors.PlanIncomplete("my_cloud", "container"),
    errors.PlanIncomplete("my_cloud", "environment"),
    errors.PlanExists("my_cloud", "container"),
    errors.NotAPlan("photos"),
    errors.StackInUse("my_cloud", "CREATE_COMPLETE"),
    errors.StackBusy("my_cloud", "UPDATE_IN_PROGRESS"),
    errors.ServiceError("Heat", "stacks.get", "HTTP 500: no", "Look."),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=str)
def test_a_text_is_for_people(error):
    text = str(error)
    assert text.endswith(".")
    assert ".." not in text
    assert "\n" not in text
    assert type(error).__name__ not in text


def test_there_is_one_root():
    kinds = [
        value
        for value in vars(errors).values()
        if inspect.isclass(value) and issubclass(value, Exception)
    ]
    assert all(issubclass(kind, errors.TripleOError) for kind in kinds)
