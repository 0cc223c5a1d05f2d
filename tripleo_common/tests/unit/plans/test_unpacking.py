from __future__ import annotations

import contextlib
import gzip
import io
import random
import tarfile

import pytest

from tripleo_common.plans import archive, unpacking

FILES = {"a.yaml": b"a: 1\n", "dir/v\u00e4rde.yaml": b"", "b": b"x" * 2000}
TYPES = {"a.yaml": "text/x", "dir/v\u00e4rde.yaml": "text/y", "b": "text/z"}


def tar(*members: tarfile.TarInfo, content: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        for member in members:
            made.addfile(member, io.BytesIO(content[: member.size]))
    return stream.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, **more: object):
    made = tarfile.TarInfo(name)
    made.type = kind
    for key, value in more.items():
        setattr(made, key, value)
    return made


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda packed: packed,
        gzip.compress,
        lambda p: gzip.compress(p[:700]) + gzip.compress(p[700:]),
    ],
    ids=["plain", "gzip", "gzip in two parts"],
)
def test_what_was_packed_comes_out(wrapped):
    packed = wrapped(archive.pack(FILES, TYPES))
    assert unpacking.unpack(packed) == {
        path: (content, TYPES[path]) for path, content in FILES.items()
    }


def test_an_archive_of_tar_itself_is_read():
    packed = tar(
        member("./", tarfile.DIRTYPE),
        member("./a.yaml", size=2),
        member("dir", tarfile.DIRTYPE),
        content=b"xy",
    )
    assert unpacking.unpack(packed) == {"a.yaml": (b"xy", None)}


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../up",
        "a/../../up",
        "a/..",
        "..",
        "a//b",
        "././a",
        "a\nb",
        "",
        "./",
        "a/" * 600 + "b",
    ],
)
def test_paths_that_lead_elsewhere_are_refused(name):
    with pytest.raises(unpacking.Unusable):
        unpacking.unpack(tar(member("good"), member(name)))


@pytest.mark.parametrize(
    "kind",
    [
        tarfile.SYMTYPE,
        tarfile.LNKTYPE,
        tarfile.CHRTYPE,
        tarfile.BLKTYPE,
        tarfile.FIFOTYPE,
    ],
)
def test_what_is_no_plain_file_is_refused(kind):
    with pytest.raises(unpacking.Unusable, match="'x' is no plain file"):
        unpacking.unpack(tar(member("x", kind, linkname="/etc/passwd")))


def test_the_same_path_twice_is_refused():
    with pytest.raises(unpacking.Unusable, match="in it twice"):
        unpacking.unpack(tar(member("a"), member("./a")))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_UNPACKED", 2**20)
    bomb = gzip.compress(bytes(2**26))
    assert len(bomb) < 2**17
    with pytest.raises(unpacking.Unusable, match="over 1048576 bytes"):
        unpacking.unpack(bomb)


def test_a_bomb_in_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_UNPACKED", 2**20)
    with pytest.raises(unpacking.Unusable, match="over 1048576 bytes"):
        unpacking.unpack(gzip.compress(bytes(2**19)) * 3)


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_FILES", 3)
    with pytest.raises(unpacking.Unusable, match="over 3 files"):
        unpacking.unpack(tar(*(member(str(n)) for n in range(4))))


def test_headers_without_end_are_refused():
    long = member("a")
    long.pax_headers = {"comment": "9" * 100_000}
    stream = io.BytesIO()
    with tarfile.open(
        fileobj=stream, mode="w", format=tarfile.PAX_FORMAT
    ) as made:
        made.addfile(long)
    with pytest.raises(unpacking.Unusable, match="a header in it has"):
        unpacking.unpack(stream.getvalue())


def test_a_file_that_says_it_is_larger_than_the_archive_is_refused():
    packed = bytearray(tar(member("a", size=5), content=b"12345"))
    packed[124:136] = b"77777777777\x00"
    packed[148:156] = b"        "
    packed[148:156] = b"%06o\x00 " % sum(packed[:512])
    with pytest.raises(unpacking.Unusable):
        unpacking.unpack(bytes(packed))


@pytest.mark.parametrize(
    "packed",
    [
        b"PK\x03\x04 is a zip",
        b"\x1f\x8b",
        b"\x1f\x8bnot gzip at all",
        gzip.compress(archive.pack(FILES, TYPES))[:-20],
        archive.pack(FILES, TYPES)[:1800],
    ],
)
def test_what_is_no_whole_archive_is_refused(packed):
    with pytest.raises(unpacking.Unusable):
        unpacking.unpack(packed)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_comes_is_files_or_refused(seed):
    """Damage at random places, some of it in headers."""
    chance = random.Random(seed)
    packed = bytearray(archive.pack(FILES, TYPES))
    for _ in range(chance.randint(1, 30)):
        packed[chance.randrange(len(packed))] = chance.randrange(256)
    files = {}
    with contextlib.suppress(unpacking.Unusable):
        files = unpacking.unpack(bytes(packed))
    assert all(".." not in path.split("/") for path in files)
