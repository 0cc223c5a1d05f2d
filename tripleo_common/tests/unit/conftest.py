from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from oslo_config import cfg

from tripleo_common import conf
from tripleo_common.tests.unit.fakes import FakeCloud


@pytest.fixture
def cloud() -> FakeCloud:
    return FakeCloud()


@pytest.fixture
def options() -> Iterator[Callable[[str, Any], None]]:
    """Set an option of ours until the test ends."""
    conf.options()
    yield lambda name, value: cfg.CONF.set_override(name, value, conf.GROUP)
    cfg.CONF.clear()
    cfg.CONF.reset()
    for option in conf.list_opts()[0][1]:
        cfg.CONF.clear_override(option.name, conf.GROUP)
