"""Look for secrets in everything that an embedded undercloud keeps or shows.

Secrets may be in the state of plans (Mistral's environments, the plans' files
plan-environment.yaml), in what callers pass in, in the undercloud's own
configuration, and in Heat, which deploys them. Nowhere else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from tripleo_common.undercloud.paths import Paths

#: What is shorter turns up by chance.
SHORTEST = 10

#: Columns that may hold secrets: (database, table, column).
ALLOWED = {
    # The state of plans.
    ("mistral", "environments_v2", "variables"),
    # What callers passed in.
    ("mistral", "workflow_executions_v2", "input"),
    ("mistral", "action_executions_v2", "input"),
}
#: Columns that may hold tokens: Mistral goes on with a workflow as its caller.
TOKENS_ALLOWED = {
    ("mistral", "workflow_executions_v2", "context"),
    ("mistral", "delayed_calls_v2", "auth_context"),
    ("mistral", "scheduled_jobs_v2", "auth_ctx"),
}
#: Heat keeps what it deploys.
_UNSEEN_DATABASES = {"heat"}


def texts(value: Any, name: str) -> dict[str, str]:
    """The secret texts in a value, by where in it they are."""
    if isinstance(value, Mapping):
        found: dict[str, str] = {}
        for key, item in value.items():
            found |= texts(item, f"{name}.{key}")
        return found
    if isinstance(value, str) and len(value) >= SHORTEST:
        # Of a key in many lines, one: they are joined in many ways.
        return {name: max(value.splitlines(), key=len)}
    return {}


def scan(
    paths: Paths,
    secrets: Mapping[str, str],
    tokens: Mapping[str, str],
    mirrors: Collection[bytes] = (),
) -> list[str]:
    """Where secrets are that should not be there.

    :param secrets: texts by name.
    :param tokens: the same, of Keystone's tokens.
    :param mirrors: the contents of the plans' plan-environment.yaml.
    :returns: a line for each, without the secret itself.
    """
    every = {
        name: text.encode() for name, text in {**secrets, **tokens}.items()
    }
    allowed = {hashlib.sha256(each).digest() for each in mirrors}
    found = [
        *_in_files(paths.logs, every, allowed),
        *_in_files(paths.data, every, allowed),
        *_in_processes(every),
    ]
    for database in sorted(paths.data.glob("*.sqlite")):
        if database.stem not in _UNSEEN_DATABASES:
            found += _in_database(database, every, set(tokens))
    return sorted(set(found))


def _in_files(
    folder: Path, secrets: Mapping[str, bytes], allowed: Collection[bytes]
) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or ".sqlite" in path.name:
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).digest() not in allowed:
            yield from _named(content, secrets, str(path))


def _in_processes(secrets: Mapping[str, bytes]) -> Iterator[str]:
    """In what ``ps`` shows, and in what processes inherit."""
    for process in Path("/proc").glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        for name in ("cmdline", "environ"):
            # It may have ended, or be somebody else's.
            with contextlib.suppress(OSError):
                content = (process / name).read_bytes()
                yield from _named(content, secrets, str(process / name))


def _in_database(
    path: Path, secrets: Mapping[str, bytes], tokens: Collection[str]
) -> Iterator[str]:
    uri = f"{path.as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
        database.text_factory = bytes
        tables = database.execute(
            "SELECT CAST(name AS BLOB) FROM sqlite_master WHERE type='table'"
        ).fetchall()
        for (table,) in tables:
            rows = database.execute(f'SELECT * FROM "{table.decode()}"')
            columns = [column[0] for column in rows.description]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    place = (path.stem, table.decode(), column)
                    yield from _in_column(place, value, secrets, tokens)


def _in_column(
    place: tuple[str, str, str],
    value: Any,
    secrets: Mapping[str, bytes],
    tokens: Collection[str],
) -> Iterator[str]:
    if place in ALLOWED or not isinstance(value, bytes):
        return
    if place in TOKENS_ALLOWED:
        secrets = {k: v for k, v in secrets.items() if k not in tokens}
    yield from _named(value, secrets, ".".join(place))


def _named(
    content: bytes, secrets: Mapping[str, bytes], where: str
) -> Iterator[str]:
    for name, secret in secrets.items():
        if secret in content or _as_json(secret) in content:
            yield f"{where}: {name}"


def _as_json(secret: bytes) -> bytes:
    return json.dumps(secret.decode())[1:-1].encode()
