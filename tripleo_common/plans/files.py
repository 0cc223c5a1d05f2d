"""A plan's files as one operation sees them: each is read at most once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol

from tripleo_common import errors
from tripleo_common.plans.container import Container, StoredFile, md5


class Readable(Protocol):
    """What collecting needs of files; as :class:`Files` has it."""

    def expect(self, paths: Iterable[str]) -> None:
        """Begin to read."""

    def read(self, path: str, needed_by: str) -> bytes:
        """A file's content."""

    def recall(self, label: str) -> Any:
        """What was remembered."""

    def remember(self, label: str, value: Any) -> None:
        """Keep what was derived."""


class Files:
    """A container's files as one caller sees them, none read twice.

    What is put into it shadows what is stored; nothing is written.

    :param container: where they are stored.
    :param stored: its listing.
    :param verify: ask Swift for each file that is used whether it still is
        what the listing told. For what has consequences, as a deployment.
    """

    def __init__(
        self,
        container: Container,
        stored: Mapping[str, StoredFile],
        verify: bool = False,
    ) -> None:
        self._container = container
        self._verify = verify
        self.stored = dict(stored)
        self.plan = container.name
        self._contents: dict[str, bytes] = {}
        self._coming: dict[
            str, Future[bytes] | Future[tuple[bool, bytes | None]]
        ] = {}
        #: Whether all that was read is what the listing told. It never is
        #: of large objects and links, which are listed as something else.
        self.as_listed = True

    def __contains__(self, path: object) -> bool:
        return path in self._contents or path in self.stored

    def paths(self) -> list[str]:
        """Every file that there is, sorted."""
        return sorted({*self.stored, *self._contents})

    def recall(self, label: str) -> Any:
        """What was remembered under *label*; None: nothing."""
        cache = self._container.cache
        found = None if cache is None else cache.get(label)
        return None if found is None else json.loads(found)

    def remember(self, label: str, value: Any) -> None:
        """Keep what was derived from files beside the copies of these.

        :param label: tells all that *value* follows from: digests of the
            files and of the code.
        :param value: what JSON can hold.
        """
        cache = self._container.cache
        if cache is not None:
            cache.put(label, json.dumps(value).encode())

    def digests(self) -> dict[str, str] | None:
        """What tells these files from all others; None: nothing does."""
        if self._verify:
            return None
        told = {
            path: f"{there.md5} {there.size}"
            for path, there in self.stored.items()
        }
        put = {path: md5(each) for path, each in self._contents.items()}
        return {**told, **put}

    def has(self, path: str) -> bool:
        """Whether a file's content is at hand."""
        return path in self._contents

    def expect(self, paths: Iterable[str]) -> None:
        """Begin to read those of *paths* that exist and are not at hand.

        What of them is in the cache is at hand after that.
        """
        for path in paths:
            if path in self._contents or path in self._coming:
                continue
            if self._verify or path in self.stored:
                self._expect(path)

    def _expect(self, path: str) -> None:
        known = self._cached(path)
        if self._verify:
            self._coming[path] = self._container.begin_to_read_anew(
                path, None if known is None else self.stored[path].md5
            )
        elif known is None:
            self._coming[path] = self._container.begin_to_read(path)
        if known is not None:
            self._contents[path] = known

    def expect_nothing(self) -> None:
        """Do not read what was expected, if that has not begun."""
        while self._coming:
            self._coming.popitem()[1].cancel()

    def fetch(self, paths: Iterable[str]) -> None:
        """Have those of *paths* that exist, from the cache or from Swift."""
        paths = list(paths)
        self.expect(paths)
        try:
            for path in paths:
                self._await(path)
        except BaseException:
            self.expect_nothing()
            raise

    def _await(self, path: str) -> None:
        """Have a file at hand that was expected."""
        coming = self._coming.pop(path, None)
        if coming is None:
            return
        answer = coming.result()
        new, content = answer if isinstance(answer, tuple) else (True, answer)
        if not new:
            return
        if content is None:
            self.forget(path)
            return
        self._contents[path] = content
        there = self.stored.get(path)
        if there is None or not content or there.md5 != md5(content):
            self.as_listed = False
        cache = self._container.cache
        if cache is not None:
            cache.keep_file(content)

    def _cached(self, path: str) -> bytes | None:
        there, cache = self.stored.get(path), self._container.cache
        if there is None or cache is None:
            return None
        return cache.file(there.md5, there.size)

    def put(self, path: str, content: str | bytes) -> None:
        """Shadow a file."""
        if isinstance(content, str):
            content = content.encode()
        self._contents[path] = content
        self._coming.pop(path, None)

    def forget(self, path: str) -> None:
        """Have a file count as absent."""
        self._contents.pop(path, None)
        self._coming.pop(path, None)
        self.stored.pop(path, None)

    def read(self, path: str, needed_by: str) -> bytes:
        """A file's content.

        :param needed_by: who wants it, for the error.
        :raises FileMissing: there is no such file.
        """
        self.fetch([path])
        try:
            return self._contents[path]
        except KeyError:
            raise errors.FileMissing(self.plan, path, needed_by) from None

    def text(self, path: str, needed_by: str) -> str:
        """A file's content as text.

        :raises InvalidFile: it is not UTF-8.
        """
        content = self.read(path, needed_by)
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise errors.InvalidFile(path, f"not UTF-8: {error}") from error


def code_digest(*sources: str) -> str:
    """A digest of what derives: modules' files, libraries' versions.

    With it in a label, nothing that older code derived is ever recalled.
    """
    digest = hashlib.sha256()
    for source in sources:
        path = Path(source)
        digest.update(path.read_bytes() if path.is_file() else source.encode())
    return digest.hexdigest()
