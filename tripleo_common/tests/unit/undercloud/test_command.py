from __future__ import annotations

import subprocess
import sys

import pytest

from tripleo_common.undercloud import command

#: An interpreter in which a package cannot be imported.
WITHOUT = """
import sys
sys.modules[sys.argv.pop(1)] = None
from tripleo_common.undercloud import command
sys.exit(command.main())
"""


def run_without(package: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, package, "--help"],
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("package", command.EXTRA)
def test_a_missing_extra_is_told(package: str) -> None:
    done = run_without(package)
    assert done.returncode == 1
    assert f"the package {package} is not installed" in done.stderr
    assert "[undercloud]" in done.stderr


def test_another_missing_package_is_no_matter_of_the_extra() -> None:
    assert "ModuleNotFoundError" in run_without("yaml").stderr
