"""Tell the user what is being done, on a terminal and in a file."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from rich.console import Console
from rich.status import Status


class Progress:
    """One line for each thing that is done; on a terminal, what goes on.

    Its methods may be called from any thread.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self._begun = time.monotonic()
        self._doing: dict[str, str] = {}
        self._lock = threading.Lock()
        self._status: Status | None = None
        if console.is_terminal:
            self._status = console.status("")

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def begin(self, name: str) -> None:
        """Something is being done from now on."""
        with self._lock:
            self._doing[name] = ""
            self._show()

    def note(self, name: str, text: str) -> None:
        """Something that takes long has come to a new part."""
        with self._lock:
            self._doing[name] = text
            self._print(name, text, "")
            self._show()

    def end(self, name: str, text: str, seconds: float) -> None:
        """Something is done."""
        with self._lock:
            self._doing.pop(name, None)
            self._print(name, f"{text} ({seconds:.1f} s)", "green")
            self._show()

    def fail(self, name: str, seconds: float) -> None:
        """Something failed; the error tells why."""
        with self._lock:
            self._doing.pop(name, None)
            self._print(name, f"failed ({seconds:.1f} s)", "red")
            self._show()

    def drop(self, name: str) -> None:
        """Something was given up because something else failed."""
        with self._lock:
            self._doing.pop(name, None)
            self._show()

    def say(self, text: str) -> None:
        """Tell something that belongs to no step."""
        with self._lock:
            self.console.print(
                text, markup=False, highlight=False, soft_wrap=True
            )

    def _print(self, name: str, text: str, style: str) -> None:
        elapsed = time.monotonic() - self._begun
        line = f"{elapsed:6.1f} s  {name:<24} {text}"
        self.console.print(
            line,
            markup=False,
            highlight=False,
            soft_wrap=True,
            style=style or None,
        )

    def _show(self) -> None:
        if self._status is None:
            return
        self._status.update(", ".join(self._doing))
        if self._doing:
            self._status.start()
        else:
            self._status.stop()
