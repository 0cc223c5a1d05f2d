"""A page in a browser uses the undercloud, from an origin that it names."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from tripleo_common.tests.functional import browser
from tripleo_common.undercloud import passwords
from tripleo_common.undercloud.client import Client

WORKFLOW = "tripleo.plan_management.v1.list_plans"


def test_a_page_uses_all_services(
    undercloud: Client, page_port: int, tmp_path: Path
) -> None:
    inputs = {
        "keystone": undercloud.url["keystone"],
        "password": passwords.load(undercloud.paths)["admin"],
        "workflow": WORKFLOW,
        "container": f"page-{uuid.uuid4().hex[:8]}",
    }
    with browser.opened(tmp_path) as page:
        page.open(f"http://127.0.0.1:{page_port}/index.html")
        found = page.call("useUndercloud", **inputs)
        # The same page, but its origin was not named.
        page.open(f"http://localhost:{page_port}/index.html")
        with pytest.raises(AssertionError, match="TypeError: Failed to fetch"):
            page.call("useUndercloud", **inputs)

    assert "overcloud" in found["plans"]
    assert found["workflow"]["statuses"] == [200, 201, 201]
    message = found["workflow"]["message"]
    assert message["type"] == WORKFLOW
    assert message["payload"]["status"] == "SUCCESS"
    assert "overcloud" in message["payload"]["plans"]
    assert found["container"] == [201, "from a page", 204]
    # An answer, a header of it, and a refusal, each to be seen by the page.
    assert found["visits"] == {
        name: [200, True, 401]
        for name in (
            "identity",
            "workflowv2",
            "messaging",
            "object-store",
            "orchestration",
            "image",
            "baremetal",
        )
    }
