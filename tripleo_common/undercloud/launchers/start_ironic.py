"""Ironic: conductor and API in one process, without RPC.

Deviates from stock in three points:

- Stock ``ironic`` runs the same service in a child that it starts again
  whenever it ends, which hides why it ended. To go when it can do without.
- oslo.policy checks a token's scope since 6.0 whatever ``enforce_scope``
  says, and refuses the tokens of a project's admin, which everything on an
  undercloud uses. To go when Ironic's policies take them.
- The schema of an empty database is made from the models, as
  ``ironic-dbsync upgrade`` fails on sqlite.
"""

import launching

SETTINGS = launching.settings()

# Before anything else of Ironic: it chooses oslo.service's backend.
from ironic.command import dbsync  # noqa: E402
from ironic.common import service  # noqa: E402
from ironic.conductor import rpc_service  # noqa: E402
from oslo_config import cfg  # noqa: E402
from oslo_policy import policy  # noqa: E402
from pbr.version import VersionInfo  # noqa: E402

CONFIG = ("--config-file", SETTINGS.config("ironic.conf"))
STAMP = SETTINGS.data / "ironic.prepared"


def migrate():
    action = "upgrade" if STAMP.exists() else "create_schema"
    launching.command(dbsync.main, "ironic-dbsync", *CONFIG, action)


policy.Enforcer._enforce_scope = lambda *_, **__: True
launching.migrated(
    SETTINGS.data,
    "ironic",
    VersionInfo("ironic").version_string(),
    migrate,
)
service.prepare_service("ironic", ["ironic", *CONFIG])
rpc_service.RPCService(
    cfg.CONF.host,
    "ironic.conductor.manager",
    "ConductorManager",
    embed_api=True,
).start()
launching.wait_for_end()
# Not awaited: a node may be reserved for minutes, and a conductor that
# starts again frees those of its predecessor.
launching.leave()
