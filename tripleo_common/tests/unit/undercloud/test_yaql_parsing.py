from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tripleo_common.undercloud.starting import LAUNCHERS

#: Threads that parse at the same time, in an interpreter that switches often.
PARSE = """
import collections.abc, sys, threading
sys.setswitchinterval(1e-5)
import yaql_parsing
import yaql
engine, context = yaql.YaqlFactory().create({}), yaql.create_context()
EXPRESSIONS = {
    'coalesce($.a, []).where($ != null).select($).join("-")': "",
    "$.a.flatten().where($ != null)": [],
    "$.a.len()": 0,
}
wrong = []

def work(expression, expected):
    for _ in range(100):
        try:
            result = engine(expression).evaluate({"a": []}, context)
        except BaseException as error:
            result = error
        if result != expected:
            wrong.append(result)

threads = [
    threading.Thread(target=work, args=each)
    for each in 2 * list(EXPRESSIONS.items())
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(f"{len(wrong)} wrong, such as {wrong[0]!r}" if wrong else 0)
"""


def test_threads_get_their_own_expressions(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PARSE],
        capture_output=True,
        text=True,
        timeout=120,
        env={"PYTHONPATH": str(LAUNCHERS)},
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
