"""What ironic-python-agent's API is to Ironic, over TLS as Ironic wants it."""

from __future__ import annotations

import contextlib
import datetime
import http.server
import ipaddress
import json
import secrets
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib import parse

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

MANAGER = "GenericHardwareManager"
MANAGER_VERSION = {"generic_hardware_manager": "1.2"}

#: The clean steps of the agent's generic hardware manager.
CLEAN_STEPS = tuple(
    {
        "step": step,
        "priority": priority,
        "interface": "deploy",
        "reboot_requested": False,
        "abortable": True,
    }
    for step, priority in (
        ("erase_devices", 10),
        ("erase_devices_metadata", 99),
        ("erase_devices_express", 0),
    )
)


class Refused(Exception):
    """What the agent answers to a request that it does not take."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Agent:
    """One boot of a machine's ramdisk, as its commands API tells it.

    :param clean: does a clean step, and returns its result; what it raises
        is the command's error.
    """

    def __init__(self, clean: Callable[[str], Any]) -> None:
        self.token = ""
        #: Set when there is news that Ironic should hear at once.
        self.news = threading.Event()
        self._clean = clean
        self._commands: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def commands(self, token: str) -> list[dict[str, Any]]:
        self._check(token)
        with self._lock:
            return [dict(command) for command in self._commands]

    def execute(self, token: str, name: str, params: Any) -> dict[str, Any]:
        """Begin a command; the steps are asynchronous, all else is not."""
        self._check(token)
        command = {
            "id": secrets.token_hex(8),
            "command_name": name.partition(".")[2] or name,
            "command_params": params,
            "command_status": "RUNNING",
            "command_error": None,
            "command_result": None,
        }
        with self._lock:
            if any(c["command_status"] == "RUNNING" for c in self._commands):
                raise Refused(409, "Agent is busy.")
            self._commands.append(command)
        if name == "clean.get_clean_steps":
            result = {
                "clean_steps": {MANAGER: list(CLEAN_STEPS)},
                "hardware_manager_version": MANAGER_VERSION,
            }
            self._end(command, "SUCCEEDED", result)
        elif name == "clean.execute_clean_step":
            work = threading.Thread(
                target=self._step, args=(command, params), daemon=True
            )
            work.start()
        else:
            self._end(command, "FAILED", error=f"Unknown command: {name}")
        with self._lock:
            return dict(command)

    def _check(self, token: str) -> None:
        if not self.token or token != self.token:
            raise Refused(401, "Invalid agent_token.")

    def _step(self, command: dict[str, Any], params: Any) -> None:
        step = params["step"]
        if params.get("clean_version") != MANAGER_VERSION:
            self._end(command, "CLEAN_VERSION_MISMATCH")
            return
        try:
            if step["step"] not in {each["step"] for each in CLEAN_STEPS}:
                raise ValueError(f"Unknown clean step: {step['step']}")
            done = self._clean(step["step"])
        except ValueError as error:
            self._end(command, "FAILED", error=str(error))
        else:
            result = {"clean_result": {MANAGER: done}, "clean_step": step}
            self._end(command, "SUCCEEDED", result)

    def _end(
        self,
        command: dict[str, Any],
        status: str,
        result: Any = None,
        error: str = "",
    ) -> None:
        with self._lock:
            command["command_result"] = result
            if error:
                command["command_error"] = {
                    "type": "CleaningError",
                    "code": 500,
                    "message": "Clean step failed",
                    "details": error,
                }
            command["command_status"] = status
        self.news.set()


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._answer(lambda agent, token: {"commands": agent.commands(token)})

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(size))
        self._answer(
            lambda agent, token: agent.execute(
                token, body["name"], body["params"]
            )
        )

    def _answer(self, work: Callable[[Agent, str], Any]) -> None:
        url = parse.urlsplit(self.path)
        token = parse.parse_qs(url.query).get("agent_token", [""])[0]
        machine, _, path = url.path.strip("/").partition("/")
        try:
            agent = self.server.agents.get(machine)
            if agent is None or path.rstrip("/") != "v1/commands":
                raise Refused(404, "Not found")
            code, told = 200, work(agent, token)
        except Refused as error:
            code = error.code
            told = {"faultcode": "Client", "faultstring": str(error)}
        text = json.dumps(told).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, agents: dict[str, Agent]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.agents = agents


@contextlib.contextmanager
def served(agents: dict[str, Agent]) -> Iterator[tuple[str, str]]:
    """Serve agents by the UUIDs of their nodes.

    :returns: where, an URL that the UUID follows; and the certificate.
    """
    key, certificate = _certificate()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "agent.pem"
        path.write_text(key + certificate)
        context.load_cert_chain(path)
    server = _Server(agents)
    # The thread of a request does it, so that none waits for another.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}", certificate
    finally:
        server.shutdown()
        server.server_close()


def _certificate() -> tuple[str, str]:
    """A key, and a certificate that it signed itself, as texts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "agent")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([address]), critical=True)
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private.decode(), certificate.public_bytes(pem).decode()
