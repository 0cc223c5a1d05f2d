"""A plan's state where it is kept: an environment, its mirror, its history.

Whatever changes a plan changes its state or its files, and each change of a
state goes through :meth:`KeptState.changing`. So that is where versions are
recorded.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import logging
from collections.abc import Iterator

from tripleo_common import clients, constants, errors
from tripleo_common.plans import mirror, state
from tripleo_common.plans.container import Container
from tripleo_common.plans.file_lists import Seen
from tripleo_common.plans.history import History
from tripleo_common.plans.lease import Lease
from tripleo_common.plans.state import State

LOG = logging.getLogger(__name__)

_MIRROR = constants.PLAN_ENVIRONMENT_FILE


class KeptState:
    """The state of one plan.

    :param cloud: whose Mistral keeps it.
    :param container: the plan's files, with the mirror.
    :param lease: held while the state is changed.
    :param history: where versions are recorded.
    """

    def __init__(
        self,
        cloud: clients.Cloud,
        container: Container,
        lease: Lease,
        history: History,
    ) -> None:
        self._cloud = cloud
        self._plan = container.name
        self._container = container
        self._lease = lease
        self._history = history
        self._seen: Seen | None = None
        self._in_change = False

    def saw(self, seen: Seen, current: State | None = None) -> None:
        """Have files recorded with the present change, or by :meth:`settle`.

        :param seen: the plan's files, as the holder of the lease left them.
        :param current: the state, where the caller has it.
        """
        if current is None and not self._in_change:
            current = state.load(self._cloud, self._plan)
            if current is None or current.history is None:
                # Before a plan is whole, nothing of it is recorded.
                return
        if current is None or self._history.is_news(current, seen):
            self._seen = seen

    def is_news(self, seen: Seen, current: State) -> bool:
        """Whether the plan's history does not have these files."""
        return self._history.is_news(current, seen)

    def settle(self) -> None:
        """Record files that changed without the state.

        They are stored by now. If this fails, the next one who sees them
        records them, and what was to be done is done.
        """
        if self._seen is None or self._in_change:
            return
        try:
            with self.changing():
                pass
        except errors.ServiceError as error:
            self._seen = None
            LOG.warning(
                "Changed files of %s are not recorded: %s", self._plan, error
            )

    def get(self) -> State:
        """The state, with what others wrote to the mirror.

        :raises PlanNotFound: there is no such plan.
        :raises PlanIncomplete: it has a container only.
        :raises StateConflict: the mirror says something else.
        """
        loaded = self._load()
        if self._written_by_others(loaded) is None:
            return loaded
        with self.changing() as current:
            return current

    def create(self, first: State, seen: Seen) -> None:
        """Store a new plan's state; without a mirror yet.

        Whether the plan comes to be is known when it was processed. Until
        then, a plan environment is the templates' own.

        :param seen: the plan's files.
        :raises PlanExists: it has one.
        """
        self._lease.check()
        try:
            self._history.record(None, first, seen)
            self._lease.check()
            state.create(self._cloud, self._plan, first)
        except errors.TripleOError:
            self._history.remove()
            raise

    def begin_mirror(self, current: State) -> None:
        """Write the mirror of a state that has none yet."""
        if mirror.agreed_md5(current) is None:
            with self._lease.held():
                self._write_mirror(current)
                self._lease.check()
                state.save(self._cloud, self._plan, current)

    @contextlib.contextmanager
    def changing(self, restored: int | None = None) -> Iterator[State]:
        """The state, to be changed; stored when the block is left.

        :param restored: the version that is gone back to by that.
        """
        with self._lease.held():
            current = self._load()
            before = copy.deepcopy(current)
            told = self._written_by_others(current)
            if told is not None:
                current = mirror.take(self._plan, current, told)
            was_in_change, self._in_change = self._in_change, True
            try:
                yield current
            finally:
                self._in_change = was_in_change
            seen, self._seen = self._seen, None
            if (
                told is None
                and current == before
                and not self._history.is_news(current, seen)
            ):
                return
            self._lease.check()
            found = told is not None
            self._history.record(before, current, seen, found, restored)
            # First the mirror: if this ends halfway, the next one finds the
            # change there. Where only files changed, it says so already.
            only_files = current == dataclasses.replace(
                before, history=current.history
            )
            if not only_files and mirror.agreed_md5(current) is not None:
                self._write_mirror(current)
            self._lease.check()
            state.save(self._cloud, self._plan, current)
            if current.history != before.history:
                self._history.prune(before, current)

    def forget_mirror(self) -> bool:
        """Compare with no mirror any more: the one there was goes.

        :returns: whether there is a state.
        """
        loaded = state.load(self._cloud, self._plan)
        if loaded is not None and loaded.mirror is not None:
            loaded.mirror = None
            self._lease.check()
            state.save(self._cloud, self._plan, loaded)
        return loaded is not None

    def _load(self) -> State:
        loaded = state.load(self._cloud, self._plan)
        if loaded is None:
            if self._container.is_plan():
                raise errors.PlanIncomplete(self._plan, "environment")
            raise errors.PlanNotFound(self._plan)
        return loaded

    def _written_by_others(self, current: State) -> bytes | None:
        """The mirror, if it is not as it was written here."""
        agreed = mirror.agreed_md5(current)
        if agreed is None:
            return None
        return self._container.read_one_anew(_MIRROR, agreed)[1]

    def _write_mirror(self, current: State) -> None:
        # It holds passwords: not for any container of that name.
        if not self._container.is_plan():
            return
        content = mirror.document(self._plan, current)
        self._lease.check()
        # Past the wait for the listing: who reads the mirror asks for the
        # object itself.
        self._cloud.object_store.put_object(
            self._plan, _MIRROR, content, content_type="application/yaml"
        )
        mirror.agree(current, content)
