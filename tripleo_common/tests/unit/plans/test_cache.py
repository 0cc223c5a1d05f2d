from __future__ import annotations

import hashlib
import multiprocessing
import os
import time
from pathlib import Path

import pytest
from oslo_config import cfg

from tripleo_common import conf
from tripleo_common.plans import cache

CONTENT = b"AdminPassword: Tr0ub4dor"
MD5 = hashlib.md5(CONTENT).hexdigest()
SECRET = "5" * 64
LIMIT = 1 << 20


@pytest.fixture
def directory(tmp_path: Path) -> cache.Directory:
    return cache.Directory(tmp_path, LIMIT)


@pytest.fixture
def kept(directory: cache.Directory) -> cache.Cache:
    return cache.Cache(directory, SECRET)


def only_file(path: Path) -> Path:
    (file,) = path.iterdir()
    return file


def test_a_file_is_found_by_what_a_listing_tells(kept):
    kept.keep_file(CONTENT)
    assert kept.file(MD5, len(CONTENT)) == CONTENT


@pytest.mark.parametrize(
    ("md5", "size"), [(MD5, 1), ("0" * 32, len(CONTENT)), (MD5, 0)]
)
def test_any_other_file_is_not_found(kept, md5, size):
    kept.keep_file(CONTENT)
    assert kept.file(md5, size) is None


def test_empty_files_are_not_kept(kept, tmp_path):
    """Swift lists the manifests of large objects as empty files."""
    kept.keep_file(b"")
    assert not list(tmp_path.iterdir())


def test_a_container_finds_nothing_of_another(directory, kept):
    kept.keep_file(CONTENT)
    other = cache.Cache(directory, "6" * 64)
    assert other.file(MD5, len(CONTENT)) is None


def test_the_disk_tells_neither_content_nor_digests(kept, tmp_path):
    kept.keep_file(CONTENT)
    stored = only_file(tmp_path)
    told = stored.name.encode() + stored.read_bytes()
    digests = [
        hashlib.new(kind, CONTENT).hexdigest().encode()
        for kind in ("md5", "sha1", "sha256")
    ]
    for known in (CONTENT, CONTENT[-8:], SECRET.encode(), *digests):
        assert known not in told
    assert stored.stat().st_mode & 0o777 == 0o600


def test_secrets_are_long_and_differ():
    secrets = {cache.new_secret() for _ in range(8)}
    assert len(secrets) == 8
    assert {len(secret) for secret in secrets} == {64}


@pytest.mark.parametrize("length", [0, 5, 12, 20, len(CONTENT) + 27])
def test_a_torn_file_counts_as_absent_and_goes(kept, tmp_path, length):
    kept.keep_file(CONTENT)
    stored = only_file(tmp_path)
    stored.write_bytes(stored.read_bytes()[:length])
    assert kept.file(MD5, len(CONTENT)) is None
    assert not stored.exists()


@pytest.mark.parametrize("position", [0, 12, -1])
def test_a_changed_file_counts_as_absent(kept, tmp_path, position):
    kept.keep_file(CONTENT)
    stored = only_file(tmp_path)
    changed = bytearray(stored.read_bytes())
    changed[position] ^= 1
    stored.write_bytes(changed)
    assert kept.file(MD5, len(CONTENT)) is None


def test_a_file_under_anothers_name_counts_as_absent(kept, tmp_path):
    kept.keep_file(b"other")
    stored = only_file(tmp_path).read_bytes()
    kept.keep_file(CONTENT)
    for path in tmp_path.iterdir():
        path.write_bytes(stored)
    assert kept.file(MD5, len(CONTENT)) is None


def test_the_least_recently_used_go_first(directory, tmp_path):
    size = LIMIT // 16
    for number in range(16):
        directory.write(str(number), b"x" * size)
        os.utime(tmp_path / str(number), (1000 + number, 1000 + number))
    assert directory.read("0") is not None
    directory.write("last", b"x" * size)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"0", "last", *(str(n) for n in range(6, 16))}
    used = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert used <= LIMIT * 3 / 4


def test_the_directory_is_not_listed_at_each_write(
    directory, monkeypatch: pytest.MonkeyPatch
):
    directory.write("first", b"x")
    looked = []
    monkeypatch.setattr(directory, "make_room", lambda: looked.append(1))
    for number in range(100):
        directory.write(str(number), b"x" * 1024)
    assert len(looked) == 100 * 1024 // (LIMIT // 16)


def test_a_file_that_would_push_out_the_others_is_not_kept(
    directory, tmp_path
):
    directory.write("large", b"x" * (LIMIT // 16 + 1))
    assert not list(tmp_path.iterdir())


def test_what_a_dead_process_left_goes(directory, tmp_path):
    old, new = tmp_path / ".new-old", tmp_path / ".new-new"
    for path in (old, new):
        path.write_bytes(b"torn")
    hours_ago = time.time() - 7200
    os.utime(old, (hours_ago, hours_ago))
    directory.make_room()
    assert list(tmp_path.iterdir()) == [new]


def test_a_failing_disk_is_no_failure_of_the_caller(tmp_path, caplog):
    path = tmp_path / "gone"
    kept = cache.Cache(cache.Directory(path, LIMIT), SECRET)
    kept.keep_file(CONTENT)
    assert "Cannot write to the cache" in caplog.text
    assert kept.file(MD5, len(CONTENT)) is None
    path.write_text("a file")
    assert kept.file(MD5, len(CONTENT)) is None
    assert "Cannot read the cache" in caplog.text


def _keep_and_read(path: Path, results: multiprocessing.Queue) -> None:
    kept = cache.Cache(cache.Directory(path, 1 << 16), SECRET)
    contents = [bytes([65 + number]) * 2000 for number in range(26)]
    wrong = 0
    for _ in range(20):
        for content in contents:
            kept.keep_file(content)
            digest = hashlib.md5(content).hexdigest()
            if kept.file(digest, len(content)) not in (content, None):
                wrong += 1
    results.put(wrong)


def test_processes_share_a_directory_that_overflows(tmp_path, caplog):
    """The 26 contents are more than the limit takes: files go all along."""
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    processes = [
        context.Process(target=_keep_and_read, args=(tmp_path, results))
        for _ in range(4)
    ]
    for process in processes:
        process.start()
    assert [results.get(timeout=60) for _ in processes] == [0] * 4
    for process in processes:
        process.join(timeout=10)
        assert process.exitcode == 0
    used = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert 0 < used <= (1 << 16) * (1 + 4 / 16)
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".new-")]


@pytest.fixture
def options(tmp_path, monkeypatch):
    """Configure the cache: ``options(cache_size=1)``."""
    conf.options()

    def set_options(**values):
        for name, value in values.items():
            cfg.CONF.set_override(name, value, conf.GROUP)

    before = conf.options().cache_dir
    yield set_options
    cfg.CONF.clear_override("cache_size", conf.GROUP)
    cfg.CONF.set_override("cache_dir", before, conf.GROUP)


def test_the_directory_is_made_private(options, tmp_path):
    path = tmp_path / "new" / "cache"
    options(cache_dir=str(path))
    assert cache.directory() is not None
    assert path.stat().st_mode & 0o777 == 0o700
    assert cache.directory() is cache.directory()


def test_size_0_means_no_cache(options, tmp_path):
    options(cache_dir=str(tmp_path / "none"), cache_size=0)
    assert cache.directory() is None
    assert not (tmp_path / "none").exists()


def test_the_default_directory_is_the_users(options, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    options(cache_dir=None)
    assert cache.directory() is not None
    assert only_file(tmp_path).name == f"tripleo-common-{os.geteuid()}"


def _open_to_others(path: Path) -> None:
    path.mkdir(mode=0o755)


def _a_link(path: Path) -> None:
    (path.parent / "elsewhere").mkdir(mode=0o700)
    path.symlink_to(path.parent / "elsewhere")


def _a_file(path: Path) -> None:
    path.touch()


@pytest.mark.parametrize("make", [_open_to_others, _a_link, _a_file])
def test_a_directory_that_others_may_have_made_is_not_used(
    options, tmp_path, caplog, make
):
    path = tmp_path / "cache"
    make(path)
    options(cache_dir=str(path))
    assert cache.directory() is None
    assert "There is no cache" in caplog.text
    assert str(path) in caplog.text


def test_another_users_directory_is_not_used(
    options, tmp_path, monkeypatch, caplog
):
    path = tmp_path / "cache"
    path.mkdir(mode=0o700)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    options(cache_dir=str(path))
    assert cache.directory() is None
    assert "must be a directory that belongs to user" in caplog.text
