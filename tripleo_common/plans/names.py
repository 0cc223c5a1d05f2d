"""The names that plans may have, and those of their leases."""

from __future__ import annotations

import hashlib
import re

from tripleo_common import errors

# Heat's rule for the names of stacks, bounded by Mistral's environments;
# without the names of leases, which are environments, too.
_NAME = re.compile(r"(?!lease\..*\.[0-9]+\Z)[A-Za-z][A-Za-z0-9_.-]{0,199}")
_LEASE = re.compile(r"lease\..+\.[0-9]+")

#: What the names of all leases begin with.
LEASES = "lease."

# Leaves room for "lease." and a generation in Mistral's 200 characters.
_LONGEST_IN_LEASE = 150


def check(name: object) -> str:
    """Return *name* if a plan may be called that.

    :raises InvalidPlanName: it may not.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise errors.InvalidPlanName(name)
    return name


def is_valid(name: str) -> bool:
    """Whether a plan may be called that."""
    return _NAME.fullmatch(name) is not None


def lease_prefix(plan: str) -> str:
    """What the names of all leases of a plan begin with.

    A long name is shortened, and told apart by its digest.
    """
    if len(plan) > _LONGEST_IN_LEASE:
        digest = hashlib.sha256(plan.encode()).hexdigest()[:32]
        plan = f"{plan[:100]}-{digest}"
    return f"{LEASES}{plan}."


def lease(plan: str, generation: int) -> str:
    """The name of a plan's lease."""
    return f"{lease_prefix(plan)}{generation}"


def generation(plan: str, environment: str) -> int | None:
    """Which lease of the plan an environment is; None: it is none."""
    prefix = lease_prefix(plan)
    number = environment.removeprefix(prefix)
    if number == environment or not re.fullmatch("[0-9]+", number):
        return None
    return int(number)


def is_lease(environment: str) -> bool:
    """Whether an environment is any plan's lease."""
    return _LEASE.fullmatch(environment) is not None
