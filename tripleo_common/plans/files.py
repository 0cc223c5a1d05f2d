"""A plan's files as one operation sees them: each is read at most once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tripleo_common import errors
from tripleo_common.plans.container import Container, StoredFile


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

    def fetch(self, paths: Iterable[str]) -> None:
        """Have those of *paths* that exist, from the cache or from Swift."""
        wanted = [
            path
            for path in dict.fromkeys(paths)
            if path not in self._contents
            and (self._verify or path in self.stored)
        ]
        have = self._cached(wanted)
        if self._verify:
            read = self._read_anew(wanted, have)
        else:
            missing = [path for path in wanted if path not in have]
            read = self._container.read(missing) if missing else {}
        self._contents |= have | read
        cache = self._container.cache if read else None
        if cache is not None:
            for content in read.values():
                cache.keep_file(content)

    def _cached(self, paths: Iterable[str]) -> dict[str, bytes]:
        cache = self._container.cache
        if cache is None:
            return {}
        found = {
            path: cache.file(self.stored[path].md5, self.stored[path].size)
            for path in paths
            if path in self.stored
        }
        return {
            path: content
            for path, content in found.items()
            if content is not None
        }

    def _read_anew(
        self, paths: Iterable[str], have: dict[str, bytes]
    ) -> dict[str, bytes]:
        """Read what differs from *have*; drop from that what is gone."""
        answers = self._container.read_anew(
            {
                path: self.stored[path].md5 if path in have else None
                for path in paths
            }
        )
        for path, content in answers.items():
            if content is None:
                have.pop(path, None)
                self.stored.pop(path, None)
        return {
            path: content
            for path, content in answers.items()
            if content is not None
        }

    def put(self, path: str, content: str | bytes) -> None:
        """Shadow a file."""
        if isinstance(content, str):
            content = content.encode()
        self._contents[path] = content

    def forget(self, path: str) -> None:
        """Have a file count as absent."""
        self._contents.pop(path, None)
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
