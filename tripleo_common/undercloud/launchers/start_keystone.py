"""Keystone: one process that prepares its database and keys, then serves.

Deviates from stock in two points: ``keystone-manage``'s commands run in a
forked child, which saves the start of an interpreter for each (to go when
Keystone imports in well under a second); and the sqlite fix of
``sqlite_writers``, because each user's first token of a day writes.
"""

import os

import launching

SETTINGS = launching.settings()
os.environ["OS_KEYSTONE_CONFIG_FILES"] = SETTINGS.config("keystone.conf")

from keystone.cmd import cli  # noqa: E402
from keystone.server import wsgi  # noqa: E402
from oslo_config import cfg  # noqa: E402
from pbr.version import VersionInfo  # noqa: E402


def manage(*arguments):
    cfg.CONF.clear()
    config = SETTINGS.config("keystone.conf")
    cli.main(["keystone-manage", "--config-file", config, *arguments])


def migrate():
    manage("db_sync")


def bootstrap():
    url = f"http://{SETTINGS.host}:{SETTINGS.ports['keystone']}/v3"
    os.environ.update(
        OS_BOOTSTRAP_USERNAME="admin",
        OS_BOOTSTRAP_PASSWORD=SETTINGS.secret("admin"),
        OS_BOOTSTRAP_PROJECT_NAME="admin",
        OS_BOOTSTRAP_ROLE_NAME="admin",
        OS_BOOTSTRAP_SERVICE_NAME="keystone",
        OS_BOOTSTRAP_REGION_ID="regionOne",
        OS_BOOTSTRAP_PUBLIC_URL=url,
        OS_BOOTSTRAP_INTERNAL_URL=url,
        OS_BOOTSTRAP_ADMIN_URL=url,
    )
    owner = ("--keystone-user", str(os.getuid()))
    group = ("--keystone-group", str(os.getgid()))
    manage("fernet_setup", *owner, *group)
    manage("credential_setup", *owner, *group)
    manage("bootstrap")


version = VersionInfo("keystone").version_string()
launching.migrated(SETTINGS.data, "keystone", version, migrate)
launching.once(
    SETTINGS.data / "keystone.bootstrapped",
    f"{version} on port {SETTINGS.ports['keystone']}",
    bootstrap,
)

# After the migrations, which need more than one connection.
import sqlite_writers  # noqa: E402, F401

launching.serve(
    launching.cheroot(
        wsgi.initialize_public_application(),
        SETTINGS.host,
        SETTINGS.ports["keystone"],
        threads=8,
    )
)
launching.leave()
