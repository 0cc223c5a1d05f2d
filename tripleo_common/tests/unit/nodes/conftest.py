from __future__ import annotations

import pytest

from tripleo_common.tests.unit.fake_ironic import Ironic
from tripleo_common.tests.unit.fakes import FakeCloud


@pytest.fixture
def ironic(cloud: FakeCloud) -> Ironic:
    """The Ironic of the cloud."""
    cloud.baremetal = Ironic()
    return cloud.baremetal
