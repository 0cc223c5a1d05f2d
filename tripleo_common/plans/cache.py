"""A cache on the local disk for what was read from containers.

Nothing in it is of use without the container it came from: each container
has a random secret in its metadata, which Swift tells to whom it lets read
the container, and which is on no disk of an executor. From it come the names
of the cache's files and the keys that they are encrypted with. So somebody
who gets hold of the disk learns how many files there are and how long they
are. He cannot try guesses either, as he could if the contents' own digests
were the keys (a template is public, and the only unknown of an environment
may be one short password). What one project put there is never another's
answer, not even where somebody makes two contents of one MD5. And with the
container goes the secret: the copies of a deleted plan are noise.

What is read is authenticated (AES-GCM), so a torn or changed file counts as
absent. No failure of the cache is one of its callers: it is logged, and the
caller reads from Swift.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import hmac
import logging
import os
import secrets
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tripleo_common import conf

LOG = logging.getLogger(__name__)

_NONCE = 12  # bytes, as NIST SP 800-38D wants it for AES-GCM
_TAG = 16  # bytes that AES-GCM adds
_TEMPORARY = ".new-"
#: Seconds after which an unfinished file is a dead process's.
_ABANDONED = 3600
#: Room is made whenever this part of the limit was written ...
_CHECKED_EVERY = 1 / 16
#: ... until this part of the limit is in use.
_KEPT = 3 / 4
_MEGABYTE = 1024 * 1024


def new_secret() -> str:
    """A secret for a container, as text that fits into a header."""
    return secrets.token_hex(32)


class Cache:
    """What may be kept of one container.

    :param directory: where.
    :param secret: the container's secret.
    """

    def __init__(self, directory: Directory, secret: str) -> None:
        self._directory = directory
        self._secret = secret.encode()

    def file(self, md5: str, size: int) -> bytes | None:
        """A file's content by what a listing tells of it.

        Swift lists large objects and links as empty ones: nothing is kept
        for these.
        """
        content = self.get(_file_label(md5, size)) if size else None
        if content is None or _md5(content) != md5:
            return None
        return content

    def keep_file(self, content: bytes) -> None:
        """Keep a file's content under its own digest."""
        if content:
            self.put(_file_label(_md5(content), len(content)), content)

    def get(self, label: str) -> bytes | None:
        """What was put under *label*; None: not there, or not any more."""
        name, key = self._derived(label)
        stored = self._directory.read(name)
        if stored is None:
            return None
        try:
            return AESGCM(key).decrypt(
                stored[:_NONCE], stored[_NONCE:], label.encode()
            )
        # ValueError: torn so early that not even the nonce is whole.
        except (InvalidTag, ValueError):
            LOG.warning("Removed %s from the cache: it is damaged", name)
            self._directory.remove(name)
            return None

    def put(self, label: str, content: bytes) -> None:
        """Keep *content*, which *label* has to name for all times."""
        name, key = self._derived(label)
        nonce = os.urandom(_NONCE)
        self._directory.write(
            name, nonce + AESGCM(key).encrypt(nonce, content, label.encode())
        )

    def _derived(self, label: str) -> tuple[str, bytes]:
        """The file's name and key for a label."""

        def mac(purpose: str) -> hmac.HMAC:
            text = f"{purpose}\0{label}".encode()
            return hmac.new(self._secret, text, hashlib.sha256)

        return mac("name").hexdigest(), mac("key").digest()


class Directory:
    """Files in one directory, of which those used last are kept.

    Many processes may use it: files appear under their names whole, and
    readers have no use for locks.

    :param path: the directory; only its owner may enter it.
    :param limit: bytes. Each process may exceed it by a sixteenth before
        it makes room.
    """

    def __init__(self, path: Path, limit: int) -> None:
        self._path = path
        self._limit = limit
        self._lock = threading.Lock()
        # The first write makes room: short processes write, too.
        self._unchecked = limit

    def read(self, name: str) -> bytes | None:
        """A file's bytes; None: there is none."""
        path = self._path / name
        try:
            content = path.read_bytes()
            os.utime(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            LOG.warning("Cannot read the cache: %s", error)
            return None
        return content

    def write(self, name: str, content: bytes) -> None:
        """Store a file, unless it could push out most of the others."""
        if len(content) > self._limit * _CHECKED_EVERY:
            return
        try:
            self._replace(name, content)
        except OSError as error:
            LOG.warning("Cannot write to the cache: %s", error)
            return
        with self._lock:
            self._unchecked += len(content)
            if self._unchecked < self._limit * _CHECKED_EVERY:
                return
            self._unchecked = 0
        self.make_room()

    def remove(self, name: str) -> None:
        """Delete a file; gone already is fine."""
        with contextlib.suppress(OSError):
            (self._path / name).unlink()

    def make_room(self) -> None:
        """Delete files, least recently used first, if there are too many."""
        found = sorted(self._files())
        used = sum(size for _, size, _ in found)
        if used <= self._limit:
            return
        for _, size, name in found:
            self.remove(name)
            used -= size
            if used <= self._limit * _KEPT:
                return

    def _replace(self, name: str, content: bytes) -> None:
        descriptor, temporary = tempfile.mkstemp(
            prefix=_TEMPORARY, dir=self._path
        )
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            os.replace(temporary, self._path / name)
        except BaseException:
            self.remove(Path(temporary).name)
            raise

    def _files(self) -> Iterator[tuple[float, int, str]]:
        """Each file's last use, size and name; what is abandoned goes."""
        abandoned = time.time() - _ABANDONED
        try:
            with os.scandir(self._path) as entries:
                for entry in entries:
                    # Another process may delete while this one looks.
                    with contextlib.suppress(FileNotFoundError):
                        told = entry.stat(follow_symlinks=False)
                        if not entry.name.startswith(_TEMPORARY):
                            yield told.st_mtime, told.st_size, entry.name
                        elif told.st_mtime < abandoned:
                            self.remove(entry.name)
        except OSError as error:
            LOG.warning("Cannot list the cache: %s", error)


def directory() -> Directory | None:
    """The directory of this process's configuration; None: no cache."""
    options = conf.options()
    if not options.cache_size:
        return None
    path = options.cache_dir or _default_path()
    return _opened(Path(path), options.cache_size * _MEGABYTE)


def _default_path() -> str:
    base = os.environ.get("XDG_CACHE_HOME") or tempfile.gettempdir()
    return os.path.join(base, f"tripleo-common-{os.geteuid()}")


@functools.lru_cache(maxsize=8)
def _opened(path: Path, limit: int) -> Directory | None:
    """The directory, made if need be; None: it must not be used."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        told = path.lstat()
    except OSError as error:
        LOG.warning("There is no cache: %s", error)
        return None
    if (
        not stat.S_ISDIR(told.st_mode)
        or told.st_uid != os.geteuid()
        or told.st_mode & 0o077
    ):
        LOG.warning(
            "There is no cache: %s must be a directory that belongs to user "
            "%d and that nobody else may enter (mode 0700). Correct it, or "
            "set [tripleo_common] cache_dir.",
            path,
            os.geteuid(),
        )
        return None
    return Directory(path, limit)


def _file_label(md5: str, size: int) -> str:
    return f"file {md5} {size}"


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
