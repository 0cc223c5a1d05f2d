"""Let the threads of a service share a sqlite database; import to apply.

oslo.db begins every transaction as a reader. One that turns writer while
another writes fails at once with "database is locked", whatever the timeout.
So here a writer begins as one (``BEGIN IMMEDIATE``), behind a lock of this
process, and readers go on beside it (write-ahead log). To go when oslo.db
begins the transactions of its writer facade that way.
"""

import contextlib
import sqlite3
import threading

from oslo_db.sqlalchemy import enginefacade
from sqlalchemy import event
from sqlalchemy.engine import Engine

WAIT = 60

_mode = threading.local()
_locks = {}
_scope = enginefacade._TransactionContextManager._transaction_scope


@contextlib.contextmanager
def _remember_mode(manager, context):
    """Tell _begin, which sees but a connection, what the caller is doing."""
    outer = getattr(_mode, "value", None)
    if outer is None or manager._mode is enginefacade._WRITER:
        _mode.value = manager._mode
    try:
        with _scope(manager, context) as resource:
            yield resource
    finally:
        _mode.value = outer


enginefacade._TransactionContextManager._transaction_scope = _remember_mode


@event.listens_for(Engine, "connect")
def _connect(connection, _record):
    if isinstance(connection, sqlite3.Connection):
        connection.execute(f"PRAGMA busy_timeout = {WAIT * 1000}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")


@event.listens_for(Engine, "before_cursor_execute", retval=True)
def _begin(connection, _cursor, statement, parameters, _context, _many):
    reads = getattr(_mode, "value", None) is enginefacade._READER
    sqlite = connection.dialect.name == "sqlite"
    if statement != "BEGIN" or reads or not sqlite:
        return statement, parameters
    database = connection.engine.url.database
    lock = _locks.setdefault(database, threading.Lock())
    if lock.acquire(timeout=WAIT):
        connection.info["writer"] = lock
    return "BEGIN IMMEDIATE", parameters


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _end(connection):
    lock = connection.info.pop("writer", None)
    if lock is not None:
        lock.release()


@event.listens_for(Engine, "handle_error")
def _error(context):
    failed_to_begin = context.statement == "BEGIN IMMEDIATE"
    if failed_to_begin and context.connection is not None:
        _end(context.connection)
