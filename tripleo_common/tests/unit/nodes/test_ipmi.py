from __future__ import annotations

import contextlib
import os
import socket
import threading

import pytest

from tripleo_common import errors
from tripleo_common.nodes import ipmi

#: What an ipmitool of ours does: it takes one password, and says what it got.
COMMAND = """#!/bin/sh
echo "$@" > {called}
while [ $# -gt 0 ]; do
    [ "$1" = -f ] && stat -c %a "$2" >> {called} && password=$(cat "$2")
    shift
done
[ "$password" = right ]
"""


@contextlib.contextmanager
def answering(answers):
    """The port of a socket that answers so, one datagram after the other."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))

        def serve():
            for answer in answers:
                _, peer = udp.recvfrom(512)
                if answer:
                    udp.sendto(answer, peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield udp.getsockname()[1]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([bytes.fromhex("0600ff07") + b"\0" * 20], True),
        # The first one is lost.
        ([b"", bytes.fromhex("0600ff07") + b"\0" * 20], True),
        ([b"what?"], False),
    ],
)
def test_a_bmc_is_known_by_its_answer(monkeypatch, answers, expected):
    monkeypatch.setattr(ipmi, "_PATIENCE", 30 if answers[0] else 0.2)
    monkeypatch.setattr(ipmi, "_TIMES", 30)
    with answering(answers) as port:
        assert ipmi.answers("127.0.0.1", port) is expected


def test_where_nobody_is_there_is_no_bmc(monkeypatch):
    monkeypatch.setattr(ipmi, "_PATIENCE", 0.01)
    with answering([]) as port:
        assert not ipmi.answers("127.0.0.1", port)
    assert not ipmi.answers("127.0.0.1", port)


@pytest.fixture
def called(tmp_path, monkeypatch):
    """What ipmitool was called with."""
    command, called = tmp_path / "ipmitool", tmp_path / "called"
    command.write_text(COMMAND.format(called=called))
    command.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return called


@pytest.mark.parametrize(
    ("password", "expected"), [("right", True), ("wrong", False)]
)
def test_a_password_is_tried_and_not_shown(called, password, expected):
    assert ipmi.takes("192.0.2.1", 623, "-x", password, 4) is expected
    arguments, mode = called.read_text().splitlines()
    assert "-H 192.0.2.1 -p 623 -U -x -f /" in arguments
    assert arguments.endswith("-R 4 -N 2 power status")
    assert password not in arguments
    assert mode == "600"


def test_without_ipmitool_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.NotFound, match="ipmitool could not be run"):
        ipmi.takes("192.0.2.1", 623, "a", "b", 1)
