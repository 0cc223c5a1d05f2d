"""Do what can be done at the same time, in the order that needs dictate."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tripleo_common.undercloud.errors import Stopped
from tripleo_common.undercloud.progress import Progress


@dataclass(frozen=True)
class Step:
    """A piece of work.

    :param name: what is shown of it.
    :param action: does it, and returns what to say of it, if anything.
    :param needs: the names of the steps that come first; those that are not
        to be done at all are no obstacle.
    """

    name: str
    action: Callable[[], str | None]
    needs: tuple[str, ...] = ()


def run(
    steps: Iterable[Step], stop: threading.Event, progress: Progress
) -> None:
    """Do all steps, each in a thread as soon as what it needs is done.

    The first error sets ``stop``, and is raised once all threads ended;
    whatever else interrupts sets it as well.
    """
    waiting = {step.name: step for step in steps}
    pending = set(waiting)
    ended: queue.Queue[tuple[str, Exception | None]] = queue.Queue()
    threads: list[threading.Thread] = []

    def work(step: Step) -> None:
        try:
            _do(step, progress)
        except Exception as error:
            ended.put((step.name, error))
        else:
            ended.put((step.name, None))

    try:
        while pending:
            for step in _ready(waiting, pending):
                del waiting[step.name]
                thread = threading.Thread(target=work, args=(step,))
                threads.append(thread)
                thread.start()
            name, error = ended.get()
            if error is not None:
                raise error
            pending.discard(name)
    except BaseException:
        stop.set()
        raise
    finally:
        for thread in threads:
            thread.join()


def _ready(waiting: dict[str, Step], pending: set[str]) -> list[Step]:
    return [s for s in waiting.values() if not pending.intersection(s.needs)]


def _do(step: Step, progress: Progress) -> None:
    begun = time.monotonic()
    progress.begin(step.name)
    try:
        text = step.action()
    except Stopped:
        progress.drop(step.name)
        raise
    except Exception:
        progress.fail(step.name, time.monotonic() - begun)
        raise
    progress.end(step.name, text or "done", time.monotonic() - begun)
