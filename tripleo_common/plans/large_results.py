"""Results that Mistral would not keep go to Swift; a link takes their place.

A field of an execution has a limit (``execution_field_size_limit_kb`` in
``[engine]``, 1 MB if nobody changes it). What is over half of it is spilled,
as messages are.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from tripleo_common import clients, conf, errors

#: Seconds after which Swift forgets what was spilled: a day.
KEPT = 24 * 3600


def fitted(
    cloud: clients.Cloud, plan: str, result: dict[str, Any], key: str
) -> dict[str, Any]:
    """A result as Mistral keeps it.

    :param key: what of the result is large.
    :returns: *result*, or one in which *key* is null and ``spilled`` tells
        ``container``, ``object`` and ``bytes`` of the JSON that is the whole
        result, or as ``error`` why Swift did not take it.
    """
    limit = conf.field_limit()
    content = json.dumps(result).encode()
    if limit is None or len(content) <= limit // 2:
        return result
    where = f"{plan}-messages", f"result-{uuid.uuid4()}.json"
    link = {**stored(cloud, *where, content), "bytes": len(content)}
    return {**result, key: None, "spilled": {**link, "left_out": [key]}}


def stored(
    cloud: clients.Cloud, container: str, name: str, content: bytes
) -> dict[str, Any]:
    """Where Swift has some JSON for a day, or why it has not.

    :returns: ``container`` and ``object``, or null for both, and as
        ``error`` the reason.
    """
    try:
        cloud.object_store.put_container(container, headers={})
        cloud.object_store.put_object(
            container,
            name,
            contents=content,
            content_type="application/json",
            headers={"X-Delete-After": str(KEPT)},
        )
    except errors.TripleOError as error:
        return {"container": None, "object": None, "error": str(error)}
    return {"container": container, "object": name, "error": None}
