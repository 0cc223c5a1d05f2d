from __future__ import annotations

import io
import tarfile

import pytest

from tripleo_common import errors
from tripleo_common.actions import logging_to_swift
from tripleo_common.messages import logs

RECORD = {"timestamp": 1470000000123, "level": "error", "message": "a\nb"}
LINE = "2016-07-31 21:20:00.123+00:00 ERROR a b\n"


def text(cloud, name="tripleo-ui.logs"):
    return cloud.object_store.containers["logs"][name][0].decode()


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (RECORD, LINE),
        ([RECORD, RECORD], LINE * 2),
        ({**RECORD, "timestamp": 1470000000.123}, LINE),
        ({"message": "x"}, "- INFO x\n"),
        ({"timestamp": "soon", "message": None}, "- INFO \n"),
        ({"timestamp": 1e300, "message": {"a": 1}}, "- INFO {'a': 1}\n"),
        ("text", "text\n"),
        ([], ""),
    ],
)
def test_a_record_becomes_a_line(cloud, body, line):
    action = logging_to_swift.FormatMessagesAction([{"body": body}])
    assert action.execute(cloud) == line


def test_lines_are_added(cloud):
    for line in ("one\n", "two \u00e5\n"):
        action = logging_to_swift.PublishUILogToSwiftAction(line, "logs")
        action.execute(cloud)
    assert text(cloud) == "one\ntwo \u00e5\n"


def test_a_long_log_is_kept_under_a_number(cloud, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST", 4)
    for line in ("one\n", "two\n", "three\n"):
        logs.append(cloud, line, "logs")
    assert text(cloud, "tripleo-ui.logs.1") == "one\n"
    assert text(cloud, "tripleo-ui.logs.2") == "two\n"
    assert text(cloud) == "three\n"


def test_no_number_is_given_twice(cloud, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST", 4)
    for line in ("one\n", "two\n", "three\n"):
        logs.append(cloud, line, "logs")
    del cloud.object_store.containers["logs"]["tripleo-ui.logs.1"]
    logs.append(cloud, "four\n", "logs")
    assert text(cloud, "tripleo-ui.logs.2") == "two\n"
    assert text(cloud, "tripleo-ui.logs.3") == "three\n"


def test_a_queue_is_moved_into_the_log(cloud):
    for number in range(45):
        body = {"level": "info", "message": f"m{number}"}
        cloud.messaging.posted.append(("q", body))
        cloud.messaging.posted.append(("other", body))
    action = logging_to_swift.CollectUILogsAction("q", "logs")
    assert action.execute(cloud) == 45
    assert text(cloud).splitlines() == [f"- INFO m{n}" for n in range(45)]
    assert {queue for queue, _ in cloud.messaging.posted} == {"other"}
    assert action.execute(cloud) == 0


def test_an_empty_queue_makes_no_container(cloud):
    assert logs.collect(cloud, "q", "logs") == 0
    assert not cloud.object_store.containers


def test_what_swift_does_not_take_stays_in_the_queue(cloud):
    def refuse(*_, **__):
        raise errors.ServiceError("Swift", "it", "HTTP 507", "", 507)

    cloud.messaging.posted.append(("q", RECORD))
    cloud.object_store.put_object = refuse
    with pytest.raises(errors.ServiceError):
        logs.collect(cloud, "q", "logs")
    assert cloud.messaging.posted == [("q", RECORD)]


def test_all_logs_are_in_the_archive(cloud, monkeypatch):
    monkeypatch.setattr(logs, "LARGEST", 4)
    for line in ("one\n", "two\n"):
        logs.append(cloud, line, "logs")
    action = logging_to_swift.PrepareLogDownloadAction("logs", "down", 60)
    name = action.execute(cloud)
    sent = cloud.object_store.sent_headers["down", name]
    assert sent == {"X-Delete-After": "60"}
    packed = cloud.object_store.containers["down"][name][0]
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        assert tar.getnames() == ["tripleo-ui.logs", "tripleo-ui.logs.1"]


def test_without_logs_there_is_nothing_to_download(cloud):
    with pytest.raises(errors.NotFound, match="no logs in the container"):
        logs.prepare_download(cloud, "logs", "down", 60)
    assert not cloud.object_store.containers


@pytest.mark.parametrize(
    ("container", "downloads", "seconds"),
    [("", "d", 1), ("a/b", "d", 1), ("l", "", 1), ("l", "d", 0)],
)
def test_what_cannot_be_is_refused(cloud, container, downloads, seconds):
    with pytest.raises(errors.InvalidInput):
        logs.prepare_download(cloud, container, downloads, seconds)
