"""A plan's files: one Swift container, listed once, read and written at once.

A listing tells each object's MD5, size and content type. So nothing is read
to find out whether it changed, and what rendering made is known by its
content type. A listing can lag behind the objects while Swift is under load:
what is written here is in the listing, too, before a method returns.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import mimetypes
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent import futures
from dataclasses import dataclass
from typing import TypeVar

import swiftclient.client

from tripleo_common import clients, conf, constants, errors
from tripleo_common.plans import archive, bulk_delete, cache

LOG = logging.getLogger(__name__)

_R = TypeVar("_R")

# With debugging on, swiftclient logs all headers but these.
swiftclient.client.LOGGER_SENSITIVE_HEADERS.append(
    constants.CACHE_SECRET_HEADER
)

#: Seconds that a listing may lag behind before it is not waited for any
#: more, and between two looks at it.
LISTING_TIMEOUT = 10.0
_LISTING_INTERVAL = 0.25
#: How many objects a listing counts in the container.
_COUNT = "x-container-object-count"
#: As few files as are worth an archive.
_ARCHIVE_FROM = 40


@dataclass(frozen=True)
class StoredFile:
    """An object of a container, as its listing tells."""

    md5: str
    size: int
    content_type: str


class Container:
    """The Swift container of a plan.

    :param cloud: whose Swift.
    :param name: the container's name, which is the plan's.
    """

    def __init__(self, cloud: clients.Cloud, name: str) -> None:
        self._cloud = cloud
        self.name = name
        self._secret: str | None = None
        #: What it is marked for, and who makes a plan of it (see
        #: creation.py), as last looked at.
        self.marked = ""
        self.creator = ""

    def usage(self) -> str | None:
        """What the container is marked for; None: there is no container."""
        try:
            headers = self._cloud.object_store.head_container(self.name)
        except errors.ResourceNotFound:
            return None
        self._note(headers)
        return self.marked

    def _note(self, headers: Mapping[str, str]) -> None:
        """Remember what an answer told of the container."""
        self._secret = headers.get(constants.CACHE_SECRET_HEADER)
        self.marked = headers.get(constants.USAGE_HEADER, "")
        self.creator = headers.get(constants.CREATOR_HEADER, "")

    @functools.cached_property
    def _pool(self) -> futures.ThreadPoolExecutor:
        """Threads, each with a connection that it keeps.

        They end when nobody has the container any more.
        """
        return futures.ThreadPoolExecutor(conf.options().swift_connections)

    @functools.cached_property
    def cache(self) -> cache.Cache | None:
        """Copies of the files on the local disk; None: there are none."""
        directory = cache.directory()
        if directory is None:
            return None
        if self._secret is None:
            self.usage()
        secret = self._secret or self._add_secret()
        return None if secret is None else cache.Cache(directory, secret)

    def _add_secret(self) -> str | None:
        """Give a container that this library did not make a secret."""
        secret = cache.new_secret()
        try:
            self._cloud.object_store.post_container(
                self.name, {constants.CACHE_SECRET_HEADER: secret}
            )
        except errors.ServiceError as error:
            LOG.info("No local copies of the files are kept: %s", error)
            return None
        return secret

    def exists(self) -> bool:
        """Whether there is such a container, a plan's or not."""
        return self.usage() is not None

    def is_plan(self) -> bool:
        """Whether there is such a container, and marked as a plan's."""
        return self.marks_plan(self.usage())

    @staticmethod
    def marks_plan(usage: str | None) -> bool:
        """Whether that is what a plan's container is marked for."""
        return usage == constants.USAGE_PLAN

    def create(self, creator: str = "") -> None:
        """Create the container, marked as a plan.

        :param creator: the note about who makes a plan of it.
        """
        self._cloud.object_store.put_container(
            self.name,
            headers={
                constants.USAGE_HEADER: constants.USAGE_PLAN,
                constants.CACHE_SECRET_HEADER: cache.new_secret(),
                **({constants.CREATOR_HEADER: creator} if creator else {}),
            },
        )

    def note_creator(self, creator: str) -> None:
        """Note who makes a plan of it; empty: nobody any more."""
        self._cloud.object_store.post_container(
            self.name, {constants.CREATOR_HEADER: creator}
        )
        self.creator = creator

    def files(self) -> dict[str, StoredFile]:
        """Every file by its path, sorted.

        :raises ResourceNotFound: there is no such container.
        """
        swift = self._cloud.object_store
        headers, listing = swift.get_container(self.name)
        self._note(headers)
        # Nearly always a page is all, and the answer says so.
        if listing and len(listing) < int(headers[_COUNT]):
            _, more = swift.get_container(
                self.name, marker=listing[-1]["name"], full_listing=True
            )
            listing = [*listing, *more]
        return {
            entry["name"]: StoredFile(
                entry["hash"], entry["bytes"], entry["content_type"]
            )
            for entry in listing
        }

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The contents of some files, by path.

        :raises ResourceNotFound: one of them is gone.
        """

        paths = list(paths)
        return dict(
            zip(paths, self._concurrently(self._read, paths), strict=True)
        )

    def begin_to_read(self, path: str) -> futures.Future[bytes]:
        """A file's content, when it has come.

        :raises ResourceNotFound: (the future) it is gone.
        """
        return self._pool.submit(self._read, path)

    def _read(self, path: str) -> bytes:
        _, content = self._cloud.object_store.get_object(self.name, path)
        found: bytes = content
        return found

    def begin_to_read_anew(
        self, path: str, known: str | None
    ) -> futures.Future[tuple[bool, bytes | None]]:
        """The answer of :meth:`read_one_anew`, when it has come."""
        return self._pool.submit(self.read_one_anew, path, known)

    def read_anew(
        self, known: Mapping[str, str | None]
    ) -> dict[str, bytes | None]:
        """What is stored of some files in this moment; those that differ.

        :param known: the MD5 of each one's content, or None.
        """
        answers = self._concurrently(
            lambda path: self.read_one_anew(path, known[path]), known
        )
        return {
            path: content
            for path, (new, content) in zip(known, answers, strict=True)
            if new
        }

    def read_one_anew(
        self, path: str, known: str | None
    ) -> tuple[bool, bytes | None]:
        """What is stored in this moment, whatever the listing tells.

        :param known: the MD5 of the content that the caller has, or None.
        :returns: whether it differs from that, and if so, the content; None:
            there is no such file.
        """
        swift = self._cloud.object_store
        newest = {"X-Newest": "true"}  # of several replicas
        try:
            # A conditional GET would do, too, but the client logs each 304
            # as it logs errors.
            if known:
                told = swift.head_object(self.name, path, newest)
                if told["etag"] == known:
                    return False, None
            _, content = swift.get_object(self.name, path, headers=newest)
        except errors.ResourceNotFound:
            return True, None
        return True, content

    def write(
        self,
        files: Mapping[str, bytes],
        content_type: str | None = None,
        mark: str = "",
    ) -> None:
        """Store files.

        Many go as one archive, a seventh of the work for us. What it did not
        bring, as where Swift unpacks none, is sent on its own.

        :param files: contents by path.
        :param content_type: of all of them; None: by each one's name.
        :param mark: stands behind the content type.
        """
        types = {
            path: (content_type or type_of(path)) + mark for path in files
        }
        digests = {path: md5(content) for path, content in files.items()}
        left = set(files)
        if len(files) >= _ARCHIVE_FROM:
            self._put_archive(archive.pack(files, types))
            left = set(self._unlisted(digests))

        def put(path: str) -> None:
            self._cloud.object_store.put_object(
                self.name, path, files[path], content_type=types[path]
            )

        self._concurrently(put, sorted(left))
        if files and self.cache is not None:
            for content in files.values():
                self.cache.keep_file(content)
        self._await_listing({path: digests[path] for path in left})

    def _put_archive(self, packed: bytes) -> None:
        swift, query = self._cloud.object_store, archive.QUERY
        try:
            swift.put_object(self.name, "", packed, query_string=query)
        except errors.ServiceUnreachable as error:
            LOG.warning("The archive did not arrive: %s", error)

    def remove(self, paths: Iterable[str]) -> None:
        """Delete files; those that are gone already count as deleted."""

        def delete(path: str) -> None:
            try:
                self._cloud.object_store.delete_object(self.name, path)
            except errors.ResourceNotFound:
                return

        paths = list(paths)
        self._concurrently(delete, paths)
        self._await_listing(dict.fromkeys(paths))

    def _await_listing(self, written: Mapping[str, str | None]) -> None:
        """Wait until the listing tells what was *written*.

        :param written: each file's MD5; None: it was deleted.
        """
        deadline = time.monotonic() + LISTING_TIMEOUT
        while written:
            written = self._unlisted(written)
            if not written:
                return
            if time.monotonic() > deadline:
                LOG.warning(
                    "Swift's listing of %s still misses changes of %d files, "
                    "such as %s. Is the container server overloaded?",
                    *(self.name, len(written), min(written)),
                )
                return
            time.sleep(_LISTING_INTERVAL)

    def _unlisted(
        self, written: Mapping[str, str | None]
    ) -> dict[str, str | None]:
        """What of *written* the listing does not tell."""
        stored = self.files()
        return {
            path: digest
            for path, digest in written.items()
            if (stored[path].md5 if path in stored else None) != digest
        }

    def delete(self, before_each: Callable[[], None] = lambda: None) -> None:
        """Delete the container with all its files.

        :param before_each: called before each request that may take long.
        """
        deadline = time.monotonic() + LISTING_TIMEOUT
        paths = list(self.files())
        swift = self._cloud.object_store
        if not bulk_delete.delete(swift, self.name, paths, before_each):
            before_each()
            self.remove(self.files())
        while True:
            try:
                swift.delete_container(self.name)
            except errors.ResourceNotFound:
                return
            except errors.ResourceConflict:
                # Swift counts its objects late when it is under load.
                if time.monotonic() > deadline:
                    raise
                before_each()
                self.remove(self.files())
                time.sleep(_LISTING_INTERVAL)
            else:
                return

    def _concurrently(
        self, function: Callable[[str], _R], paths: Iterable[str]
    ) -> list[_R]:
        """Call *function* for each path; the first error ends it all."""
        tasks = [self._pool.submit(function, path) for path in paths]
        try:
            return [task.result() for task in tasks]
        finally:
            for task in tasks:
                task.cancel()
            futures.wait(tasks)


def type_of(path: str) -> str:
    """The content type of a file, by its name."""
    return mimetypes.guess_type(path)[0] or "application/octet-stream"


def md5(content: bytes) -> str:
    """What a listing tells for *content*."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def changed(
    files: Mapping[str, bytes], stored: Mapping[str, StoredFile]
) -> dict[str, bytes]:
    """Those of *files* that are not stored as they are."""

    def same(path: str, content: bytes) -> bool:
        there = stored.get(path)
        return (
            there is not None
            and there.size == len(content)
            and there.md5 == md5(content)
        )

    return {
        path: content
        for path, content in files.items()
        if not same(path, content)
    }
