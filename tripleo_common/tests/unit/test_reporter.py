from __future__ import annotations

import datetime
import json
from types import SimpleNamespace

import pytest

from tripleo_common import constants, errors
from tripleo_common.messages import reporter

DEPLOY = "tripleo.deployment.v1.deploy_plan"
DOWN = errors.ServiceUnreachable("Mistral", "x", "no answer", "Look.")


def ago(seconds: float) -> str:
    now = datetime.datetime.now(datetime.UTC)
    then = now - datetime.timedelta(seconds=seconds)
    return then.strftime("%Y-%m-%d %H:%M:%S")


class Mistral:
    """Executions, their tasks and the messages that these posted."""

    def __init__(self):
        self.ended = []
        self.posted = []
        self.started = {}
        self.asked = []
        self.executions = SimpleNamespace(
            list=self._list,
            get=self._get,
            http_client=SimpleNamespace(post=self._start),
        )
        self.tasks = SimpleNamespace(
            list=lambda key, fields: [SimpleNamespace(id=f"task of {key}")]
        )
        self.action_executions = SimpleNamespace(list=self._actions)

    def end(self, name=DEPLOY, state="ERROR", seconds=60, **more):
        """An execution that has ended so many seconds ago."""
        values = {
            "id": f"execution {len(self.ended):03}",
            "workflow_name": name,
            "state": state,
            "tags": [],
            "task_execution_id": None,
            "created_at": ago(seconds + 10),
            "updated_at": ago(seconds),
            "input": "{}",
            **more,
        }
        self.ended.append(SimpleNamespace(**values))
        return self.ended[-1]

    def tell(self, execution, state="SUCCESS", **inputs):
        """An action of an execution that posts a message."""
        self.posted.append(
            SimpleNamespace(
                task_execution_id=f"task of {execution.id}",
                workflow_name=execution.workflow_name,
                state=state,
                input=json.dumps(inputs),
            )
        )

    def reports(self):
        return [
            json.loads(started["input"]) for started in self.started.values()
        ]

    def _get(self, key):
        if key in self.started:
            return self.started[key]
        found = [e for e in self.ended if e.id == key]
        if not found:
            raise errors.ResourceNotFound("Mistral", key, "404", "Look.", 404)
        return found[0]

    def _list(self, state, updated_at, limit, marker, **_):
        self.asked.append(marker)
        since = updated_at.removeprefix("gte:")
        found = [
            e
            for e in sorted(self.ended, key=lambda e: e.updated_at)
            if e.state == state and e.updated_at >= since
        ]
        ids = [e.id for e in found]
        start = ids.index(marker) + 1 if marker else 0
        return found[start : start + limit]

    def _actions(self, name, workflow_name, created_at, fields):
        assert name == reporter.NOTIFY
        return [a for a in self.posted if a.workflow_name == workflow_name]

    def _start(self, url, body, headers):
        asked = json.loads(body)
        assert (url, asked["workflow_name"]) == (
            "/executions",
            reporter.WORKFLOW,
        )
        # As Mistral: of one id there is one execution.
        self.started.setdefault(asked["id"], asked)


class Unseen(dict):
    """Executions that began after one has looked for them."""

    def __contains__(self, key):
        return False


@pytest.fixture
def mistral():
    return Mistral()


@pytest.fixture
def look(mistral):
    cloud = SimpleNamespace(workflow=mistral)
    return reporter.Reporter(cloud, look_back=3600, grace=5).look


@pytest.mark.parametrize("state", reporter.STATES)
def test_what_ended_without_a_message_is_reported(mistral, look, state):
    execution = mistral.end(state=state, input='{"queue_name": "mine"}')
    assert look() == [execution.id]
    assert mistral.reports() == [
        {"execution_id": execution.id, "queue_name": "mine"}
    ]


def test_without_a_queue_of_its_own_it_is_the_common_one(mistral, look):
    mistral.end()
    look()
    (report,) = mistral.reports()
    assert report["queue_name"] == constants.DEFAULT_QUEUE_NAME


def test_what_told_its_end_is_left_alone(mistral, look):
    mistral.tell(mistral.end(), status="FAILED")
    assert look() == []
    assert not mistral.started


def test_anothers_message_is_not_ones_own(mistral, look):
    told, silent = mistral.end(), mistral.end()
    mistral.tell(told)
    assert look() == [silent.id]


@pytest.mark.parametrize(
    "message", [{"state": "ERROR"}, {"status": "RUNNING"}]
)
def test_a_lost_message_and_progress_are_no_end(mistral, look, message):
    execution = mistral.end()
    mistral.tell(execution, **message)
    assert look() == [execution.id]


def test_a_message_on_its_way_is_awaited(mistral, look):
    execution = mistral.end(state="CANCELLED")
    mistral.tell(execution, state="RUNNING")
    assert look() == []
    mistral.posted[0].state = "ERROR"
    assert look() == [execution.id]


def test_what_has_just_ended_gets_some_time(mistral, look):
    mistral.end(seconds=1)
    assert look() == []


def test_what_ended_long_ago_is_not_reported(mistral, look):
    mistral.end(seconds=4000)
    assert look() == []


@pytest.mark.parametrize(
    "name", ["somebody.else.v1.work", "tripleo.messaging.v1.send"]
)
def test_other_workflows_are_not_ours_to_report(mistral, look, name):
    mistral.end(name)
    assert look() == []


def test_ours_are_known_by_their_tag_too(mistral, look):
    mistral.end("odd.name", tags=[constants.WORKFLOW_TAG])
    assert len(look()) == 1


@pytest.mark.parametrize(
    ("asked", "reported"), [("{}", 0), ('{"queue_name": "q"}', 1)]
)
def test_a_part_of_a_workflow_tells_if_it_has_a_queue(
    mistral, look, asked, reported
):
    mistral.end(task_execution_id="t", input=asked)
    assert len(look()) == reported


def test_each_is_settled_once(mistral, look):
    mistral.end()
    mistral.tell(mistral.end())
    assert len(look()) == 1
    mistral.tasks = None
    assert look() == []


def test_several_reporters_and_restarts_report_once(mistral):
    mistral.end()
    cloud = SimpleNamespace(workflow=mistral)
    looks = [reporter.Reporter(cloud, 3600, 5).look() for _ in range(3)]
    assert [len(reported) for reported in looks] == [1, 0, 0]


def test_two_that_report_at_once_report_once(mistral, look):
    mistral.end()
    mistral.started = Unseen()
    assert look()
    again = reporter.Reporter(SimpleNamespace(workflow=mistral), 3600, 5)
    assert again.look()
    assert len(mistral.started) == 1


def test_pages_are_followed(mistral, look):
    wanted = [mistral.end(seconds=600 - n).id for n in range(250)]
    assert look() == wanted
    assert len(mistral.asked) == 4


def test_what_fails_is_tried_again_and_stops_nothing_else(
    mistral, look, caplog
):
    first, second = mistral.end(seconds=61), mistral.end(seconds=60)
    listed = mistral.tasks.list

    def refuse_first(key, fields):
        if key == first.id:
            raise DOWN
        return listed(key, fields)

    mistral.tasks.list = refuse_first
    assert look() == [second.id]
    assert "Mistral could not do x" in caplog.text
    mistral.tasks.list = listed
    assert look() == [first.id]


def test_mistral_down_is_told(mistral, look):
    def refuse(**_):
        raise DOWN

    mistral.executions.list = refuse
    with pytest.raises(errors.ServiceUnreachable):
        look()
