from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from tripleo_common.undercloud import errors, ports, services


@pytest.fixture
def listener() -> Iterator[int]:
    """A port on which this process listens."""
    with socket.socket() as sock:
        sock.bind((ports.HOST, 0))
        sock.listen()
        yield sock.getsockname()[1]


def test_every_port_is_some_services_and_only_ones() -> None:
    opened = [port for s in services.SERVICES for port in s.ports]
    assert len(set(opened)) == len(opened)
    assert set(ports.OFFSETS) == {*opened, "ironic-http"}


def test_offsets_are_unique_and_within_the_span() -> None:
    offsets = list(ports.OFFSETS.values())
    assert len(set(offsets)) == len(offsets)
    assert max(offsets) < ports.SPAN


def test_numbers_follow_the_base() -> None:
    assert ports.numbers(4000)["keystone"] == 4000
    assert ports.numbers(4000)["mistral"] == 4001


@pytest.mark.parametrize("base", [0, 1023, 65535 - ports.SPAN + 2, 70000])
def test_a_base_without_room_is_refused(base: int) -> None:
    with pytest.raises(errors.PortsInvalid, match=f"^{base} cannot be"):
        ports.numbers(base)


def test_addresses_are_on_loopback() -> None:
    urls = ports.urls(ports.numbers(4000))
    assert urls["keystone"] == "http://127.0.0.1:4000"
    assert urls["zaqar-websocket"] == "ws://127.0.0.1:4003"


def test_a_taken_port_is_named_with_its_holder(listener: int) -> None:
    with pytest.raises(errors.PortsTaken) as caught:
        ports.check_free(["heat"], {"heat": listener, "glance": 1})
    text = str(caught.value)
    assert f"heat wants port {listener} of 127.0.0.1" in text
    assert f"(process {os.getpid()}) holds" in text
    assert "--base-port" in text


def test_a_port_that_a_connection_goes_out_from_is_told_as_such(
    listener: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "LINGER", 0)
    with socket.create_connection((ports.HOST, listener)) as out:
        port = out.getsockname()[1]
        with pytest.raises(errors.PortsTaken) as caught:
            ports.check_free(["heat"], {"heat": port})
    assert "which a connection of" in str(caught.value)
    assert f"(process {os.getpid()}) holds" in str(caught.value)


def test_a_port_on_all_addresses_is_taken_too() -> None:
    with socket.socket() as sock:
        sock.bind(("0.0.0.0", 0))
        sock.listen()
        assert not ports.is_free(sock.getsockname()[1])


def test_open_and_free_are_opposites(listener: int) -> None:
    assert ports.is_open(listener)
    assert not ports.is_free(listener)


def test_a_free_base_has_all_ports_free() -> None:
    base = ports.find_free_base(24000)
    assert all(ports.is_free(port) for port in ports.numbers(base).values())


def test_a_port_that_is_about_to_become_free_is_awaited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = iter([False, False, True])
    monkeypatch.setattr(ports, "is_free", lambda port: next(looks))
    ports.check_free(["heat"], {"heat": 1})
    assert next(looks, None) is None


def test_a_process_that_is_about_to_be_gone_is_awaited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its threads hold the port a moment longer than it has a number."""
    looks = iter([False, False, True])
    monkeypatch.setattr(ports, "is_free", lambda port: next(looks))
    monkeypatch.setattr(ports, "listener", lambda port: ports.SOMEBODY)
    ports.check_free(["glance"], {"glance": 1})
    assert next(looks, None) is None


def test_a_port_that_nobody_is_seen_to_hold_is_given_up_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ports, "LINGER", 0)
    monkeypatch.setattr(ports, "is_free", lambda port: False)
    with pytest.raises(errors.PortsTaken, match="another user"):
        ports.check_free(["heat"], {"heat": 1})
