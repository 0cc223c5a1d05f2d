"""Actions that keep in Swift what user interfaces log."""

from __future__ import annotations

from typing import Any

from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.messages import logs


class FormatMessagesAction(base.TripleOAction):
    """Make lines of a log of messages that a user interface posted.

    :param messages: as Zaqar tells them: mappings, in whose body is one
        record or a list of them, with timestamp, level and message.
    :returns: a text, one line a record.
    :repeated: harmless; it only reads.
    """

    def __init__(self, messages: list[Any]) -> None:
        self.messages = messages

    def execute(self, cloud: Cloud) -> str:
        return logs.formatted(self.messages)


class PublishUILogToSwiftAction(base.TripleOAction):
    """Add lines to the log that a container keeps.

    It is the object tripleo-ui.logs; from 10 MiB on it is kept under a
    number, and a new one is begun.

    :param logging_data: the lines, a text.
    :param logging_container: where the log is; made if it is not there.
    :returns: nothing.
    :repeated: the lines are in the log twice.
    :raises InvalidInput: no container may be called that.
    """

    def __init__(self, logging_data: str, logging_container: str) -> None:
        self.logging_data = logging_data
        self.logging_container = logging_container

    def execute(self, cloud: Cloud) -> None:
        logs.append(cloud, self.logging_data, self.logging_container)


class CollectUILogsAction(base.TripleOAction):
    """Move what user interfaces logged to a queue into the log in Swift.

    :param logging_queue_name: the queue that they post to.
    :param logging_container: where the log is; made if there is anything
        to log.
    :returns: how many messages there were.
    :repeated: harmless; it moves what is left.
    :raises InvalidInput: no container may be called that.
    """

    def __init__(
        self,
        logging_queue_name: str = logs.QUEUE,
        logging_container: str = logs.CONTAINER,
    ) -> None:
        self.logging_queue_name = logging_queue_name
        self.logging_container = logging_container

    def execute(self, cloud: Cloud) -> int:
        return logs.collect(
            cloud, self.logging_queue_name, self.logging_container
        )


class PrepareLogDownloadAction(base.TripleOAction):
    """Store an archive of all that user interfaces logged.

    :param logging_container: where the log is.
    :param downloads_container: where the archive is stored; made if it is
        not there.
    :param delete_after: seconds until Swift deletes the archive.
    :returns: the archive's name.
    :repeated: another archive is stored, which goes by itself, too.
    :raises NotFound: nothing was logged yet.
    :raises InvalidInput: a container's name or the time cannot be.
    """

    def __init__(
        self,
        logging_container: str,
        downloads_container: str,
        delete_after: int,
    ) -> None:
        self.logging_container = logging_container
        self.downloads_container = downloads_container
        self.delete_after = delete_after

    def execute(self, cloud: Cloud) -> str:
        return logs.prepare_download(
            cloud,
            self.logging_container,
            self.downloads_container,
            self.delete_after,
        )
