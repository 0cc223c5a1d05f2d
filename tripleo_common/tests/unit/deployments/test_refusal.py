"""What Heat 27 says, word for word, and what is told."""

from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.deployments import refusal

CASES = [
    (
        "The Parameter (A) was not provided.",
        "the parameter A has no value. Set it",
    ),
    (
        "Parameter 'A' is invalid: could not convert string to float: 'x'",
        "the parameter A cannot be used: could not convert string to float: "
        "'x'. Correct",
    ),
    (
        "The Resource Type (OS::No::Such) could not be found.",
        "there is no resource type OS::No::Such. Correct the template",
    ),
    (
        "Property error: resources.r.properties: Unknown Property nope",
        "at resource r: Unknown Property nope. Correct it",
    ),
    (
        "Property error: resources.r.properties.wait_secs: could not convert",
        "at resource r, property wait_secs: could not convert. Correct it",
    ),
    (
        "Property error: resources.s.properties.v: The Parameter (zz) was not "
        "provided.",
        "at resource s, property v: the parameter zz has no value. Set",
    ),
    (
        "ResourceTypeUnavailable: resources.g<nested_stack>.resources.0"
        "<n.yaml>: HEAT-E99001 Service nova is not available for resource "
        "type OS::Nova::Server, reason: nova compute endpoint is not in "
        "service catalog.",
        "at resource g.0: the cloud has no service nova, which the resource "
        "type OS::Nova::Server needs. Map",
    ),
    (
        "Parameter 'I' is invalid: Error validating value 'nope': No images "
        "matching {'name': 'nope'}.",
        "the parameter I cannot be used: Error validating value 'nope': No "
        "images matching {'name': 'nope'}. Correct",
    ),
    (
        'The specified reference "zz" (in s.Properties.value) is incorrect.',
        'The specified reference "zz" (in s.Properties.value) is incorrect. '
        "Correct",
    ),
]


def refused(words, status=400):
    return errors.ServiceError(
        "Heat", "stacks.create()", f"HTTP {status}: {words}", "Wait.", status
    )


@pytest.mark.parametrize(("words", "expected"), CASES)
def test_a_refusal_is_told_by_place_and_cause(words, expected):
    text = str(refusal.told("mine", refused(words)))
    assert text.startswith(
        f"Heat refuses plan mine, and nothing was changed: {expected}"
    )
    assert words.rstrip(".") in text


def test_other_errors_stay_as_they_are():
    error = refused("no room", 507)
    assert refusal.told("mine", error) is error


def test_a_place_deep_inside():
    where, what = refusal.place(
        "StackValidationFailed: resources.r: Property error: "
        "r.resources.s.properties.wait_secs: could not"
    )
    assert (where, what) == (
        "resource r",
        "Property error: r.resources.s.properties.wait_secs: could not",
    )
