"""tripleo-heat-templates of earlier releases, fetched once.

Their source distributions are made with the setuptools and pbr of their time,
so an environment of its own downloads them into the cache directory.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

from tripleo_common.clients import Cloud
from tripleo_common.plans import default_templates
from tripleo_common.plans.container import Container
from tripleo_common.undercloud import heat_templates
from tripleo_common.undercloud.client import Client

#: Ocata and Queens, with the digests of their source distributions.
OCATA = "6.2.16"
QUEENS = "8.4.1"
_SHA256 = {
    OCATA: "3dcb4ea38078fafdb40e08fea443b9858275053cd4ab04b39cccc32a1265f140",
    QUEENS: "9c4800e6e0d9cdaa95c90e4f5db7612960ef267eba88804df117fc651d98f5d9",
}
_TOOLS = ("pip<25", "setuptools<58", "pbr<6", "wheel")


def fetched(cache: Path, version: str) -> Path:
    """The directory of the templates of a release."""
    name = f"tripleo-heat-templates-{version}"
    target = cache / name
    with (cache / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            partial = cache / f"{name}.partial"
            shutil.rmtree(partial, ignore_errors=True)
            _download(version, partial)
            heat_templates.unpack(
                partial / f"{name}.tar.gz", partial, _SHA256[version]
            )
            (partial / name).rename(target)
            shutil.rmtree(partial)
    return target


def upload(client: Client, container: str, version: str) -> None:
    """Store the templates of a release in a container."""
    files = default_templates.read(str(fetched(client.paths.cache, version)))
    Container(Cloud(client.session), container).write(files)


def _download(version: str, directory: Path) -> None:
    environment = directory / "environment"
    _run(sys.executable, "-m", "venv", environment)
    pip = (environment / "bin/python", "-m", "pip")
    _run(*pip, "install", "--quiet", *_TOOLS)
    _run(
        *(*pip, "download", "--quiet", "--no-deps", "--no-binary", ":all:"),
        *("--no-build-isolation", "--dest", directory),
        f"tripleo-heat-templates=={version}",
    )


def _run(*arguments: str | Path) -> None:
    done = subprocess.run(
        arguments, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
