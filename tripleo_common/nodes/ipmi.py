"""Ask a BMC over IPMI: whether it is one, and whether it takes a password."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile

from tripleo_common import errors

#: What is answered outside of a session: which ways to log in there are (IPMI
#: 2.0, 22.13, Get Channel Authentication Capabilities), in RMCP's wrapping.
_QUESTION = bytes.fromhex("0600ff07000000000000000000092018c88100388e04b5")
_ANSWER = _QUESTION[:4]
#: A datagram may get lost: how often it is sent, and seconds for an answer.
_TIMES = 3
_PATIENCE = 1.0
#: Seconds that ipmitool waits for an answer, and that it may take at all.
_SECONDS = 2
_LONGEST = 120


def answers(address: str, port: int) -> bool:
    """Whether a BMC answers there; nobody logs in for that."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as udp:
        udp.settimeout(_PATIENCE)
        try:
            # Connected: so a closed port is told, and others are not heard.
            udp.connect((address, port))
            for _ in range(_TIMES):
                udp.send(_QUESTION)
                try:
                    return udp.recv(512).startswith(_ANSWER)
                except TimeoutError:
                    continue
        except OSError:
            return False
    return False


def takes(
    address: str, port: int, username: str, password: str, attempts: int
) -> bool:
    """Whether a BMC tells its power to who logs in so.

    The password is in a file that only this user can read, never among a
    process's arguments or variables.

    :param attempts: how often each packet is sent again.
    :raises NotFound: the executor has no ipmitool.
    """
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write(f"{password}\n")
        file.flush()
        command = [
            *("ipmitool", "-I", "lanplus", "-H", address, "-p", str(port)),
            *("-U", username, "-f", file.name),
            *("-R", str(attempts), "-N", str(_SECONDS)),
            *("power", "status"),
        ]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", os.defpath)},
                timeout=_LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        except OSError as error:
            raise errors.NotFound(
                f"ipmitool could not be run on the executor: "
                f"{error.strerror}. Install it there (the package is called "
                "so), or name no ports of IPMI."
            ) from None
    return done.returncode == 0
