"""The cache against a real Swift: what its listings tell, and lag."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests.adapters

from tripleo_common import constants
from tripleo_common.clients import Cloud
from tripleo_common.plans.container import Container
from tripleo_common.plans.files import Files
from tripleo_common.plans.store import Plan
from tripleo_common.tests.functional import plans
from tripleo_common.undercloud.client import Client


@pytest.fixture
def cloud(undercloud: Client) -> Cloud:
    return Cloud(undercloud.session)


@pytest.fixture
def sent(
    undercloud: Client, monkeypatch: pytest.MonkeyPatch
) -> Counter[tuple[str, int]]:
    """The requests sent to Swift, by method and status."""
    counter: Counter[tuple[str, int]] = Counter()
    stock = requests.adapters.HTTPAdapter.send

    def send(adapter, request, *args, **more):
        answer = stock(adapter, request, *args, **more)
        if request.url.startswith(undercloud.url["swift"]):
            counter[request.method, answer.status_code] += 1
        return answer

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    return counter


def read(container: Container, path: str, verify: bool = False) -> bytes:
    files = Files(container, container.files(), verify)
    return files.read(path, "the test")


def test_an_unchanged_plan_is_processed_with_two_requests_to_swift(
    undercloud: Client, cloud: Cloud, sent: Counter
) -> None:
    with plans.small(undercloud) as name:
        first = Plan(cloud, name).process()
        sent.clear()
        assert Plan(cloud, name).process() == first
        assert sent == {("HEAD", 200): 1, ("GET", 200): 1}


def test_a_deployment_verifies_each_file_and_reads_none(
    undercloud: Client, cloud: Cloud, sent: Counter
) -> None:
    with plans.small(undercloud) as name:
        first = Plan(cloud, name).process()
        sent.clear()
        assert Plan(cloud, name).process(verify=True) == first
        verified = {
            "roles_data.yaml",
            "overcloud.j2.yaml",
            "overcloud-resource-registry-puppet.yaml",
            "nested/värde.yaml",
            "nested/text.txt",
        }
        mirror = 1
        assert sent["HEAD", 200] == len(verified) + mirror
        assert sent["GET", 200] == 1, "the listing"


def test_the_listing_tells_what_was_just_written(
    undercloud: Client, cloud: Cloud, sent: Counter
) -> None:
    with plans.uploaded(undercloud, {}) as name:
        container = Container(cloud, name)
        files = {f"ä {number}?.txt": b"%d" % number for number in range(40)}
        sent.clear()
        container.write(files)
        assert sent["PUT", 200] == 1, "one archive"
        assert sent["PUT", 201] == 0
        assert {
            path: stored.md5 for path, stored in container.files().items()
        } == {
            path: hashlib.md5(content).hexdigest()
            for path, content in files.items()
        }
        container.remove(files)
        assert container.files() == {}


def _large_by_manifest(undercloud: Client, name: str) -> None:
    """A static large object."""
    segments = []
    for number, content in enumerate((b"one ", b"two")):
        path = f"segments/{number}"
        etag = undercloud.swift.put_object(name, path, content)
        segments.append({"path": f"/{name}/{path}", "etag": etag})
    undercloud.swift.put_object(
        name,
        "large",
        json.dumps(segments),
        query_string="multipart-manifest=put",
    )


def _large_by_prefix(undercloud: Client, name: str) -> None:
    """A dynamic large object, which listings tell as an empty one."""
    for number, content in enumerate((b"one ", b"two")):
        undercloud.swift.put_object(name, f"segments/{number}", content)
    undercloud.swift.put_object(
        name,
        "large",
        b"",
        headers={"X-Object-Manifest": f"{name}/segments/"},
    )


def _link(undercloud: Client, name: str) -> None:
    undercloud.swift.put_object(name, "segments/1", b"one two")
    undercloud.swift.put_object(
        name,
        "large",
        b"",
        headers={"X-Symlink-Target": f"{name}/segments/1"},
    )


KINDS = {
    "slo": _large_by_manifest,
    "dlo": _large_by_prefix,
    "symlink": _link,
}


@contextmanager
def indirect(undercloud: Client, kind: str) -> Iterator[str]:
    """The name of a container whose file ``large`` is "one two"."""
    with plans.uploaded(undercloud, {}) as name:
        KINDS[kind](undercloud, name)
        yield name


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_listing_does_not_tell_the_content_of_is_read(
    undercloud: Client, cloud: Cloud, sent: Counter, kind: str
) -> None:
    with indirect(undercloud, kind) as name:
        container = Container(cloud, name)
        for verify in (False, False, True):
            sent.clear()
            assert read(container, "large", verify) == b"one two"
            assert sent["GET", 200] >= 2, "one for the listing, one to read"


@pytest.mark.parametrize(
    ("kind", "changed"), [("dlo", b"one TWO"), ("symlink", b"TWO")]
)
@pytest.mark.parametrize("verify", [False, True])
def test_a_change_that_no_listing_tells_is_read(
    undercloud: Client, cloud: Cloud, kind: str, changed: bytes, verify: bool
) -> None:
    with indirect(undercloud, kind) as name:
        container = Container(cloud, name)
        assert read(container, "large", verify) == b"one two"
        undercloud.swift.put_object(name, "segments/1", b"TWO")
        assert read(container, "large", verify) == changed


def test_the_secret_goes_with_the_container(
    undercloud: Client, cloud: Cloud
) -> None:
    with plans.named(undercloud) as name:
        secrets = set()
        for _ in range(2):
            container = Container(cloud, name)
            container.create()
            headers = undercloud.swift.head_container(name)
            secrets.add(headers[constants.CACHE_SECRET_HEADER])
            container.delete()
        assert len(secrets) == 2


def test_what_is_not_rendered_any_more_goes(
    undercloud: Client, cloud: Cloud
) -> None:
    files = {**plans.SMALL, "more.role.j2.yaml": "{{role.name}}"}
    with plans.uploaded(undercloud, files) as name:
        plan = Plan(cloud, name)
        plan.create()
        plan.process()
        assert "compute-more.yaml" in plan.container.files()
        plan.container.write({"roles_data.yaml": b"- name: Controller\n"})
        plan.process()
        stored = plan.container.files()
        assert "compute-more.yaml" not in stored
        assert "controller-more.yaml" in stored
