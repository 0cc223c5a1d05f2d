"""Plans: a Swift container for the files, a Mistral environment for state."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tripleo_common import clients, constants, errors
from tripleo_common.plans import (
    capabilities_map,
    collecting,
    creation,
    deployed,
    file_lists,
    heat_inputs,
    initial_state,
    names,
    passwords,
    processing,
    state,
    uploads,
)
from tripleo_common.plans.container import Container, changed
from tripleo_common.plans.files import Files
from tripleo_common.plans.history import History
from tripleo_common.plans.kept_state import KeptState
from tripleo_common.plans.lease import Lease, Record
from tripleo_common.plans.state import State

# How many files are written between two checks of the lease.
_BATCH = 500


class Plan:
    """One plan.

    :param cloud: the cloud that keeps it.
    :param name: its name, also the name of the stack that it becomes.
    :raises InvalidPlanName: no plan may be called that.
    """

    def __init__(self, cloud: clients.Cloud, name: str) -> None:
        self.name = names.check(name)
        self.container = Container(cloud, self.name)
        self._cloud = cloud
        self._lease = Lease(cloud, self.name)
        self.history = History(cloud, self.container)
        self._kept = KeptState(
            cloud, self.container, self._lease, self.history
        )

    @contextlib.contextmanager
    def exclusively(
        self, looked: list[Record] | None = None
    ) -> Iterator[Lease]:
        """Nobody else changes the plan in this block.

        Such blocks may stand in one another.

        :param looked: what the caller last saw of the lease.
        :raises PlanBusy: somebody else changes it, and takes long.
        """
        with self._lease.held(looked):
            yield self._lease
            self._kept.settle()

    def create_container(self, only_if_new: bool = False) -> None:
        """Make the place for the plan's files.

        :param only_if_new: refuse to complete a plan that has a state, but
            no container; go on with a creation that was cut off.
        :raises PlanExists: there is such a container already.
        :raises PlanBeingCreated: somebody creates this plan now.
        """
        with self.exclusively() as lease:
            if self.container.exists():
                if only_if_new and creation.may_go_on(
                    self._cloud, self.container, container_too=True
                ):
                    creation.begin(self.container)
                    return
                raise errors.PlanExists(self.name, "container")
            if only_if_new and self.has_state():
                raise errors.PlanExists(self.name, "Mistral environment")
            lease.check()
            self.container.create(creation.note() if only_if_new else "")

    def upload(
        self,
        files: Mapping[str, bytes],
        mark: str = "",
        gone: Iterable[str] = (),
    ) -> None:
        """Store *files* that are not there as they are.

        :param mark: stands behind the content types of what is stored.
        :param gone: files to be removed.
        :raises NotAPlan: the container is not one of a plan.
        """
        with self.exclusively() as lease:
            gone = list(gone)
            there = self.files()
            written = changed(files, there.stored)
            self._write(written, mark=mark)
            lease.check()
            self.container.remove(gone)
            if written or gone:
                self._kept.saw(file_lists.seen(there, written, mark, gone))

    def create(self) -> None:
        """Make the plan's state from the files in its container.

        A state that a creation left behind which was cut off stays as it is.

        :raises PlanExists: the plan has a state already.
        :raises PlanBeingCreated: somebody creates this plan now.
        :raises FileMissing: the root template or environment is not there.
        """
        with self.exclusively():
            files = self.files()
            described = state.description(self._cloud, self.name)
            if described is not None and not (
                described == state.DESCRIPTION
                and creation.may_go_on(self._cloud, self.container)
            ):
                raise errors.PlanExists(self.name, "Mistral environment")
            uploads.check(self.name, files.stored)
            creation.begin(self.container)
            seen = file_lists.seen(files)
            if described is None:
                self._kept.create(initial_state.read(files), seen)
            else:
                self._kept.saw(seen)

    def begin_mirror(self) -> None:
        """Write the mirror of the state, where it is gone."""
        with self.exclusively():
            current = self.state()
            (current.mirror or {}).pop("md5", None)
            self._kept.begin_mirror(current)

    def forget_mirror(self) -> bool:
        """Compare the state with no mirror any more: it goes.

        :returns: whether there is a state.
        """
        return self._kept.forget_mirror()

    def files(self, verify: bool = False) -> Files:
        """The plan's files as they are now.

        :param verify: trust neither a listing nor a cache.
        :raises NotAPlan: the container is not one of a plan.
        """
        try:
            stored = self.container.files()
        except errors.ResourceNotFound:
            raise self._incomplete() from None
        if not self.container.marks_plan(self.container.marked):
            raise errors.NotAPlan(self.name)
        return Files(self.container, stored, verify)

    def has_state(self) -> bool:
        """Whether the plan was created, or is files only."""
        return state.load(self._cloud, self.name) is not None

    def state(self) -> State:
        """The plan's state, with what others wrote to its mirror.

        :raises PlanNotFound: there is no such plan.
        :raises PlanIncomplete: it has a container only.
        :raises StateConflict: its mirror says something else.
        """
        return self._kept.get()

    def changing(
        self, restored: int | None = None
    ) -> contextlib.AbstractContextManager[State]:
        """The plan's state, to be changed; stored when the block is left.

        Nobody else changes the plan meanwhile. If the block raises, nothing
        is stored. What was changed becomes a version of the plan's history.

        :param restored: the version that is gone back to by that.
        :raises PlanBusy: somebody else changes the plan, and takes long.
        """
        return self._kept.changing(restored)

    def stack(self) -> Any | None:
        """Heat's stack of this plan, without its outputs, if it stands."""
        try:
            return self._cloud.orchestration.stacks.get(
                self.name, resolve_outputs=False
            )
        except errors.ResourceNotFound:
            return None

    def merge_parameters(self, parameters: Mapping[str, Any]) -> State:
        """Set parameters over those that are set, each as a whole."""
        with self.changing() as current:
            current.parameter_defaults.update(parameters)
        return current

    def generate_passwords(
        self, rotated: Iterable[str] | None = None
    ) -> dict[str, Any]:
        """Make the passwords that are missing; return them all.

        A cloud that runs already keeps the passwords that its stack knows.
        What operators set as a parameter stays what they set.

        :param rotated: passwords to be made anew; empty: all that may be.
        :raises InvalidInput: one of *rotated* is no password, or must stay.
        :raises PasswordsLost: the cloud has passwords that nobody tells.
        """
        new = {} if rotated is None else passwords.rotated(rotated)
        with self.changing() as current:
            found = deployed.get(self._cloud, self.name)
            known = {**current.passwords, **new}
            lost = passwords.kinds().keys() & set(found.hidden) - {
                *known,
                *current.parameter_defaults,
            }
            if lost:
                raise errors.PasswordsLost(self.name, sorted(lost))
            living = {
                name: value
                for name, value in found.parameters.items()
                if name in passwords.kinds()
            }
            completed = passwords.complete({**living, **known})
            current.passwords = completed
        return completed | {
            name: value
            for name, value in current.parameter_defaults.items()
            if name in completed
        }

    def process(
        self,
        overrides: Mapping[str, Any] | None = None,
        verify: bool = False,
        replaced: Mapping[str, str] | None = None,
    ) -> heat_inputs.HeatInputs:
        """Render the templates into the container; collect what Heat needs.

        Everything is rendered and collected before anything is written, and
        only what differs is written. What is read stays as it is until then;
        where nothing is to be written, it need not.

        :param overrides: parameters for this time only.
        :param verify: trust neither a listing nor a cache.
        :param replaced: files to be stored with what is rendered from them.
        :raises PlanBusy: somebody else changes the plan, and takes long.
        """
        replaced = replaced or {}
        looked = seen = None
        if not (verify or replaced or self._lease.is_held):
            looked = self._lease.look()
            seen = self._processed()
            if seen.is_stored():
                return seen.collected.inputs(seen.state, overrides)
        with self.exclusively(looked):
            if seen is None or not self._lease.undisturbed:
                seen = self._processed(verify, replaced)
            self._store(seen, replaced)
        return seen.collected.inputs(seen.state, overrides)

    def _processed(
        self, verify: bool = False, replaced: Mapping[str, str] | None = None
    ) -> processing.Processed:
        current = self.state()
        files = self.files(verify)
        replaced = replaced or {}
        for path, text in replaced.items():
            files.put(path, text)
        collected = collecting.collect(files, current)
        changes = processing.changes(files, collected.rendered)
        seen = file_lists.seen(files, _encoded(replaced), lost=changes.written)
        return processing.Processed(
            current,
            collected,
            changes,
            capabilities_map.read(files),
            self.container.creator,
            seen,
            self._kept.is_news(seen, current),
        )

    def _store(
        self, made: processing.Processed, replaced: Mapping[str, str]
    ) -> None:
        self._write(_encoded(replaced))
        self._write(made.changes.written, constants.RENDERED_TYPE)
        self._lease.check()
        self.container.remove(made.changes.gone)
        self._kept.saw(made.seen, made.state)
        self._kept.begin_mirror(made.state)
        if made.capabilities != made.state.capabilities:
            with self.changing() as changed_state:
                changed_state.capabilities = made.capabilities
        creation.end(self.container)

    def collect(self, current: State | None = None) -> heat_inputs.HeatInputs:
        """Collect what Heat needs; the rendered files are not stored.

        :param current: a state other than the plan's.
        """
        return self.try_out(self.files(), current or self.state())

    def try_out(self, files: Files, current: State) -> heat_inputs.HeatInputs:
        """Do with other files all that :meth:`process` does but store it.

        :raises InvalidFile: one of the files cannot be used.
        """
        return collecting.collect(files, current).inputs(current)

    def _write(
        self,
        files: Mapping[str, bytes],
        content_type: str | None = None,
        mark: str = "",
    ) -> None:
        paths = list(files)
        for first in range(0, len(paths), _BATCH):
            batch = paths[first : first + _BATCH]
            self._lease.check()
            self.container.write(
                {path: files[path] for path in batch}, content_type, mark
            )

    def _check_container(self) -> None:
        usage = self.container.usage()
        if usage == constants.USAGE_PLAN:
            return
        if usage is not None:
            raise errors.NotAPlan(self.name)
        raise self._incomplete()

    def _incomplete(self) -> errors.TripleOError:
        """What to tell where there is no container."""
        if state.load(self._cloud, self.name) is None:
            return errors.PlanNotFound(self.name)
        return errors.PlanIncomplete(self.name, "container")


def _encoded(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in texts.items()}
