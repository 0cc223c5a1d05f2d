"""Read an archive that somebody sent, whatever is in it.

Nothing is written to a disk, and nothing is read that is larger than a plan
can be. What cannot be a file of a plan ends it all: links, devices, paths
that lead out of the plan, the same path twice.
"""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Iterator

from tripleo_common.plans import archive

#: Bounds of an archive. The templates of a whole cloud are 800 files of 6
#: megabytes in all.
MAX_FILES = 10_000
MAX_PACKED = 64 * 2**20
MAX_UNPACKED = 128 * 2**20
_LONGEST_PATH = 1024  # bytes, as Swift takes them
#: Bytes of a header before a member's own; parsing takes the square of it.
_LONGEST_HEADER = 4096

_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_MALFORMED = (
    tarfile.TarError,
    zlib.error,
    ArithmeticError,
    EOFError,
    LookupError,
    RecursionError,
    ValueError,
)


class Unusable(ValueError):
    """Why an archive is not read, as a clause."""


def unpack(packed: bytes) -> dict[str, tuple[bytes, str | None]]:
    """The files of an archive (tar, as it is or with gzip).

    :returns: by path each one's content, and its content type, where the
        archive tells.
    :raises Unusable: it is not read.
    """
    try:
        return _unpacked(_plain(packed))
    except Unusable:
        raise
    except _MALFORMED as error:
        raise Unusable(f"it is no tar archive, or damaged: {error}") from error


def _plain(packed: bytes) -> bytes:
    """What was compressed; never more than the bound of it is in memory."""
    if not packed.startswith(_GZIP):
        return packed
    unpacked = b""
    while packed:
        stream = zlib.decompressobj(_GZIP_WINDOW)
        left = MAX_UNPACKED - len(unpacked)
        unpacked += stream.decompress(packed, left + 1)
        if len(unpacked) > MAX_UNPACKED:
            raise Unusable(f"it unpacks to over {MAX_UNPACKED} bytes")
        if not stream.eof:
            raise Unusable("it ends too early")
        # Some programs write several streams, one after the other.
        packed = stream.unused_data.lstrip(b"\0")
    return unpacked


def _unpacked(plain: bytes) -> dict[str, tuple[bytes, str | None]]:
    files: dict[str, tuple[bytes, str | None]] = {}
    with tarfile.open(
        fileobj=io.BytesIO(plain), mode="r:", tarinfo=_Member
    ) as tar:
        for member in _regular(tar):
            path = _path(member.name)
            if path in files:
                raise Unusable(f"{path!r:.200} is in it twice")
            if len(files) == MAX_FILES:
                raise Unusable(f"it has over {MAX_FILES} files")
            stream = tar.extractfile(member)
            content = stream.read() if stream else b""
            if len(content) != member.size:
                raise Unusable("it ends too early")
            files[path] = content, member.pax_headers.get(archive.CONTENT_TYPE)
    return files


class _Member(tarfile.TarInfo):
    """A member whose headers are bounded."""

    @classmethod
    def frombuf(
        cls, buf: bytes | bytearray, encoding: str, errors: str
    ) -> _Member:
        member = super().frombuf(buf, encoding, errors)
        extended = not (member.isreg() or member.isdir())
        if extended and member.size > _LONGEST_HEADER:
            raise Unusable(f"a header in it has {member.size} bytes")
        return member


def _regular(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    for member in tar:
        if member.isdir():
            continue
        if not member.isreg() or member.issparse():
            raise Unusable(f"{member.name!r:.200} is no plain file")
        yield member


def _path(name: str) -> str:
    """A member's path in the plan."""
    path = name.removeprefix("./")
    try:
        length = len(path.encode())
    except UnicodeEncodeError:
        raise Unusable(f"the name {name!r:.200} is not UTF-8") from None
    if (
        path.startswith("/")
        or {"", ".", ".."} & set(path.split("/"))
        or length > _LONGEST_PATH
        or not path.isprintable()
    ):
        raise Unusable(f"{name!r:.200} cannot be a path in a plan")
    return path
