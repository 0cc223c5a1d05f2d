from __future__ import annotations

import subprocess
from types import SimpleNamespace

import pytest

from tripleo_common import errors
from tripleo_common.deployments import overcloudrc
from tripleo_common.plans.store import Plan

PASSWORD = "it's $HOME; `id`"


def add_stack(cloud, url="http://192.0.2.1:5000/v2.0", host="192.0.2.2"):
    outputs = {
        "KeystoneURL": url,
        "EndpointMap": {"KeystoneAdmin": {"host": host}},
    }
    cloud.orchestration.stacks.known["my_cloud"] = SimpleNamespace(
        outputs=[
            {"output_key": key, "output_value": value}
            for key, value in outputs.items()
        ]
    )


@pytest.fixture
def plan(cloud):
    cloud.add_plan("my_cloud", {}, passwords={"AdminPassword": PASSWORD})
    return Plan(cloud, "my_cloud")


def sourced(script, **before):
    """The variables of a shell that has read a file."""
    done = subprocess.run(
        ["bash", "-euc", f"{script}\nenv -0"],
        env={"PATH": "/usr/bin:/bin", **before},
        capture_output=True,
        text=True,
        check=True,
    )
    entries = done.stdout.rstrip("\0").split("\0")
    return dict(entry.split("=", 1) for entry in entries)


def test_a_cloud_of_the_old_api_has_a_file_for_each_version(cloud, plan):
    add_stack(cloud)
    files = overcloudrc.create(cloud, plan)
    assert set(files) == {"overcloudrc", "overcloudrc.v3"}
    old = sourced(files["overcloudrc"])
    assert old["OS_AUTH_URL"] == "http://192.0.2.1:5000/v2.0"
    assert old["OS_TENANT_NAME"] == "admin"
    assert "OS_IDENTITY_API_VERSION" not in old
    new = sourced(files["overcloudrc.v3"])
    assert new["OS_AUTH_URL"] == "http://192.0.2.1:5000/v3"
    assert new["OS_IDENTITY_API_VERSION"] == "3"
    assert new["OS_USER_DOMAIN_NAME"] == "Default"
    assert new["OS_PROJECT_DOMAIN_NAME"] == "Default"
    for told in (old, new):
        assert told["OS_USERNAME"] == told["OS_PROJECT_NAME"] == "admin"
        assert told["OS_PASSWORD"] == PASSWORD
        assert told["OS_CLOUDNAME"] == "my_cloud"
        assert told["OS_REGION_NAME"] == "regionOne"


@pytest.mark.parametrize("url", ["http://h:5000", "http://h:5000/v3/"])
def test_a_cloud_of_today_has_one_file_under_both_names(cloud, plan, url):
    add_stack(cloud, url)
    files = overcloudrc.create(cloud, plan)
    assert files["overcloudrc"] == files["overcloudrc.v3"]
    told = sourced(files["overcloudrc"])
    assert told["OS_AUTH_URL"] == "http://h:5000/v3"


@pytest.mark.parametrize(
    ("given", "url", "host", "expected"),
    [
        ("", "http://h:5000", "a", "h,a"),
        ("x, y", "http://h:5000", "h", "x,y,h"),
        ("", "http://[fd00::1]:5000", "fd00::2", "[fd00::1],[fd00::2]"),
        ("[fd00::1]", "http://[fd00::1]:5000", None, "[fd00::1]"),
    ],
)
def test_the_clouds_hosts_are_reached_without_a_proxy(
    cloud, plan, given, url, host, expected
):
    add_stack(cloud, url, host)
    files = overcloudrc.create(cloud, plan, given)
    assert sourced(files["overcloudrc"])["no_proxy"] == expected


def test_what_operators_set_is_told(cloud, plan):
    add_stack(cloud)
    plan.merge_parameters({"AdminPassword": "set", "KeystoneRegion": "north"})
    told = sourced(overcloudrc.create(cloud, plan)["overcloudrc"])
    assert (told["OS_PASSWORD"], told["OS_REGION_NAME"]) == ("set", "north")


def test_what_was_deployed_wins_over_what_was_set_since(cloud, plan):
    add_stack(cloud)
    cloud.orchestration.stacks.environments["my_cloud"] = {
        "parameter_defaults": {
            "AdminPassword": "deployed",
            "KeystoneRegion": "south",
        }
    }
    plan.merge_parameters({"AdminPassword": "set", "KeystoneRegion": "north"})
    told = sourced(overcloudrc.create(cloud, plan)["overcloudrc"])
    assert (told["OS_PASSWORD"], told["OS_REGION_NAME"]) == (
        "deployed",
        "south",
    )


def test_what_heat_hides_is_told_by_the_plan(cloud, plan):
    add_stack(cloud)
    cloud.orchestration.stacks.environments["my_cloud"] = {
        "parameter_defaults": {"AdminPassword": "******"}
    }
    told = sourced(overcloudrc.create(cloud, plan)["overcloudrc"])
    assert told["OS_PASSWORD"] == PASSWORD


def test_what_another_cloud_left_is_cleared(cloud, plan):
    add_stack(cloud)
    script = overcloudrc.create(cloud, plan)["overcloudrc.v3"]
    told = sourced(script, OS_TOKEN="old", OTHER="kept")
    assert "OS_TOKEN" not in told
    assert told["OTHER"] == "kept"


def test_the_prompt_names_the_cloud_once(cloud, plan):
    add_stack(cloud)
    script = overcloudrc.create(cloud, plan)["overcloudrc"]
    # A shell without a terminal drops the prompt that it is given.
    told = sourced(f"PS1='> '\n{script}\n{script}")
    assert told["PS1"] == "(my_cloud) > "


def test_a_plan_without_a_stack_has_no_cloud(cloud, plan):
    with pytest.raises(errors.NotFound, match="Plan my_cloud has no stack"):
        overcloudrc.create(cloud, plan)


@pytest.mark.parametrize("outputs", [None, [], [{"output_key": "Other"}]])
def test_a_stack_without_outputs_is_not_ready(cloud, plan, outputs):
    cloud.orchestration.stacks.known["my_cloud"] = SimpleNamespace(
        outputs=outputs
    )
    with pytest.raises(errors.Conflict, match="no output KeystoneURL"):
        overcloudrc.create(cloud, plan)


def test_a_plan_without_a_password_is_told(cloud):
    cloud.add_plan("my_cloud", {})
    add_stack(cloud)
    with pytest.raises(errors.NotFound, match="no AdminPassword"):
        overcloudrc.create(cloud, Plan(cloud, "my_cloud"))
