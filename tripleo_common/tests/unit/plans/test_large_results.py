from __future__ import annotations

import json

import pytest

from tripleo_common import conf, errors
from tripleo_common.plans import large_results


@pytest.fixture
def limit(monkeypatch):
    def limit(value):
        monkeypatch.setattr(conf, "field_limit", lambda: value)

    return limit


@pytest.mark.parametrize("of", [None, 300])
def test_what_fits_stays(cloud, limit, of):
    limit(of)
    result = {"a": 1, "tree": "x" * 100}
    assert large_results.fitted(cloud, "mine", result, "tree") is result
    assert cloud.object_store.containers == {}


def test_over_half_the_limit_the_bulk_goes_to_swift(cloud, limit):
    limit(200)
    result = {"a": 1, "tree": "x" * 100}
    told = large_results.fitted(cloud, "mine", result, "tree")
    link = told["spilled"]
    assert (told["a"], told["tree"]) == (1, None)
    assert link["left_out"] == ["tree"]
    content, _ = cloud.object_store.containers["mine-messages"][link["object"]]
    assert json.loads(content) == result
    assert len(content) == link["bytes"]


def test_without_swift_it_is_told_why(cloud, limit, monkeypatch):
    limit(200)
    error = errors.ServiceError("Swift", "it", "HTTP 507", "Make room.", 507)

    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(cloud.object_store, "put_object", refuse)
    result = {"tree": "x" * 200}
    told = large_results.fitted(cloud, "mine", result, "tree")
    assert told["tree"] is None
    assert told["spilled"]["error"] == str(error)
