"""What user interfaces log to a queue, kept in Swift.

tripleo-ui posts each of its log's records to a queue. A container keeps them
as texts: ``tripleo-ui.logs``, and older ones as ``tripleo-ui.logs.1``, ``.2``
and so on; the highest number is the newest of these.
"""

from __future__ import annotations

import datetime
import gzip
import uuid
from collections.abc import Iterable
from typing import Any

from tripleo_common import clients, errors
from tripleo_common.plans import archive, tempurl
from tripleo_common.plans.lease import Lease

CONTAINER = "tripleo-ui-logs"
DOWNLOADS = "tripleo-ui-logs-downloads"
QUEUE = "tripleo-ui-logging"
_CURRENT = "tripleo-ui.logs"
#: Bytes from which on a file is not appended to any more.
LARGEST = 10 * 2**20
#: Messages in a request, as many as Zaqar tells at once unless it is told so.
_AT_ONCE = 20
# Milliseconds since 1970 are above this, seconds below.
_MILLISECONDS = 10**11
_TYPE = "text/plain"


def formatted(messages: Iterable[Any]) -> str:
    """The lines that a log has for *messages*.

    :param messages: as Zaqar tells them; in ``body`` one record or a list of
        them, each with ``timestamp`` (since 1970), ``level`` and ``message``.
    """
    records: list[Any] = []
    for message in messages:
        body = message.get("body") if isinstance(message, dict) else message
        records += body if isinstance(body, list) else [body]
    return "".join(f"{_line(record)}\n" for record in records)


def _line(record: Any) -> str:
    if not isinstance(record, dict):
        return _one_line(record)
    moment = _moment(record.get("timestamp"))
    level = str(record.get("level") or "INFO").upper()
    return f"{moment} {_one_line(level)} {_one_line(record.get('message'))}"


def _one_line(value: Any) -> str:
    return " ".join(str("" if value is None else value).split())


def _moment(timestamp: Any) -> str:
    try:
        seconds = float(timestamp)
        if seconds > _MILLISECONDS:
            seconds /= 1000
        moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return "-"
    return moment.isoformat(sep=" ", timespec="milliseconds")


def append(cloud: clients.Cloud, text: str, container: str) -> None:
    """Add lines to the container's log; others who do so wait.

    :raises InvalidInput: no container may be called that.
    """
    tempurl.check_container(container)
    lease = Lease(cloud, container)
    with lease.held():
        _append(cloud, text, container, lease)


def collect(cloud: clients.Cloud, queue_name: str, container: str) -> int:
    """Move what was logged to a queue into the container's log.

    A message is deleted when it is in the log. So one may be in it twice,
    where the executor died in between; none gets lost.

    :returns: how many messages there were.
    """
    tempurl.check_container(container)
    count = 0
    lease = Lease(cloud, container)
    queue = cloud.messaging.queue(queue_name, auto_create=False)
    with lease.held():
        while found := list(
            queue.messages(limit=_AT_ONCE, echo=True, include_claimed=True)
        ):
            texts = formatted({"body": each.body} for each in found)
            _append(cloud, texts, container, lease)
            queue.delete_messages(*(each.id for each in found))
            count += len(found)
    return count


def prepare_download(
    cloud: clients.Cloud, container: str, downloads: str, delete_after: int
) -> str:
    """Store an archive of all that is in the log.

    :param downloads: the container to store it in.
    :param delete_after: seconds until Swift deletes it.
    :returns: the archive's name.
    :raises NotFound: nothing was logged yet.
    """
    tempurl.check_container(container)
    tempurl.check_container(downloads)
    if delete_after < 1:
        raise errors.InvalidInput(
            "delete_after must be a whole number of seconds above 0, not "
            f"{delete_after}. Correct it and try again."
        )
    files = {
        name: cloud.object_store.get_object(container, name)[1]
        for name in _names(cloud, container)
    }
    if not files:
        raise errors.NotFound(
            f"There are no logs in the container {container}: no user "
            "interface logged anything yet. Name another logging_container, "
            "or try again later."
        )
    packed = archive.pack(files, dict.fromkeys(files, _TYPE))
    now = datetime.datetime.now(datetime.UTC)
    name = f"logs-{now:%Y%m%d%H%M%S}-{uuid.uuid4().hex[:8]}.tar.gz"
    cloud.object_store.put_container(downloads, headers={})
    cloud.object_store.put_object(
        downloads,
        name,
        contents=gzip.compress(packed),
        content_type="application/gzip",
        headers={"X-Delete-After": str(delete_after)},
    )
    return name


def _append(
    cloud: clients.Cloud, text: str, container: str, lease: Lease
) -> None:
    swift = cloud.object_store
    try:
        _, before = swift.get_object(container, _CURRENT)
    except errors.ResourceNotFound:
        before = b""
        swift.put_container(container, headers={})
    lease.check()
    if len(before) >= LARGEST:
        older = f"{_CURRENT}.{_next_number(_names(cloud, container))}"
        swift.put_object(container, older, before, content_type=_TYPE)
        before = b""
    swift.put_object(
        container, _CURRENT, before + text.encode(), content_type=_TYPE
    )


def _next_number(names: Iterable[str]) -> int:
    """Above those that older files have; some may have been deleted."""
    suffixes = [name.removeprefix(f"{_CURRENT}.") for name in names]
    return max((int(s) for s in suffixes if s.isdecimal()), default=0) + 1


def _names(cloud: clients.Cloud, container: str) -> list[str]:
    try:
        _, listing = cloud.object_store.get_container(
            container, full_listing=True
        )
    except errors.ResourceNotFound:
        return []
    return [
        entry["name"]
        for entry in listing
        if entry["name"].startswith(_CURRENT)
    ]
