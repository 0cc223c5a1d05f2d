"""A headless Chromium, driven over its DevTools protocol."""

from __future__ import annotations

import contextlib
import functools
import http.server
import itertools
import json
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
import websocket

PAGES = Path(__file__).parent / "page"

#: Generous: it starts slowly where other work takes the processors.
TIMEOUT = 120

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    # Nothing beyond this machine is looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, "
    "EXCLUDE localhost",
    "--remote-debugging-port=0",
)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def served() -> Iterator[int]:
    """Serve the page on loopback; the port."""
    handler = functools.partial(_Quiet, directory=str(PAGES))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


class Page:
    """A page in the browser.

    :param address: of the page's DevTools.
    """

    def __init__(self, address: str) -> None:
        # DevTools refuse whoever names an origin.
        self._connection = websocket.create_connection(
            address, timeout=TIMEOUT, suppress_origin=True
        )
        self._numbers = itertools.count(1)

    def close(self) -> None:
        self._connection.close()

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a command; its answer, past all events before it."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        self._connection.send(json.dumps(command))
        while True:
            answer = json.loads(self._connection.recv())
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def call(self, function: str, **inputs: Any) -> Any:
        """Call a function of the page; what its promise comes to."""
        answer = self.ask(
            "Runtime.evaluate",
            expression=f"{function}({json.dumps(inputs)})",
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in answer:
            raise AssertionError(
                answer["exceptionDetails"]["exception"]["description"]
            )
        return answer["result"].get("value")

    def open(self, url: str) -> None:
        """Go to another page, and wait until its script has run."""
        self.ask("Page.navigate", url=url)
        ready = f"location.href == {json.dumps(url)} && window.isReady"
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            answer = self.ask("Runtime.evaluate", expression=ready)
            if answer["result"].get("value"):
                return
            time.sleep(0.1)
        raise AssertionError(f"{url} was not loaded in {TIMEOUT} s")


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Page]:
    """Start a browser with an empty page.

    :param folder: for its profile and its log.
    """
    command = shutil.which("chromium")
    assert command, "There is no chromium. (On Debian: apt install chromium)"
    profile = folder / "profile"
    with (folder / "chromium.log").open("w") as log:
        process = subprocess.Popen(
            [command, *ARGUMENTS, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        page = Page(_find_page(profile, process, folder / "chromium.log"))
        with contextlib.closing(page):
            yield page
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(TIMEOUT)
        finally:
            process.kill()


def _find_page(
    profile: Path, process: subprocess.Popen[bytes], log: Path
) -> str:
    """Wait until DevTools tell the address of the first page."""
    told = profile / "DevToolsActivePort"
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        lines = told.read_text().splitlines() if told.exists() else []
        if len(lines) == 2:
            url = f"http://127.0.0.1:{lines[0]}/json"
            with requests.Session() as session:
                session.trust_env = False
                targets = session.get(url, timeout=TIMEOUT).json()
            for target in targets:
                if target["type"] == "page":
                    return str(target["webSocketDebuggerUrl"])
        time.sleep(0.1)
    raise AssertionError(f"Chromium did not start:\n{log.read_text()[-2000:]}")
