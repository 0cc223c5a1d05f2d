"""Heat's refusal of a plan, so that an operator finds what it is about.

Heat tells at most one thing that is wrong, in words that say where it is in
several ways. See ``_KINDS`` for those that are known; of others Heat's own
words are told.
"""

from __future__ import annotations

import re

from tripleo_common import errors

#: What Heat says, and what is told.
_KINDS = [
    (
        r"The Parameter \((?P<name>.+?)\) was not provided",
        "the parameter {name} has no value",
        "Set it with tripleo.parameters.update.",
    ),
    (
        r"Parameter '(?P<name>.+?)' is invalid: (?P<why>.+)",
        "the parameter {name} cannot be used: {why}",
        "Correct it with tripleo.parameters.update.",
    ),
    (
        r"The Resource Type \((?P<name>.+?)\) could not be found",
        "there is no resource type {name}",
        "Correct the template that uses it, or map it in the "
        "resource_registry of an environment.",
    ),
    (
        r"Service (?P<name>\S+) is not available for resource type "
        r"(?P<type>[\w:]+\w)",
        "the cloud has no service {name}, which the resource type {type} "
        "needs",
        "Map the type to another one in the resource_registry of an "
        "environment, or register the service.",
    ),
]
_ADVICE = "Correct it and deploy the plan again."
#: Where it is: ``resources.a<b.yaml>.resources.c.properties.d:``.
_WHERE = re.compile(
    r"(?:\w+ ?\w+: )?:? ?(?P<path>(?:[^\s:<]*\.)?resources\.[^\s]+?)"
    r"(?P<property>\.[pP]roperties[^\s:]*)?: "
)
_STEP = re.compile(r"<[^>]*>|(?<![^.])resources\.")


def told(plan: str, refusal: errors.ServiceError) -> errors.TripleOError:
    """The error that tells a refusal; any other error as it is.

    :param refusal: what Heat answered to a request with a whole plan.
    """
    if refusal.status != 400:
        return refusal
    words = refusal.answer.removeprefix("HTTP 400: ")
    where, rest = place(words)
    what, advice = _understood(rest)
    place_told = f"at {where}: " if where else ""
    return errors.PlanRefused(plan, f"{place_told}{what}", advice, words)


def _understood(words: str) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    for pattern, text, advice in _KINDS:
        found = re.search(pattern, words, re.DOTALL)
        if found:
            return text.format(**found.groupdict()).rstrip(". "), advice
    return words.rstrip(". "), _ADVICE


def place(words: str) -> tuple[str, str]:
    """Where Heat says that something is wrong, and what it says then.

    :returns: the resource's path with dots, and its property; empty: Heat
        does not tell.
    """
    found = _WHERE.search(words)
    if found is None:
        return "", words
    path = _STEP.sub("", found["path"]).strip(".")
    name = (found["property"] or "")[len(".properties") :].strip(".")
    where = f"resource {path}"
    if name:
        where += f", property {name}"
    return where, words[found.end() :]
