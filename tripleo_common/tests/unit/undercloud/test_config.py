from __future__ import annotations

import configparser
import json
import stat

import jinja2
import pytest

from tripleo_common.undercloud import (
    config,
    cors,
    heat_templates,
    passwords,
    ports,
    services,
    state,
)
from tripleo_common.undercloud.paths import Paths

PASSWORDS = {name: f"secret-{name}" for name in passwords.NAMES}


ORIGINS = ("http://localhost:3000", "https://ui.example.org")
SETTINGS = state.Settings(4000)


def render(
    paths: Paths,
    ipmitool: bool = True,
    settings: state.Settings = SETTINGS,
) -> dict[str, str]:
    return config.Config(paths, settings, PASSWORDS, ipmitool).render()


def parse(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.read_string(text)
    return parser


def test_every_service_finds_its_files(paths: Paths) -> None:
    files = render(paths)
    wanted = {name for s in services.SERVICES for name in s.config}
    assert set(files) == {*wanted, config.LAUNCH}


def test_files_parse_and_nothing_is_left_unrendered(paths: Paths) -> None:
    for name, text in render(paths).items():
        assert "{{" not in text, name
        assert "{%" not in text, name
        if name.endswith(".conf"):
            parse(text)


def test_each_service_has_its_own_password(paths: Paths) -> None:
    files = render(paths)
    for name in ("mistral", "zaqar", "heat", "ironic"):
        section = parse(files[f"{name}.conf"])["keystone_authtoken"]
        assert section["username"] == name
        assert section["password"] == f"secret-{name}"
        assert section["auth_url"] == "http://127.0.0.1:4000"


def test_no_password_where_the_launchers_read_ports(paths: Paths) -> None:
    launch = render(paths)[config.LAUNCH]
    assert "secret-" not in launch
    assert json.loads(launch)["ports"] == ports.numbers(4000)


def test_mistral_finds_the_templates(paths: Paths) -> None:
    section = parse(render(paths)["mistral.conf"])["tripleo_common"]
    folder = heat_templates.folder(paths.cache)
    assert section["templates_dir"] == str(folder)


def test_everything_binds_loopback(paths: Paths) -> None:
    files = render(paths)
    assert not any("0.0.0.0" in text for text in files.values())
    for kind in ("account", "container", "object", "proxy"):
        section = parse(files[f"{kind}-server.conf"])["DEFAULT"]
        assert section["bind_ip"] == "127.0.0.1"


@pytest.mark.parametrize("ipmitool", [True, False])
def test_ironic_drives_ipmi_only_with_the_command(
    paths: Paths, ipmitool: bool
) -> None:
    section = parse(render(paths, ipmitool)["ironic.conf"])["DEFAULT"]
    types = section["enabled_hardware_types"].split(",")
    assert types[:3] == ["fake-hardware", "redfish", "manual-management"]
    assert ("ipmi" in types) is ipmitool
    for kind in ("management", "power", "vendor"):
        enabled = section[f"enabled_{kind}_interfaces"].split(",")
        assert ("ipmitool" in enabled) is ipmitool


def test_no_page_is_let_in_unless_it_was_named(paths: Paths) -> None:
    assert json.loads(render(paths)[config.LAUNCH])["environ"] == {}
    proxy = parse(render(paths)["proxy-server.conf"])
    assert "cors" not in proxy["pipeline:main"]["pipeline"].split()


def test_pages_that_were_named_are_let_in(paths: Paths) -> None:
    settings = state.Settings(4000, ORIGINS)
    launch = json.loads(render(paths, True, settings)[config.LAUNCH])
    assert launch["environ"] == cors.environ(ORIGINS)


def test_swift_lets_pages_in_before_all_else(paths: Paths) -> None:
    settings = state.Settings(4000, ORIGINS)
    proxy = parse(render(paths, True, settings)["proxy-server.conf"])
    assert proxy["pipeline:main"]["pipeline"].split()[0] == "cors"
    assert proxy["filter:cors"]["allowed_origin"] == ",".join(ORIGINS)


def test_a_missing_value_is_an_error(paths: Paths) -> None:
    broken = config.Config(paths, SETTINGS, {}, True)
    with pytest.raises(jinja2.UndefinedError):
        broken.render()


def test_files_are_written_once_and_for_the_owner(paths: Paths) -> None:
    settings = config.Config(paths, SETTINGS, PASSWORDS, True)
    settings.write()
    written = {p: p.stat().st_ino for p in paths.etc.iterdir()}
    settings.write()
    assert {p: p.stat().st_ino for p in paths.etc.iterdir()} == written
    modes = {stat.S_IMODE(p.stat().st_mode) for p in written}
    assert modes == {0o600}
