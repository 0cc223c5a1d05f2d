"""Delete many objects in one request, where Swift can do that.

Swift's bulk middleware takes a list of quoted paths (documented in
``swift.common.middleware.bulk``). A Swift without it takes the same request
for a change of the account's metadata, of which there is none, and says so
by an empty answer.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any
from urllib import parse

from tripleo_common import errors

LOG = logging.getLogger(__name__)

#: Swift takes 10,000 at once if its operator left that as it is. Fewer, so
#: that a lease can be renewed between two requests.
_AT_ONCE = 1000
_HEADERS = {"Content-Type": "text/plain", "Accept": "application/json"}


def delete(
    swift: Any,
    container: str,
    paths: Sequence[str],
    before_each: Callable[[], None],
) -> bool:
    """Delete objects; whether all of them are gone for sure.

    :param swift: the guarded client.
    :param before_each: called before each request.
    """
    for first in range(0, len(paths), _AT_ONCE):
        before_each()
        if not _deleted(swift, container, paths[first : first + _AT_ONCE]):
            return False
    return True


def _deleted(swift: Any, container: str, paths: Sequence[str]) -> bool:
    body = "".join(f"{parse.quote(f'{container}/{p}')}\n" for p in paths)
    try:
        _, answer = swift.post_account(
            headers=_HEADERS, query_string="bulk-delete", data=body
        )
        told = json.loads(answer)
        gone = told["Number Deleted"] + told["Number Not Found"]
    except (errors.ServiceError, ValueError, KeyError, TypeError) as error:
        LOG.info("Swift deletes one file after the other: %s", error)
        return False
    return bool(gone == len(paths) and not told.get("Errors"))
