"""The private names that launchers touch are there in the pinned packages.

After the pins are refreshed, this tells which launcher to look at.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tripleo_common.tests.functional.command_line import TIMEOUT
from tripleo_common.undercloud import environments, services
from tripleo_common.undercloud.client import Client

TABLE: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("private_names.yaml").read_text()
)

#: Run by the environment's own python.
CODE = """
import functools, importlib, inspect, json, sys
if sys.argv[2] == "mistral":
    import mistral.cmd
missing = []
for name, texts in json.loads(sys.argv[1]).items():
    module, _, path = name.partition(":")
    try:
        found = functools.reduce(
            getattr, path.split("."), importlib.import_module(module)
        )
    except (AttributeError, ImportError) as error:
        missing.append(f"{name}: {error}")
        continue
    if texts:
        source = inspect.getsource(inspect.unwrap(found))
        missing += [f"{name}: no {t}" for t in texts if t not in source]
print(json.dumps(missing))
"""


@pytest.fixture(scope="module")
def builder(undercloud: Client) -> Iterator[environments.Builder]:
    stop = threading.Event()
    builder = environments.Builder(undercloud.paths.cache, stop)
    builder.ensure_pip()
    yield builder
    stop.set()


def missing(
    builder: environments.Builder, launcher: str, names: dict[str, Any]
) -> list[str]:
    """What a launcher would not find in its environment."""
    name = TABLE[launcher]["environment"]
    environment = environments.find(builder.cache, name)
    builder.ensure(environment, lambda text: None)
    done = subprocess.run(
        [environment.python, "-c", CODE, json.dumps(names), launcher],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd="/",
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_each_launcher_is_looked_at() -> None:
    assert set(TABLE) == set(services.BY_NAME)
    for name, entry in TABLE.items():
        assert entry["environment"] == services.BY_NAME[name].environment


@pytest.mark.parametrize("launcher", sorted(TABLE))
def test_what_a_launcher_uses_is_there(
    builder: environments.Builder, launcher: str
) -> None:
    assert missing(builder, launcher, TABLE[launcher]["names"]) == []


def test_what_is_not_there_is_found(builder: environments.Builder) -> None:
    names = {
        "zaqar.bootstrap:Bootstrap._gone": [],
        "zaqar.bootstrap:Bootstrap": ["no such text"],
        "zaqar.gone:main": [],
    }
    found = missing(builder, "zaqar", names)
    assert [line.partition(": ")[0] for line in found] == list(names)
