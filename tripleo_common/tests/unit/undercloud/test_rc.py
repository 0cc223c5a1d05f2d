from __future__ import annotations

import subprocess
from pathlib import Path

from tripleo_common.undercloud import rc

VALUES = rc.variables("http://127.0.0.1:4000", "it's $ecret")


def test_a_shell_reads_what_was_meant() -> None:
    text = rc.render(VALUES, Path("/with a space/bin"))
    script = text + 'printf "%s\\n" "$OS_PASSWORD" "$OS_AUTH_URL" "$PATH"'
    shell = subprocess.run(
        ["/bin/sh", "-c", script],
        env={"PATH": "/usr/bin"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert shell.stdout.splitlines() == [
        "it's $ecret",
        "http://127.0.0.1:4000/v3",
        "/with a space/bin:/usr/bin",
    ]


def test_all_that_keystone_asks_for_is_there() -> None:
    assert {
        "OS_AUTH_URL",
        "OS_IDENTITY_API_VERSION",
        "OS_PASSWORD",
        "OS_PROJECT_DOMAIN_NAME",
        "OS_PROJECT_NAME",
        "OS_REGION_NAME",
        "OS_USERNAME",
        "OS_USER_DOMAIN_NAME",
    } <= set(VALUES)


def test_another_cloud_is_not_mixed_in() -> None:
    environ = {"OS_CLOUD": "other", "HOME": "/root", "PATH": "/usr/bin"}
    found = rc.child_environ(VALUES, Path("/env/bin"), environ)
    assert "OS_CLOUD" not in found
    assert found["HOME"] == "/root"
    assert found["PATH"] == "/env/bin:/usr/bin"
