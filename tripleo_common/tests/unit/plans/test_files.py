from __future__ import annotations

import pytest
from oslo_config import cfg

from tripleo_common import conf, constants, errors
from tripleo_common.plans.container import Container
from tripleo_common.plans.files import Files, code_digest


@pytest.fixture
def plan(cloud) -> Container:
    cloud.object_store.add("my_cloud", {"a.yaml": "A", "dir/b": "B"})
    return Container(cloud, "my_cloud")


@pytest.fixture
def requests(cloud):
    return cloud.object_store.requests


def read(plan: Container, verify: bool = False, *paths: str) -> list[bytes]:
    files = Files(plan, plan.files(), verify)
    files.fetch(paths or ["a.yaml", "dir/b"])
    return [files.read(path, "t") for path in paths or ["a.yaml", "dir/b"]]


def store(cloud, path: str, content: bytes) -> None:
    """As somebody else does."""
    cloud.object_store.containers["my_cloud"][path] = (content, "text/plain")


def test_what_was_read_once_is_read_from_the_cache(cloud, plan, requests):
    assert read(plan) == read(plan) == [b"A", b"B"]
    assert requests["GET object"] == 2
    again = Container(cloud, "my_cloud")
    assert read(again) == [b"A", b"B"]
    assert requests["GET object"] == 2
    assert requests["POST container"] == 1


def test_what_was_written_is_not_read(plan, requests):
    plan.write({"new": b"N"})
    assert read(plan, False, "new") == [b"N"]
    assert requests["GET object"] == 0


def test_what_changed_is_read_again(cloud, plan, requests):
    read(plan)
    store(cloud, "a.yaml", b"changed")
    assert read(plan) == [b"changed", b"B"]
    assert requests["GET object"] == 3


def test_what_is_listed_as_empty_is_always_read(cloud, plan, requests):
    """It may be the manifest of a large object, or a link."""
    store(cloud, "a.yaml", b"")
    assert read(plan, False, "a.yaml") == [b""]
    assert read(plan, False, "a.yaml") == [b""]
    assert requests["GET object"] == 2


def test_without_a_cache_each_operation_reads(plan, requests):
    conf.options()
    cfg.CONF.set_override("cache_size", 0, conf.GROUP)
    try:
        assert read(plan) == read(plan) == [b"A", b"B"]
    finally:
        cfg.CONF.clear_override("cache_size", conf.GROUP)
    assert requests["GET object"] == 4
    assert requests["POST container"] == 0


def test_who_may_not_write_reads_without_a_cache(cloud, plan, requests):
    def post_container(name, headers):
        raise errors.ServiceError("Swift", name, "HTTP 403", "Ask.", 403)

    cloud.object_store.post_container = post_container
    assert read(plan) == read(plan) == [b"A", b"B"]
    assert requests["GET object"] == 4


def test_a_new_container_has_a_secret(cloud):
    for name in ("one", "two"):
        Container(cloud, name).create()
    header = constants.CACHE_SECRET_HEADER
    one, two = (cloud.object_store.headers[n][header] for n in ("one", "two"))
    assert one != two


def test_verifying_asks_for_each_file_and_gets_no_body(plan, requests):
    read(plan)
    requests.clear()
    assert read(plan, True) == [b"A", b"B"]
    assert requests["HEAD object"] == 2
    assert requests["GET object"] == 0


def test_verifying_without_a_copy_reads_at_once(plan, requests):
    assert read(plan, True) == [b"A", b"B"]
    assert requests["HEAD object"] == 0
    assert requests["GET object"] == 2


def test_verifying_trusts_no_listing_that_lags_behind(cloud, plan):
    read(plan)
    stale = plan.files()
    store(cloud, "a.yaml", b"changed")
    store(cloud, "c", b"new")
    del cloud.object_store.containers["my_cloud"]["dir/b"]
    files = Files(plan, stale, verify=True)
    files.fetch(["a.yaml", "dir/b", "c", "never"])
    assert files.read("a.yaml", "t") == b"changed"
    assert files.read("c", "t") == b"new"
    for gone in ("dir/b", "never"):
        assert gone not in files
        with pytest.raises(errors.FileMissing):
            files.read(gone, "t")


def test_verifying_passes_other_errors_on(cloud, plan):
    def get_object(name, path, headers=None):
        raise errors.ServiceError("Swift", path, "HTTP 500", "Look.", 500)

    cloud.object_store.get_object = get_object
    with pytest.raises(errors.ServiceError, match="HTTP 500"):
        read(plan, True)


def test_what_is_derived_is_remembered(plan):
    files = Files(plan, plan.files())
    assert files.recall("label") is None
    files.remember("label", {"a": [1, None]})
    assert Files(plan, {}).recall("label") == {"a": [1, None]}


def test_code_is_known_by_its_files_and_versions(tmp_path):
    source = tmp_path / "module.py"
    digests = set()
    for text, version in [("a", "1"), ("b", "1"), ("b", "2")]:
        source.write_text(text)
        digests.add(code_digest(str(source), version))
    assert len(digests) == 3
