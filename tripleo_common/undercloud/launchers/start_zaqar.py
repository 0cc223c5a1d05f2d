"""Zaqar: HTTP API and websocket in one process.

Deviates from stock in two points: ``zaqar-server`` serves one transport a
process, which is started twice here to save the memory of the second; and the
schema of the management store is made from the models, as the migrations of
``zaqar-sql-db-manage`` are MySQL's. To go when these run on sqlite.
"""

import threading

import launching

SETTINGS = launching.settings()

import sqlalchemy  # noqa: E402
from oslo_config import cfg  # noqa: E402
from oslo_log import log  # noqa: E402
from zaqar import bootstrap  # noqa: E402
from zaqar.storage.sqlalchemy import tables  # noqa: E402


def transport(name):
    served = bootstrap.Bootstrap(cfg.CONF)
    cfg.CONF.set_override("transport", name, "drivers")
    return served.transport


log.register_options(cfg.CONF)
cfg.CONF(
    project="zaqar",
    prog="zaqar-server",
    args=["--config-file", SETTINGS.config("zaqar.conf")],
)
log.setup(cfg.CONF, "zaqar")
tables.metadata.create_all(
    sqlalchemy.create_engine(f"sqlite:///{SETTINGS.data}/zaqar.sqlite")
)
http = launching.cheroot(
    transport("wsgi").app,
    SETTINGS.host,
    SETTINGS.ports["zaqar"],
    threads=8,
)
websocket = transport("websocket")
http.prepare()
threading.Thread(target=http.serve, daemon=True).start()
# Its event loop wants the main thread, and ends with the process.
websocket.listen()
