from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import names


@pytest.mark.parametrize(
    "name", ["o", "overcloud", "my_cloud", "Cloud-2.1", "a" * 200]
)
def test_names_that_heat_takes_are_taken(name):
    assert names.check(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "1cloud",
        "_cloud",
        "-cloud",
        "my cloud",
        "my/cloud",
        "wölke",
        "cloud\n",
        "a" * 201,
        None,
        7,
        ["overcloud"],
    ],
)
def test_other_names_are_refused_with_the_rule(name):
    with pytest.raises(errors.InvalidPlanName, match="begins with a letter"):
        names.check(name)


def test_a_refused_name_is_shown_in_part_only():
    with pytest.raises(errors.InvalidPlanName) as caught:
        names.check("x" * 5000)
    assert len(str(caught.value)) < 500
