from __future__ import annotations

import json
from types import SimpleNamespace

import jsonschema
import pytest

from tripleo_common import errors, messages
from tripleo_common.messages import envelope, queues, spill
from tripleo_common.plans import large_results

ID = "0f7a1b9e-6f0a-4c7a-a6f0-c2d7b5a0f5a1"
ROOT = "7c1f2f0e-9f6e-4a64-8f0e-1e9d6f8f3a11"
OWN_QUEUE = "2b0d4b8c-7f7b-4f43-8f4c-6a9f3a7c9f10"


class Queues:
    """Zaqar's queues, with their limit and their subscriptions."""

    def __init__(self):
        self.posted = []
        self.limit = queues.DEFAULT_LIMIT
        self.asked = []
        self.subscriptions_seen = iter([])

    def queue(self, name, auto_create):
        return SimpleNamespace(
            post=lambda listed: self.posted.append((name, listed[0]["body"])),
            metadata=self._metadata,
        )

    def _metadata(self):
        self.asked.append("metadata")
        return {"_max_messages_post_size": self.limit}

    def subscriptions(self, queue_name):
        self.asked.append("subscriptions")
        return next(self.subscriptions_seen)


@pytest.fixture(autouse=True)
def zaqar(cloud):
    """Every message that a test posts is one of the schema."""
    cloud.messaging = Queues()
    yield cloud.messaging
    for _, body in cloud.messaging.posted:
        jsonschema.validate(body, envelope.schema())


@pytest.fixture
def stored(cloud):
    """What is put into Swift: container, object, content and headers."""
    found = []

    def put_object(container, name, contents, content_type, headers):
        found.append((container, name, json.loads(contents), headers))

    cloud.object_store.put_object = put_object
    return found


@pytest.fixture
def execution(cloud):
    execution = SimpleNamespace(
        id=ID,
        workflow_name="tripleo.deployment.v1.deploy_plan",
        input=json.dumps({"container": "my_cloud", "pm_password": "s3cret"}),
        created_at="2026-01-01 00:00:00",
        updated_at="2026-01-01 00:00:01",
        root_execution_id=None,
        state="RUNNING",
        state_info=None,
    )
    cloud.workflow.executions.known[ID] = execution
    return execution


def test_the_message_says_which_execution_it_is_about(cloud, execution):
    body = messages.notify(cloud, ID, "q", "SUCCESS", "Done.", {"plans": []})
    assert body == {
        "type": "tripleo.deployment.v1.deploy_plan",
        "payload": {
            "status": "SUCCESS",
            "message": "Done.",
            "plans": [],
            "execution": {
                "id": ID,
                "name": "tripleo.deployment.v1.deploy_plan",
                "input": {"container": "my_cloud", "pm_password": "***"},
                "created_at": "2026-01-01 00:00:00",
                "updated_at": "2026-01-01 00:00:01",
                "root_execution_id": ID,
            },
            "execution_id": ID,
            "root_execution_id": ID,
            "plan_name": "my_cloud",
        },
    }
    assert cloud.messaging.posted == [("q", body)]


def test_a_part_of_another_workflow_names_its_root(cloud, execution):
    execution.root_execution_id = ROOT
    payload = messages.notify(cloud, ID, "q", "FAILED")["payload"]
    assert payload["root_execution_id"] == ROOT
    assert payload["execution_id"] == ID
    assert payload["message"] == ""


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("No.", "No."),
        ([{"result": "First."}, {"message": "Second."}], "First.\nSecond."),
        ({"message": [{"result": "Nested."}]}, "Nested."),
        ({"code": 5}, '{"code": 5}'),
    ],
)
def test_a_failure_has_one_form_for_all(cloud, execution, message, text):
    cloud.workflow.tasks.failed = [SimpleNamespace(name="deploy", id=ROOT)]
    payload = messages.notify(cloud, ID, "q", "FAILED", message)["payload"]
    assert payload["message"] == message
    assert payload["error"] == {
        "text": text,
        "tasks": [{"name": "deploy", "id": ROOT}],
    }


def test_a_failure_is_told_though_mistral_lists_no_tasks(cloud, execution):
    def refuse(*args, **named):
        raise errors.ServiceUnreachable("Mistral", "tasks", "no", "Wait.")

    cloud.workflow.tasks.list = refuse
    payload = messages.notify(cloud, ID, "q", "FAILED", "No.")["payload"]
    assert payload["error"] == {"text": "No.", "tasks": []}


@pytest.mark.parametrize(
    ("asked", "plan"),
    [
        ({"plan_name": "a", "container": "b"}, "a"),
        ({"container": "b"}, "b"),
        ({"plan": "c"}, "c"),
        ({"nodes_json": []}, None),
        (None, None),
    ],
)
def test_the_plan_is_known_from_the_input(cloud, execution, asked, plan):
    execution.input = asked
    body = messages.notify(cloud, ID, "q", "SUCCESS")
    assert body["payload"]["plan_name"] == plan


def test_the_plan_can_be_named(cloud, execution):
    body = messages.notify(
        cloud, ID, "q", "SUCCESS", results={"plan_name": "mine"}
    )
    assert body["payload"]["plan_name"] == "mine"


def test_another_type_can_be_given(cloud, execution):
    body = messages.notify(cloud, ID, "q", "SUCCESS", kind="mine.v1.flow")
    assert body["type"] == "mine.v1.flow"


def test_result_keys_cannot_pretend_another_outcome(cloud, execution):
    body = messages.notify(
        cloud, ID, "q", "FAILED", results={"status": "SUCCESS"}
    )
    assert body["payload"]["status"] == "FAILED"


def test_secrets_of_the_results_are_masked(cloud, execution):
    body = messages.notify(
        cloud, ID, "q", "SUCCESS", results={"nodes": [{"password": "s3cret"}]}
    )
    assert "s3cret" not in json.dumps(body)


def test_an_unknown_status_is_refused(cloud, execution):
    with pytest.raises(errors.InvalidInput, match="SUCCESS, FAILED, RUNNING"):
        messages.notify(cloud, ID, "q", "Failed")
    assert not cloud.messaging.posted


def test_a_message_about_nothing_is_refused(cloud):
    with pytest.raises(errors.InvalidInput, match="pass execution_id"):
        messages.notify(cloud, None, "q", "SUCCESS")


def test_a_secret_of_the_input_is_masked_in_the_text(cloud, execution):
    execution.input = json.dumps({"nodes": [{"pm_password": "correct-horse"}]})
    body = messages.notify(
        cloud,
        ID,
        "q",
        "FAILED",
        "refused: correct-horse",
        {"n": "correct-horse"},
    )
    assert body["payload"]["message"] == "refused: ***"
    assert "correct-horse" not in json.dumps(cloud.messaging.posted)


def test_a_failure_does_not_tell_the_plans_passwords(cloud, execution):
    cloud.add_plan(
        "my_cloud", {}, passwords={"AdminPassword": "correct-horse"}
    )
    body = messages.notify(cloud, ID, "q", "FAILED", "bad: correct-horse")
    assert body["payload"]["message"] == "bad: ***"
    assert body["payload"]["plan_name"] == "my_cloud"


def test_a_good_end_asks_for_no_passwords(cloud, execution):
    cloud.workflow.environments = None
    messages.notify(cloud, ID, "q", "SUCCESS", "Done.")
    assert cloud.messaging.posted


def test_the_plans_name_is_told_even_if_it_is_a_password(cloud, execution):
    execution.input = {"container": "overcloud", "pm_password": "overcloud"}
    payload = messages.notify(cloud, ID, "q", "SUCCESS", "x")["payload"]
    assert payload["execution"]["input"]["container"] == "overcloud"
    assert payload["plan_name"] == "overcloud"


def test_secrets_that_the_caller_asked_for_are_handed_out(cloud, execution):
    passwords = {"AdminPassword": "correct-horse"}
    for handed_out, told in ((True, "correct-horse"), (False, "***")):
        body = messages.notify(
            cloud, ID, "q", "SUCCESS", passwords, handed_out=handed_out
        )
        assert body["payload"]["message"] == {"AdminPassword": told}


def test_a_long_text_is_cut_in_the_middle(cloud, execution):
    text = "begin " + "x" * 50_000 + " end"
    message = messages.notify(cloud, ID, "q", "FAILED", text)["payload"][
        "message"
    ]
    assert len(message) <= envelope.LONGEST_TEXT
    assert message.startswith("begin")
    assert message.endswith("end")
    assert "characters left out" in message


def test_lists_of_failures_stay_lists(cloud, execution):
    failures = [{"result": "No power."}, {"result": "x" * 10_000}]
    message = messages.notify(cloud, ID, "q", "FAILED", failures)["payload"][
        "message"
    ]
    assert message[0] == {"result": "No power."}
    assert len(message[1]["result"]) <= envelope.LONGEST_TEXT


@pytest.mark.parametrize(
    ("state", "info", "texts"),
    [
        ("RUNNING", None, [""]),
        (
            "ERROR",
            "No.\nTraceback (most recent call last):\n x",
            ["failed: No. See"],
        ),
        ("ERROR", None, ["Mistral gives no reason", f"report show {ID}"]),
        ("CANCELLED", None, ["was cancelled. What it had begun"]),
        ("CANCELLED", "Enough.", ["was cancelled: Enough. What"]),
    ],
)
def test_an_end_without_words_gets_some(cloud, execution, state, info, texts):
    execution.state, execution.state_info = state, info
    message = messages.notify(cloud, ID, "q", "FAILED")["payload"]["message"]
    assert all(text in message for text in texts)
    assert "Traceback" not in message


def test_small_messages_ask_nothing_more(cloud, execution, zaqar):
    messages.notify(cloud, ID, "q", "SUCCESS", results={"x": "y" * 10_000})
    assert zaqar.asked == []


LARGE = {"nodes": ["x" * 100] * 2000, "count": 2000}


def test_what_is_over_half_of_the_limit_goes_to_swift(
    cloud, execution, zaqar, stored
):
    body = messages.notify(cloud, ID, "q", "SUCCESS", "Done.", LARGE)
    ((container, name, whole, headers),) = stored
    assert whole["payload"]["nodes"] == LARGE["nodes"]
    assert headers == {"X-Delete-After": str(large_results.KEPT)}
    payload = body["payload"]
    assert (payload["nodes"], payload["count"]) == (None, 2000)
    assert payload["message"] == "Done."
    assert payload["execution"]["input"]["container"] == "my_cloud"
    assert payload["spilled"] == {
        "container": "my_cloud-messages",
        "object": f"{ID}-success.json",
        "error": None,
        "bytes": queues.size(whole),
        "left_out": ["nodes"],
    }
    assert (container, name) == ("my_cloud-messages", f"{ID}-success.json")
    assert container in cloud.object_store.containers


def test_what_the_queue_takes_is_not_spilled(cloud, execution, zaqar, stored):
    zaqar.limit = 1024 * 1024
    body = messages.notify(cloud, ID, "q", "SUCCESS", "Done.", LARGE)
    assert "spilled" not in body["payload"]
    assert zaqar.asked == ["metadata"]
    assert not stored


def test_a_limit_that_is_not_told_is_the_stock_one(
    cloud, execution, zaqar, stored
):
    def refuse():
        raise errors.ServiceError("Zaqar", "x", "HTTP 500", "Look.", 500)

    zaqar._metadata = refuse
    body = messages.notify(cloud, ID, "q", "SUCCESS", "Done.", LARGE)
    assert body["payload"]["spilled"]["object"]


@pytest.mark.parametrize("plan", [None, "a/b", "x" * 250])
def test_without_a_plan_it_goes_to_the_common_container(
    cloud, execution, stored, plan
):
    execution.input = {"container": plan}
    messages.notify(cloud, ID, "q", "FAILED", "No.", LARGE)
    assert stored[0][0] == spill.CONTAINER


def test_swift_down_the_message_still_goes_and_says_so(cloud, execution):
    def refuse(*_, **__):
        raise errors.ServiceUnreachable("Swift", "x", "no answer", "Look.")

    cloud.object_store.put_container = refuse
    body = messages.notify(cloud, ID, "q", "FAILED", "No power.", LARGE)
    payload = body["payload"]
    assert payload["message"] == "No power."
    assert "Swift could not do x" in payload["spilled"]["error"]
    assert payload["spilled"]["object"] is None
    assert cloud.messaging.posted == [("q", body)]


def test_many_small_values_are_left_out_too(cloud, execution, stored):
    results = {f"key{number}": "x" * 900 for number in range(400)}
    body = messages.notify(cloud, ID, "q", "SUCCESS", "Done.", results)
    assert queues.size(body) <= queues.DEFAULT_LIMIT // 2
    assert set(body["payload"]["spilled"]["left_out"]) >= set(results)


def test_of_many_failures_the_first_are_told(cloud, execution, stored):
    failures = [{"result": f"node {n}: no power"} for n in range(10_000)]
    body = messages.notify(cloud, ID, "q", "FAILED", failures)
    told = body["payload"]["message"]
    assert told == failures[: len(told)]
    assert 100 < len(told) < 1000
    assert "message" in body["payload"]["spilled"]["left_out"]


def test_an_object_that_is_too_large_becomes_a_text(cloud, execution, stored):
    body = messages.notify(cloud, ID, "q", "FAILED", LARGE)
    assert (
        body["payload"]["message"] == "Too large for its queue: see spilled."
    )


def test_a_callers_own_queue_waits_for_its_reader(cloud, execution, zaqar):
    zaqar.subscriptions_seen = iter([[], ["reader"]])
    messages.notify(cloud, ID, OWN_QUEUE, "SUCCESS", "Done.")
    assert zaqar.asked == ["subscriptions"] * 2
    assert zaqar.posted


def test_a_callers_own_queue_gets_no_message_before_the_last(
    cloud, execution, zaqar
):
    messages.notify(cloud, ID, OWN_QUEUE, "RUNNING", "It begins.")
    assert (zaqar.asked, zaqar.posted) == ([], [])


def test_nobody_is_waited_for_for_long(cloud, execution, zaqar, monkeypatch):
    monkeypatch.setattr(queues, "PATIENCE", 0.25)
    zaqar.subscriptions_seen = iter([[]] * 10)
    messages.notify(cloud, ID, OWN_QUEUE, "SUCCESS", "Done.")
    assert 1 < len(zaqar.asked) < 6
    assert zaqar.posted


def test_subscriptions_that_cannot_be_told_stop_nothing(
    cloud, execution, zaqar
):
    def refuse(queue_name):
        raise errors.ServiceError("Zaqar", "x", "HTTP 403", "Ask.", 403)

    zaqar.subscriptions = refuse
    messages.notify(cloud, ID, OWN_QUEUE, "SUCCESS", "Done.")
    assert zaqar.posted


def test_the_schema_refuses_what_clients_cannot_read(cloud, execution):
    body = messages.notify(cloud, ID, "q", "SUCCESS", "Done.")
    for broken in (
        {**body, "more": 1},
        {**body, "payload": {**body["payload"], "status": "Failed"}},
        {**body, "payload": {**body["payload"], "message": None}},
        {**body, "payload": {**body["payload"], "execution_id": None}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, envelope.schema())
