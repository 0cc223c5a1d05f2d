"""How large a plan does Heat take?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tripleo_common.undercloud.doctor.finding import (
    Finding,
    error,
    ok,
    unknown,
    warning,
)
from tripleo_common.undercloud.doctor.subject import (
    Subject,
    describe,
    reason,
)

_CHECK = "heat.json_body"
#: tripleo-heat-templates 18.0.0 with all its services is 1.76 MB.
_LEAST = 2 * 2**20
#: Heat's own default; older releases had 1 MiB.
_STOCK = 4 * 2**20
_LIMIT = re.compile(r"maximum allowed size \((\d+) bytes\)")
_SETTING = (
    "Set [DEFAULT] max_json_body_size = 33554432 in heat.conf, and start "
    "heat-api again."
)


def check(subject: Subject) -> Iterator[Finding]:
    """Have Heat validate more than it may take; nothing is stored."""
    template = {"heat_template_version": "2018-08-31"}
    response = subject.ask(
        "POST",
        "orchestration",
        "/validate",
        json={"template": template, "files": {"doctor": "x" * _STOCK}},
    )
    if response.status_code == 200:
        yield ok(_CHECK, f"Heat takes more than {_STOCK} bytes at once.")
        return
    told = _LIMIT.search(reason(response))
    if response.status_code == 413 and told is None:
        yield error(
            _CHECK,
            f"Something before Heat refuses {_STOCK} bytes "
            f"({describe(response)}).",
            "Raise the limit of the proxy before heat-api (LimitRequestBody "
            "of Apache, client_max_body_size of nginx).",
        )
    elif told is None:
        yield unknown(
            _CHECK, f"Heat refused the trial ({describe(response)}).", _SETTING
        )
    else:
        yield _of_limit(int(told[1]))


def _of_limit(limit: int) -> Finding:
    found = f"Heat takes {limit} bytes at once"
    if limit < _LEAST:
        return error(
            _CHECK,
            f"{found}, less than the plan of a whole cloud has "
            "(about 1.8 MB).",
            _SETTING,
        )
    if limit < _STOCK:
        return warning(_CHECK, f"{found}, less than its default.", _SETTING)
    return ok(_CHECK, f"{found}.")
