from __future__ import annotations

from collections.abc import Iterator

import pytest
from oslo_config import cfg

from tripleo_common import conf


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_run(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Keep the actions' cache out of the user's own."""
    directory = tmp_path_factory.mktemp("cache")
    conf.options()
    cfg.CONF.set_override("cache_dir", str(directory), conf.GROUP)
    # Whatever this machine has, it is not to be called.
    cfg.CONF.set_override("nova_manage", ["false"], conf.GROUP)
    yield
    cfg.CONF.clear_override("nova_manage", conf.GROUP)
    cfg.CONF.clear_override("cache_dir", conf.GROUP)
