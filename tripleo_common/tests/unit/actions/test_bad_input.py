"""Each action that there is, with inputs that it cannot use.

The actions are listed from the entry points, so a new one is covered by being
there. Whatever it is given, its result is good or is one of our texts.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import inspect
import typing
from collections.abc import Iterator
from types import SimpleNamespace, UnionType
from typing import Any

import pytest
from mistral_lib.actions import types

from tripleo_common import errors
from tripleo_common.clients import Cloud
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.unit.plans.test_store import FILES

ACTIONS = {
    entry.name: entry.load()
    for entry in importlib.metadata.entry_points(group="mistral.actions")
    if entry.value.startswith("tripleo_common.")
}
#: Values of each kind that JSON has.
VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "number": 7,
    "fraction": 1.5,
    "text": "text",
    "list": ["a", {"b": None}],
    "mapping": {"a": {"b": None}},
}
#: What a good input of a kind looks like.
GOOD: dict[Any, Any] = {str: "text", int: 5, bool: True, float: 1.5}
NAMES = {
    "empty": "",
    "longest": "a" * 200,
    "too long": "a" * 201,
    "digit first": "1cloud",
    "slash": "my/cloud",
    "unicode": "mölnchen",
    "newline at the end": "my_cloud\n",
}
BAD_NAMES = sorted(NAMES.keys() - {"longest"})
#: Inputs that name a plan.
PLAN_INPUTS = {"container", "plan", "plan_name"}
#: Actions on any container, not on plans alone.
ON_CONTAINERS = {
    "tripleo.swift.swift_information",
    "tripleo.swift.tempurl",
    "tripleo.validations.upload",
}
WITH_PLAN = sorted(
    name
    for name, action in ACTIONS.items()
    if PLAN_INPUTS & inspect.signature(action).parameters.keys()
    and name not in ON_CONTAINERS
)
BAD_FILES = {
    "template": {"overcloud.j2.yaml": "a: [\n"},
    "environment": {"overcloud-resource-registry-puppet.j2.yaml": "a: b: c\n"},
    "Jinja2": {"bad.j2.yaml": "a: 1\nb: {{ roles[9].name }}\n"},
    "roles": {"roles_data.yaml": "- 7\n"},
    "networks": {"network_data.yaml": "a: 1\n"},
    "not UTF-8": {"bad.j2.yaml": "\udcff"},
}
#: Fail with a result that is no text.
STRUCTURED = {
    "tripleo.validations.enabled",
    *(
        name
        for name in ACTIONS
        if name.startswith("tripleo.validations.check")
    ),
    "tripleo.validations.verify_profiles",
}
#: Services as a cloud names them.
SERVICES = ("messaging", "object_store", "orchestration", "workflow")


class Down:
    """A service whose every call fails, however deep it stands."""

    def __init__(self, error: errors.ServiceError) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Down:
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise self._error


def good_inputs(action: type[Any]) -> dict[str, Any]:
    """An input of the right kind for each that has no default."""
    hints = typing.get_type_hints(action.__init__)
    inputs = {}
    for name, parameter in inspect.signature(action).parameters.items():
        if name in PLAN_INPUTS:
            inputs[name] = "my_cloud"
        elif parameter.default is inspect.Parameter.empty:
            kind = hints[name]
            if isinstance(kind, UnionType):
                kind = typing.get_args(kind)[0]
            kind = typing.get_origin(kind) or kind
            inputs[name] = GOOD[kind] if kind in GOOD else kind()
    return inputs


@pytest.fixture
def run(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run an action as Mistral does; its error's text, None if it is well.

    Whatever else than an error of ours comes out of it fails the test.
    """
    monkeypatch.setattr(Cloud, "of_request", lambda security: cloud)
    context = SimpleNamespace(
        security=SimpleNamespace(expires_at=None),
        execution=SimpleNamespace(workflow_execution_id=None),
    )

    def run(name: str, **inputs: Any) -> str | None:
        action = ACTIONS[name]
        result = action(**{**good_inputs(action), **inputs}).run(context)
        if not isinstance(result, types.Result) or result.error is None:
            return None
        text = result.error
        if name in STRUCTURED and isinstance(text, dict):
            text = " ".join(text.get("errors") or [f"{text['stdout']}."])
        assert isinstance(text, str)
        assert text.rstrip()[-1] in ".)", f"no sentence: {text}"
        assert "Traceback" not in text
        assert "Error(" not in text
        return text

    return run


@pytest.mark.parametrize("plan", ["whole", "none", "container", "environment"])
@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_inputs_of_any_kind_are_taken_or_refused(cloud, run, name, plan):
    for parameter in inspect.signature(ACTIONS[name]).parameters:
        for kind, value in VALUES.items():
            cloud.__init__()
            if plan in ("whole", "container"):
                cloud.object_store.add("my_cloud", FILES)
            if plan in ("whole", "environment"):
                cloud.workflow.environments.variables["my_cloud"] = {}
            with told_on_failure(f"{parameter}: {kind}"):
                run(name, **{parameter: value})


@contextlib.contextmanager
def told_on_failure(case: str) -> Iterator[None]:
    """Have a failure say which of a test's cases it is."""
    try:
        yield
    except BaseException as error:
        error.add_note(case)
        raise


@pytest.mark.parametrize("name", WITH_PLAN)
def test_a_plan_is_named_by_a_text(run, name):
    parameter = next(iter(PLAN_INPUTS & good_inputs(ACTIONS[name]).keys()))
    for kind in VALUES.keys() - {"text"}:
        text = run(name, **{parameter: VALUES[kind]})
        assert f"The input {parameter} must be a text" in text, kind


@pytest.mark.parametrize("name", WITH_PLAN)
def test_a_name_that_no_plan_may_have_is_told(run, name):
    parameter = next(iter(PLAN_INPUTS & good_inputs(ACTIONS[name]).keys()))
    for bad in BAD_NAMES:
        text = run(name, **{parameter: NAMES[bad]})
        assert "cannot be a plan's name" in text, bad
        assert "\n" not in text, bad


@pytest.mark.parametrize("name", WITH_PLAN)
def test_the_longest_name_is_one(run, name):
    parameter = next(iter(PLAN_INPUTS & good_inputs(ACTIONS[name]).keys()))
    text = run(name, **{parameter: NAMES["longest"]}) or ""
    assert "cannot be a plan's name" not in text


@pytest.mark.parametrize("files", BAD_FILES)
@pytest.mark.parametrize("name", WITH_PLAN)
def test_a_plan_with_a_bad_file(cloud, run, name, files):
    """Told with the file's path, by those that read it."""
    cloud.add_plan("my_cloud", FILES)
    for path, text in BAD_FILES[files].items():
        content = text.encode(errors="surrogateescape")
        cloud.object_store.containers["my_cloud"][path] = (content, "text")
    text = run(name)
    if name in ("tripleo.templates.process", "tripleo.deployment.deploy"):
        path = next(iter(BAD_FILES[files]))
        assert path.replace(".j2", "") in text.replace(".j2", "")


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_five_megabytes_are_taken_or_refused(cloud, run, name):
    cloud.add_plan("my_cloud", FILES)
    hints = typing.get_type_hints(ACTIONS[name].__init__)
    for parameter, hint in hints.items():
        if typing.get_origin(hint) is dict:
            run(name, **{parameter: {"Text": "x" * 5_000_000}})
        elif hint is str:
            text = run(name, **{parameter: "x" * 5_000_000}) or ""
            assert len(text) < 4100


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_without_a_service(cloud, run, name, service):
    cloud.add_plan("my_cloud", FILES)
    error = errors.ServiceUnreachable("It", "a request", "refused", "Wait.")
    setattr(cloud, service, Down(error))
    run(name)


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_when_swift_is_full(cloud, run, name, monkeypatch):
    cloud.add_plan("my_cloud", FILES)
    error = errors.ServiceError("Swift", "put", "HTTP 507", "Make room.", 507)
    for method in ("put_object", "put_container"):
        monkeypatch.setattr(cloud.object_store, method, Down(error))
    text = run(name)
    if name in ("tripleo.templates.process", "tripleo.deployment.deploy"):
        assert text == str(error)
