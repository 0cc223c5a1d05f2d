"""Small in-memory services, in the place of a guarded :class:`Cloud`."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import tarfile
from collections import Counter
from types import SimpleNamespace
from typing import Any
from urllib import parse

from tripleo_common import constants, errors
from tripleo_common.tests.unit.fake_machines import Machines


def missing(asked: str) -> errors.ResourceNotFound:
    return errors.ResourceNotFound("Fake", asked, "HTTP 404", "", 404)


class ObjectStore:
    """Swift, as far as plans use it; counts the requests."""

    def __init__(self) -> None:
        self.containers: dict[str, dict[str, tuple[bytes, str]]] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.requests: Counter[str] = Counter()
        #: How many objects it lists at once.
        self.page = 10_000
        #: Whether its operator has the middleware for that in force.
        self.deletes_in_bulk = True
        #: The headers of each object's last PUT.
        self.sent_headers: dict[tuple[str, str], dict[str, str]] = {}
        self.url = "http://swift:8080/v1/AUTH_p"
        self.token = "a-token"

    def add(self, name: str, files: dict[str, str], plan: bool = True) -> None:
        """A container with files, made without a request."""
        usage = {constants.USAGE_HEADER: constants.USAGE_PLAN}
        self.headers[name] = usage if plan else {}
        self.containers[name] = {
            path: (text.encode(), "text/plain") for path, text in files.items()
        }

    def get_account(self, prefix: str = "", full_listing: bool = False) -> Any:
        self.requests["GET account"] += 1
        return {}, [
            {"name": name}
            for name in sorted(self.containers)
            if name.startswith(prefix)
        ]

    def post_account(
        self, headers: dict[str, str], query_string: str, data: str
    ) -> Any:
        assert query_string == "bulk-delete"
        self.requests["POST bulk-delete"] += 1
        if not self.deletes_in_bulk:
            return {}, b""
        gone = [
            self._take(*parse.unquote(n).split("/", 1)) for n in data.split()
        ]
        told = {
            "Number Deleted": sum(gone),
            "Number Not Found": len(gone) - sum(gone),
            "Errors": [],
        }
        return {}, json.dumps(told).encode()

    def _take(self, name: str, path: str) -> bool:
        """Remove an object; whether there was one."""
        return self.containers.get(name, {}).pop(path, None) is not None

    def head_container(self, name: str) -> dict[str, str]:
        self.requests["HEAD container"] += 1
        self._of(name)
        return self.headers[name]

    def put_container(self, name: str, headers: dict[str, str]) -> None:
        self.requests["PUT container"] += 1
        self.containers.setdefault(name, {})
        self.headers[name] = {**self.headers.get(name, {}), **headers}

    def post_container(self, name: str, headers: dict[str, str]) -> None:
        self.requests["POST container"] += 1
        self._of(name)
        self.headers[name] = {**self.headers[name], **headers}

    def get_container(
        self, name: str, full_listing: bool = False, marker: str = ""
    ) -> Any:
        self.requests["GET container"] += 1
        count = {"x-container-object-count": str(len(self._of(name)))}
        listing = [
            {
                "name": path,
                "hash": hashlib.md5(content).hexdigest(),
                "bytes": len(content),
                # As Swift writes parameters in its listings.
                "content_type": kind.replace("; ", ";"),
            }
            for path, (content, kind) in sorted(self._of(name).items())
            if path > marker
        ]
        page = listing if full_listing else listing[: self.page]
        return {**self.headers[name], **count}, page

    def delete_container(self, name: str) -> None:
        self.requests["DELETE container"] += 1
        if self._of(name):
            raise errors.ResourceConflict("Fake", name, "HTTP 409", "", 409)
        del self.containers[name]

    def get_object(
        self, name: str, path: str, headers: dict[str, str] | None = None
    ) -> Any:
        self.requests["GET object"] += 1
        try:
            content = self._of(name)[path][0]
        except KeyError:
            raise missing(path) from None
        return {}, content

    def head_object(
        self, name: str, path: str, headers: dict[str, str] | None = None
    ) -> dict[str, str]:
        self.requests["HEAD object"] += 1
        if path not in self._of(name):
            raise missing(path)
        content, _ = self._of(name)[path]
        return {
            "etag": hashlib.md5(content).hexdigest(),
            "content-length": str(len(content)),
        }

    def put_object(
        self,
        name: str,
        path: str,
        contents: Any,
        content_type: str = "",
        query_string: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.sent_headers[name, path] = headers or {}
        if query_string:
            assert (query_string, path) == ("extract-archive=tar", "")
            self.requests["PUT archive"] += 1
            self._of(name).update(self._unpacked(contents))
            return
        self.requests["PUT object"] += 1
        if not isinstance(contents, bytes | str):
            contents = contents.read()
        self._of(name)[path] = (contents, content_type)

    def _unpacked(self, archive: bytes) -> dict[str, tuple[bytes, str]]:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            return {
                member.name: (
                    tar.extractfile(member).read(),
                    member.pax_headers["SCHILY.xattr.user.mime_type"],
                )
                for member in tar
            }

    def delete_object(self, name: str, path: str) -> None:
        self.requests["DELETE object"] += 1
        if self._of(name).pop(path, None) is None:
            raise missing(path)

    def _of(self, name: str) -> dict[str, tuple[bytes, str]]:
        try:
            return self.containers[name]
        except KeyError:
            raise missing(name) from None


class Environments:
    """Mistral's environments; counts the requests."""

    def __init__(self) -> None:
        self.variables: dict[str, dict[str, Any]] = {}
        self.descriptions: dict[str, str] = {}
        self.requests: Counter[str] = Counter()

    @property
    def plans(self) -> dict[str, dict[str, Any]]:
        """The variables of those that are no leases."""
        return {
            name: variables
            for name, variables in self.variables.items()
            if not name.startswith("lease.")
        }

    def get(self, name: str) -> Any:
        self.requests["GET"] += 1
        if name not in self.variables:
            raise missing(name)
        return SimpleNamespace(
            name=name,
            variables=copy.deepcopy(self.variables[name]),
            description=self.descriptions.get(name),
        )

    def list(self, fields: Any = None, name: str = "has:") -> list[Any]:
        self.requests["LIST"] += 1
        part = name.removeprefix("has:")
        return [
            SimpleNamespace(
                name=each,
                variables=copy.deepcopy(variables),
                description=self.descriptions.get(each),
            )
            for each, variables in self.variables.items()
            if part in each
        ]

    def create(
        self, name: str, description: str, variables: dict[str, Any]
    ) -> None:
        self.requests["POST"] += 1
        if name in self.variables:
            raise errors.ResourceConflict("Fake", name, "HTTP 409", "", 409)
        self.variables[name] = copy.deepcopy(variables)
        self.descriptions[name] = description

    def update(self, name: str, variables: dict[str, Any]) -> None:
        self.requests["PUT"] += 1
        if name not in self.variables:
            raise missing(name)
        self.variables[name] = copy.deepcopy(variables)

    def delete(self, name: str) -> None:
        self.requests["DELETE"] += 1
        if self.variables.pop(name, None) is None:
            raise missing(name)
        self.descriptions.pop(name, None)


class Executions:
    """Mistral's executions."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.started: list[tuple[str, dict[str, Any]]] = []
        #: What each execution said of itself, one after the other.
        self.described: list[tuple[str, str]] = []

    def create(self, name: str, workflow_input: dict[str, Any]) -> Any:
        self.started.append((name, workflow_input))
        return SimpleNamespace(id="an-execution")

    def update(
        self, execution_id: str, state: str | None, description: str = ""
    ) -> None:
        if state:
            self.get(execution_id).state = state
            return
        self.described.append((execution_id, description))

    def get(self, execution_id: str) -> Any:
        if execution_id not in self.known:
            raise missing(execution_id)
        return self.known[execution_id]

    def list(
        self,
        task: str = "",
        state: str = "",
        workflow_name: str = "in:",
        **_: Any,
    ) -> list[Any]:
        names = workflow_name.removeprefix("in:").split(",")
        return [
            each
            for each in self.known.values()
            if (not task or getattr(each, "task_execution_id", "") == task)
            and (not state or each.state == state)
            and (names == [""] or each.workflow_name in names)
        ]


class Workflows:
    """Mistral's workflows: those that a test names."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        if name not in self.known:
            raise missing(name)
        return self.known[name]


class Tasks:
    """Mistral's tasks: all that failed."""

    def __init__(self) -> None:
        self.failed: list[Any] = []

    def list(self, execution_id: str, state: str, **_: Any) -> list[Any]:
        assert state == "ERROR"
        return self.failed

    def get(self, task_id: str) -> Any:
        return next(task for task in self.failed if task.id == task_id)


class Stacks:
    """Heat's stacks; remembers what it was called with."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.environments: dict[str, Any] = {}
        self.created: list[dict[str, Any]] = []
        self.updated: list[tuple[str, dict[str, Any]]] = []
        self.previewed: list[dict[str, Any]] = []
        #: The resources that a preview tells.
        self.previews: list[Any] = []
        #: What a preview of an update tells.
        self.changes: dict[str, list[Any]] = {}
        self.deleted: list[str] = []

    def add(self, name: str, status: str, **more: Any) -> Any:
        """A stack that stands."""
        told = {
            "id": f"id-{name}",
            "stack_name": name,
            "stack_status": status,
            "stack_status_reason": "because",
            "creation_time": "2026-01-01T00:00:00Z",
            "updated_time": None,
            "parameters": {},
            "outputs": [],
        }
        self.known[name] = SimpleNamespace(**{**told, **more})
        return self.known[name]

    def get(self, name: str, resolve_outputs: bool = True) -> Any:
        by_id = {getattr(s, "id", None): s for s in self.known.values()}
        try:
            return self.known.get(name) or by_id[name]
        except KeyError:
            raise missing(name) from None

    def list(self, **_: Any) -> Any:
        return iter(self.known.values())

    def delete(self, stack_id: str) -> None:
        self.deleted.append(self.get(stack_id).stack_name)
        del self.known[self.deleted[-1]]

    def environment(self, name: str) -> dict[str, Any]:
        self.get(name)
        return self.environments.get(name, {})

    def create(self, **arguments: Any) -> dict[str, Any]:
        self.created.append(arguments)
        return {"stack": {"id": f"id-{arguments['stack_name']}"}}

    def validate(self, **arguments: Any) -> dict[str, Any]:
        return {"Parameters": arguments["template"].get("parameters", {})}

    def preview(self, **arguments: Any) -> Any:
        self.previewed.append(arguments)
        return SimpleNamespace(resources=self.previews)

    def preview_update(self, stack_id: str, **arguments: Any) -> Any:
        self.previewed.append(arguments)
        return {"resource_changes": self.changes}

    def update(self, stack_id: str, **arguments: Any) -> None:
        self.updated.append((stack_id, arguments))


class Resources:
    """The resources of Heat's stacks."""

    def __init__(self) -> None:
        self.known: list[Any] = []

    def add(self, stack_id: str, name: str, status: str, **more: Any) -> None:
        """A resource in a stack."""
        told = {
            "resource_name": name,
            "resource_status": status,
            "resource_status_reason": "",
            "resource_type": "OS::Heat::Value",
            "physical_resource_id": f"id-{name}",
            "updated_time": "2026-01-01T00:00:00Z",
            "links": [{"rel": "stack", "href": f"http://heat/{stack_id}"}],
        }
        self.known.append(SimpleNamespace(**{**told, **more}))

    def list(self, stack: str, nested_depth: int = 0) -> list[Any]:
        return self.known

    def get(self, stack: str, name: str) -> Any:
        for each in self.known:
            in_it = each.links[0]["href"].endswith(f"/{stack}")
            if in_it and each.resource_name == name:
                return each
        raise missing(name)


class StackActions:
    """What Heat is asked to do with stacks as they are."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def cancel_update(self, stack_id: str) -> None:
        self.asked.append(("cancel_update", stack_id))

    def cancel_without_rollback(self, stack_id: str) -> None:
        self.asked.append(("cancel_without_rollback", stack_id))


class SoftwareDeployments:
    """What Heat knows of software on servers."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}

    def get(self, deployment_id: str) -> Any:
        if deployment_id not in self.known:
            raise missing(deployment_id)
        return self.known[deployment_id]


class Messaging:
    """Zaqar's queues."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, Any]] = []

    def queue(self, name: str, auto_create: bool) -> Any:
        return SimpleNamespace(
            post=lambda messages: self.posted.extend(
                (name, each["body"]) for each in messages
            ),
            messages=lambda limit, **_: iter(
                [
                    SimpleNamespace(id=number, body=body)
                    for number, (queue, body) in enumerate(self.posted)
                    if queue == name
                ][:limit]
            ),
            delete_messages=self._delete,
        )

    def _delete(self, *ids: int) -> None:
        for number in sorted(ids, reverse=True):
            del self.posted[number]


class FakeCloud:
    """A cloud whose services are the ones above."""

    def __init__(self) -> None:
        self.object_store = ObjectStore()
        self.workflow = SimpleNamespace(
            environments=Environments(),
            executions=Executions(),
            tasks=Tasks(),
            workflows=Workflows(),
        )
        self.orchestration = SimpleNamespace(
            stacks=Stacks(),
            resources=Resources(),
            software_deployments=SoftwareDeployments(),
            actions=StackActions(),
        )
        self.messaging = Messaging()
        self.machines = Machines()
        self.catalog = {"baremetal", "compute"}
        self.baremetal = self.machines.ironic
        self.compute = self.machines.nova
        self.image = self.machines.glance

    def offers(self, service_type: str) -> bool:
        return service_type in self.catalog

    def add_plan(
        self, name: str, files: dict[str, str], **variables: Any
    ) -> None:
        """A whole plan, made without a request."""
        self.object_store.add(name, files)
        self.workflow.environments.variables[name] = {
            "template": constants.DEFAULT_ROOT_TEMPLATE,
            "environments": [{"path": constants.DEFAULT_ROOT_ENVIRONMENT}],
            **variables,
        }
