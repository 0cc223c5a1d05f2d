"""The straightforward way: one request after the other, and no cache.

It shares with ours what is not about requests: rendering, collecting, and the
rules of the state. It takes no lease and writes no mirror.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tripleo_common import constants
from tripleo_common.clients import Cloud
from tripleo_common.plans import (
    collecting,
    heat_inputs,
    initial_state,
    passwords,
    state,
)
from tripleo_common.plans.container import Container
from tripleo_common.plans.files import Files
from tripleo_common.plans.state import State


class PlainFiles(Files):
    """A container's files, each read with a request of its own."""

    def __init__(self, cloud: Cloud, name: str) -> None:
        container = Container(cloud, name)
        super().__init__(container, container.files())
        self._swift = cloud.object_store

    def recall(self, label: str) -> Any:
        return None

    def remember(self, label: str, value: Any) -> None:
        pass

    def digests(self) -> None:
        return None

    def expect(self, paths: Iterable[str]) -> None:
        for path in paths:
            if path not in self._contents and path in self.stored:
                _, content = self._swift.get_object(self.plan, path)
                self._contents[path] = content


class PlainPlan:
    """A plan.

    :param cloud: the cloud that keeps it.
    :param name: its name.
    """

    def __init__(self, cloud: Cloud, name: str) -> None:
        self.name = name
        self._cloud = cloud
        self._swift = cloud.object_store

    def create(self, files: Mapping[str, bytes]) -> None:
        """Create the plan from templates."""
        self._swift.put_container(
            self.name, headers={constants.USAGE_HEADER: constants.USAGE_PLAN}
        )
        for path, content in files.items():
            self._swift.put_object(self.name, path, content)
        first = initial_state.read(PlainFiles(self._cloud, self.name))
        first.passwords = passwords.complete(first.passwords)
        state.create(self._cloud, self.name, first)
        self.process()

    def process(self) -> heat_inputs.HeatInputs:
        """Render into the container, and collect what Heat needs."""
        inputs, rendered = self._collected()
        for path, text in rendered.items():
            self._swift.put_object(self.name, path, text.encode())
        return inputs

    def collect(self) -> heat_inputs.HeatInputs:
        """Collect what Heat needs."""
        return self._collected()[0]

    def parameters(self) -> dict[str, Any]:
        """What the templates take."""
        inputs = self.collect()
        tree: dict[str, Any] = self._cloud.orchestration.stacks.validate(
            template=inputs.template,
            files=inputs.files,
            environment=inputs.environment,
            show_nested=True,
        )
        return tree

    def update_parameters(self, parameters: Mapping[str, Any]) -> None:
        """Merge parameters, and have Heat validate the whole."""
        current = self._state()
        current.parameter_defaults.update(parameters)
        self._cloud.workflow.environments.update(
            name=self.name, variables=current.to_variables()
        )
        self.parameters()

    def delete(self) -> None:
        """Delete container and state."""
        for path in Container(self._cloud, self.name).files():
            self._swift.delete_object(self.name, path)
        self._swift.delete_container(self.name)
        self._cloud.workflow.environments.delete(self.name)

    def _state(self) -> State:
        found = state.load(self._cloud, self.name)
        assert found is not None
        return found

    def _collected(self) -> tuple[heat_inputs.HeatInputs, dict[str, str]]:
        current = self._state()
        files = PlainFiles(self._cloud, self.name)
        collected = collecting.collect(files, current)
        return collected.inputs(current), collected.rendered
