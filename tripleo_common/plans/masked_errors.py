"""What a service says about a plan, without the plan's passwords."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from tripleo_common import errors
from tripleo_common.plans import passwords
from tripleo_common.plans.state import State


@contextlib.contextmanager
def of_plan(current: State) -> Iterator[None]:
    """Mask the passwords in what a service answers in this block.

    Heat tells the value that it refuses.
    """
    try:
        yield
    except errors.ServiceError as error:
        secrets = passwords.in_force(
            current.passwords, current.parameter_defaults
        )
        error.args = tuple(passwords.masked(list(error.args), secrets))
        raise
