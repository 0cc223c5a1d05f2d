"""Ironic Inspector: conductor and API in one process, as stock's all-in-one.

Deviates from stock in one point: its database's first migration is run here,
for each environment once (see ``launching.migrated``).
"""

import launching

SETTINGS = launching.settings()

# Before anything else of inspector: it patches for eventlet.
import ironic_inspector.cmd  # noqa: E402, F401
from ironic_inspector.cmd import all as service  # noqa: E402
from ironic_inspector.cmd import dbsync  # noqa: E402
from oslo_config import cfg  # noqa: E402
from pbr.version import VersionInfo  # noqa: E402

CONFIG = ("--config-file", SETTINGS.config("inspector.conf"))


def migrate():
    dbsync.main([*CONFIG, "upgrade"])


launching.migrated(
    SETTINGS.data,
    "inspector",
    VersionInfo("ironic-inspector").version_string(),
    migrate,
)
cfg.CONF.clear()
service.main(list(CONFIG))
