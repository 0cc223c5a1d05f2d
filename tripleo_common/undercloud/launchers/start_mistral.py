"""Mistral: API, engine, executor and the rest as threads of one process.

Beside them runs tripleo-reporter, which is a process of its own in production:
all that it needs is loaded here for the actions anyway, and it has nothing to
do while Mistral is down.

Deviates from stock in six points; but for the last two, each is a consequence
of having one process without a message broker or a database server:

- ``mistral-server --server all`` forks a process for each of its parts, and a
  ``fake://`` message never crosses a process. To go when it can run them as
  threads.
- The schema is made from the models, as ``mistral-db-manage upgrade`` alters
  constraints, which sqlite cannot. To go when its migrations are batched.
- Mistral holds its process-wide lock on the database, and an open
  transaction, while a synchronous action runs; an action that calls the
  Mistral API would wait for itself. To go when neither spans an RPC.
- The event engine polls an empty queue without a pause, a whole core. To go
  when its loop waits.
- Threads take turns to parse YAQL, see ``yaql_parsing``.
- jsonschema checks Mistral's own schemas for each part of a workbook, which
  takes seconds for a small workbook and minutes for a large one. To go when
  Mistral makes a validator only once.
"""

import functools
import threading

import jsonschema
import launching

SETTINGS = launching.settings()

# The first import chooses oslo.service's backend of threads.
import mistral.cmd  # noqa: E402, F401
import yaql_parsing  # noqa: E402, F401
from mistral import config  # noqa: E402
from mistral.api import service as api_service  # noqa: E402
from mistral.db.sqlalchemy import base as db_base  # noqa: E402
from mistral.db.v2 import api as db_api  # noqa: E402
from mistral.engine import engine_server  # noqa: E402
from mistral.event_engine import event_engine_server  # noqa: E402
from mistral.executors import executor_server  # noqa: E402
from mistral.notifiers import notification_server  # noqa: E402
from mistral.rpc import base as rpc  # noqa: E402
from mistral.rpc.oslo import oslo_client  # noqa: E402
from mistral.services import (  # noqa: E402
    action_manager,
    periodic_server,
    workflows,
)
from oslo_config import cfg  # noqa: E402
from oslo_log import log  # noqa: E402

from tripleo_common.messages import reporter_service  # noqa: E402


def release_database_during_rpc():
    stock = oslo_client.OsloRPCClient.sync_call

    @functools.wraps(stock)
    def sync_call(*args, **kwargs):
        session = db_base._get_thread_local_session()
        if session is not None:
            # What was read so far keeps others from writing to sqlite.
            session.commit()
        lock = db_base.tx_lock
        held = lock._is_owned() and lock._release_save()
        try:
            return stock(*args, **kwargs)
        finally:
            if held:
                lock._acquire_restore(held)

    oslo_client.OsloRPCClient.sync_call = sync_call


def event_engine():
    server = event_engine_server.get_oslo_service()
    events = server._event_engine.event_queue
    events.get_nowait = functools.partial(events.get, timeout=5)
    return server


def trust_own_schemas():
    kind = jsonschema.validators.validator_for({})
    kind.check_schema = classmethod(lambda *_, **__: None)


cfg.CONF.register_cli_opts(config.CLI_OPTS)
config.parse_args(["--config-file", SETTINGS.config("mistral.conf")])
log.setup(cfg.CONF, "mistral")
release_database_during_rpc()
trust_own_schemas()
db_api.setup_db()
action_manager.sync_db()
workflows.sync_db()
rpc.get_transport()

services = [
    engine_server.get_oslo_service(),
    executor_server.get_oslo_service(),
    event_engine(),
    notification_server.get_oslo_service(),
    periodic_server.get_oslo_service(),
    api_service.WSGIService("mistral_api"),
]
for service in services:
    service.start()
threading.Thread(
    target=reporter_service.run,
    args=(cfg.CONF, threading.Event()),
    daemon=True,
).start()
launching.wait_for_end()
# The API first, so that nothing new comes in. The others are not awaited:
# an action may run for minutes, and Mistral recovers from a lost executor.
services[-1].stop()
launching.leave()
