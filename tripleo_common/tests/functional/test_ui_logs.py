"""What user interfaces log, from Zaqar to Swift."""

from __future__ import annotations

import io
import tarfile
import uuid

import pytest
import requests

from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

PUBLISH = "tripleo.plan_management.v1.publish_ui_logs_to_swift"
DOWNLOAD = "tripleo.plan_management.v1.download_logs"


def test_logs_can_be_downloaded(undercloud: Client) -> None:
    unique = uuid.uuid4().hex[:8]
    queue = undercloud.zaqar.queue(f"queue-{unique}")
    names = {
        "logging_queue_name": f"queue-{unique}",
        "logging_container": f"logs-{unique}",
    }
    inputs = {**names, "downloads_container": f"down-{unique}"}
    with pytest.raises(errors.ActionFailed, match="There are no logs"):
        undercloud.run_workflow(DOWNLOAD, **inputs)
    for first in range(0, 25, 5):
        queue.post(
            [
                {
                    "ttl": 600,
                    "body": {
                        "timestamp": 1470000000000 + number,
                        "level": "info",
                        "message": f"m\u00e5 {number}",
                    },
                }
                for number in range(first, first + 5)
            ]
        )
    output = undercloud.run_workflow(PUBLISH, **names)
    assert output["message"] == "25 messages were logged."
    output = undercloud.run_workflow(DOWNLOAD, **inputs)
    answer = requests.get(output["tempurl"], timeout=60)
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as tar:
        lines = tar.extractfile("tripleo-ui.logs").read().decode()
    assert sorted(lines.splitlines()) == [
        f"2016-07-31 21:20:00.{number:03}+00:00 INFO m\u00e5 {number}"
        for number in range(25)
    ]
    queue.delete()
