"""Which files a version of a plan has, and their contents.

A list tells each file's MD5, size, content type, and the pack that keeps its
content. What a list of before kept already is not packed again. Rendered files
are in no list, as they follow from others, and neither is the state's mirror.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import io
import json
import secrets
import tarfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tripleo_common import constants, errors
from tripleo_common.plans import archive
from tripleo_common.plans.container import StoredFile, md5, type_of
from tripleo_common.plans.files import Files
from tripleo_common.plans.history_objects import LISTS, PACKS, Objects

#: A larger file is not kept, nor what goes beyond that in one pack.
MAX_FILE = 8 * 2**20
MAX_PACK = 64 * 2**20
#: Of so many packs at most: before there are more, all is packed anew.
MAX_PACKS = 20


@dataclass(frozen=True)
class Kept:
    """A file of a version.

    :ivar pack: where its content is; empty: it was too large to be kept.
    """

    md5: str
    size: int
    content_type: str
    pack: str = ""


@dataclass(frozen=True)
class Seen:
    """A plan's own files, as an operation saw or left them.

    :ivar listed: what a listing tells of each.
    :ivar files: where their contents can be read.
    """

    listed: dict[str, StoredFile]
    files: Files

    @functools.cached_property
    def digest(self) -> str:
        """The same for the same files."""
        told = sorted((p, f.md5, f.size) for p, f in self.listed.items())
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:24]


def own(stored: Mapping[str, StoredFile]) -> dict[str, StoredFile]:
    """Those files of a plan that its versions have."""
    return {
        path: told
        for path, told in stored.items()
        if told.content_type != constants.RENDERED_TYPE
        and path != constants.PLAN_ENVIRONMENT_FILE
    }


def seen(
    files: Files,
    written: Mapping[str, bytes] | None = None,
    mark: str = "",
    lost: Collection[str] = (),
) -> Seen:
    """A plan's own files after a change.

    :param files: as they were before it.
    :param written: what was stored, by path.
    :param mark: stands behind the content types of that.
    :param lost: what is not the plan's own any more.
    """
    after = {p: f for p, f in files.stored.items() if p not in lost}
    for path, content in (written or {}).items():
        files.put(path, content)
        after[path] = StoredFile(
            md5(content), len(content), type_of(path) + mark
        )
    return Seen(own(after), files)


def store(objects: Objects, key: str, now: Seen, before: str) -> str:
    """Store a list of files, with the contents that are new.

    :param before: the digest of the list before; empty: there is none.
    :returns: the new list's digest.
    """
    kept = {
        (each.md5, each.size): each.pack
        for each in _load(objects, key, before).values()
    }
    listed = _with_packs(now.listed, kept)
    if len({each.pack for each in listed.values()}) >= MAX_PACKS:
        listed = _with_packs(now.listed, {})
    contents = _contents(now, [p for p, k in listed.items() if not k.pack])
    if contents:
        pack = secrets.token_hex(6)
        types = dict.fromkeys(contents, "application/octet-stream")
        objects.put(key, PACKS + pack, archive.pack(contents, types))
        for path, each in listed.items():
            if each.md5 in contents and not each.pack:
                listed[path] = dataclasses.replace(each, pack=pack)
    told = {path: dataclasses.astuple(each) for path, each in listed.items()}
    packs = sorted({each.pack for each in listed.values()} - {""})
    objects.put(key, LISTS + now.digest, json.dumps(told).encode(), packs)
    return now.digest


def load(
    objects: Objects, key: str, digests: Iterable[str]
) -> dict[str, dict[str, Kept]]:
    """Lists of files by their digests; those that are gone are left out."""
    found = objects.get(key, [LISTS + digest for digest in set(digests)])
    return {
        name.removeprefix(LISTS): {
            path: Kept(*told) for path, told in json.loads(content).items()
        }
        for name, content in found.items()
    }


def contents(
    objects: Objects, key: str, wanted: Mapping[str, Kept]
) -> dict[str, bytes]:
    """The contents of some files; those that are gone are left out."""
    packs = {each.pack for each in wanted.values()} - {""}
    found: dict[str, bytes] = {}
    for packed in objects.get(key, [PACKS + pack for pack in packs]).values():
        found |= _unpacked(packed)
    return {
        path: found[each.md5]
        for path, each in wanted.items()
        if each.md5 in found
    }


def _load(objects: Objects, key: str, digest: str) -> dict[str, Kept]:
    """A list that need not be there: what it lacks is packed again."""
    try:
        return load(objects, key, [digest]).get(digest, {}) if digest else {}
    except errors.HistoryDamaged:
        return {}


def _with_packs(
    listed: Mapping[str, StoredFile], kept: Mapping[tuple[str, int], str]
) -> dict[str, Kept]:
    return {
        path: Kept(
            *(each.md5, each.size, each.content_type),
            pack=kept.get((each.md5, each.size), ""),
        )
        for path, each in listed.items()
    }


def _contents(now: Seen, paths: Iterable[str]) -> dict[str, bytes]:
    """What can be kept of some files, by MD5."""
    wanted, total = [], 0
    for path in paths:
        size = now.listed[path].size
        if size <= MAX_FILE and total + size <= MAX_PACK:
            wanted.append(path)
            total += size
    found = {}
    for path, content in _read(now.files, wanted).items():
        digest = md5(content)
        # A large object's listing tells no digest of its content.
        if digest == now.listed[path].md5:
            found[digest] = content
    return found


def _read(files: Files, paths: list[str]) -> dict[str, bytes]:
    try:
        files.fetch(paths)
    except errors.ResourceNotFound:
        # The listing lags behind: without those that are gone.
        paths = [path for path in paths if _is_there(files, path)]
    return {path: files.read(path, "the plan's history") for path in paths}


def _is_there(files: Files, path: str) -> bool:
    try:
        files.fetch([path])
    except errors.ResourceNotFound:
        return False
    return True


def _unpacked(packed: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        streams = {member.name: tar.extractfile(member) for member in tar}
        return {n: s.read() for n, s in streams.items() if s is not None}
