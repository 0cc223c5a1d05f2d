"""The workflows that keep what user interfaces log."""

from __future__ import annotations

from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.tests.workbooks.outcomes import (
    assert_failed,
    assert_succeeded,
    assert_told,
    posted,
    refused,
    refusing,
)

PUBLISH = "tripleo.plan_management.v1.publish_ui_logs_to_swift"
DOWNLOAD = "tripleo.plan_management.v1.download_logs"


def log(cloud: FakeCloud) -> None:
    body = {"level": "info", "message": "hello"}
    cloud.messaging.posted.append(("tripleo-ui-logging", body))


def test_logs_are_kept(engine: Engine, cloud: FakeCloud) -> None:
    log(cloud)
    execution = engine.run(PUBLISH)
    message = "1 messages were logged."
    assert_succeeded(execution, cloud, PUBLISH, message)
    kept = cloud.object_store.containers["tripleo-ui-logs"]
    assert kept["tripleo-ui.logs"][0] == b"- INFO hello\n"


def test_logs_that_cannot_be_kept_are_told(
    engine: Engine, cloud: FakeCloud
) -> None:
    cloud.workflow.environments.list = refusing(refused("Mistral"))
    execution = engine.run(PUBLISH)
    assert_failed(execution, cloud, PUBLISH, str(refused("Mistral")))


def test_a_link_to_the_logs_is_told(engine: Engine, cloud: FakeCloud) -> None:
    log(cloud)
    execution = engine.run(DOWNLOAD, delete_after=60)
    tempurl = execution.output["tempurl"]
    message = "The logs can be downloaded for 60 seconds."
    assert execution.state == "SUCCESS"
    assert_told(execution, cloud, DOWNLOAD, "SUCCESS", message)
    assert posted(cloud)["payload"]["tempurl"] == tempurl
    (name,) = cloud.object_store.containers["tripleo-ui-logs-downloads"]
    assert f"/tripleo-ui-logs-downloads/{name}?temp_url_sig=" in tempurl


def test_without_logs_there_is_no_link(
    engine: Engine, cloud: FakeCloud
) -> None:
    execution = engine.run(DOWNLOAD)
    message = posted(cloud)["payload"]["message"]
    assert message.startswith("There are no logs in the container")
    assert_failed(execution, cloud, DOWNLOAD, message)


def test_a_link_that_cannot_be_made_is_a_failure(
    engine: Engine, cloud: FakeCloud
) -> None:
    log(cloud)
    cloud.object_store.post_container = refusing(refused("Swift"))
    execution = engine.run(DOWNLOAD)
    assert_failed(execution, cloud, DOWNLOAD, str(refused("Swift")))
