"""Glance: its WSGI application, served by waitress.

Deviates from stock in two points: Glance ships no server of its own any more,
and cheroot, which serves the others, breaks on the chunked uploads of
glanceclient (to go when it takes them); and the sqlite fix of
``sqlite_writers``.
"""

import os
import signal

import launching

SETTINGS = launching.settings()
os.environ["OS_GLANCE_CONFIG_DIR"] = str(SETTINGS.etc)

import waitress  # noqa: E402
from glance.cmd import manage  # noqa: E402
from pbr.version import VersionInfo  # noqa: E402


def migrate():
    config = SETTINGS.config("glance-api.conf")
    launching.command(
        manage.main, "glance-manage", "--config-file", config, "db", "sync"
    )


launching.migrated(
    SETTINGS.data, "glance", VersionInfo("glance").version_string(), migrate
)

# After the migrations, which need more than one connection.
import sqlite_writers  # noqa: E402, F401
from glance.wsgi.api import application  # noqa: E402

signal.signal(signal.SIGTERM, lambda *_: launching.leave())
waitress.serve(
    application,
    host=SETTINGS.host,
    port=SETTINGS.ports["glance"],
    threads=8,
    max_request_body_size=1 << 40,
    clear_untrusted_proxy_headers=False,
    ident=None,
)
