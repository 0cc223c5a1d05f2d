from __future__ import annotations

import threading

import pytest
from oslo_config import cfg

from tripleo_common import errors
from tripleo_common.messages import reporter_service

URL = "http://keystone.test/v3"


@pytest.fixture
def conf(tmp_path):
    file = tmp_path / "reporter.conf"
    file.write_text(
        "[tripleo_reporter]\n"
        f"auth_type = password\nauth_url = {URL}\nusername = admin\n"
        "password = correct-horse\nproject_name = admin\n"
        "user_domain_name = Default\nproject_domain_name = Default\n"
        "interval = 0.5\nlook_back = 120\n"
    )
    found = cfg.ConfigOpts()
    found(["--config-file", str(file)])
    return found


def test_the_reporter_is_made_of_the_configuration(conf):
    reporter = reporter_service.reporter_of(conf)
    assert reporter._look_back.total_seconds() == 120


def test_every_option_can_be_put_into_a_sample(conf):
    ((group, options),) = reporter_service.list_opts()
    names = {option.dest for option in options}
    assert group == "tripleo_reporter"
    assert {"interval", "grace", "look_back", "auth_url", "cafile"} <= names


def test_it_logs_in_and_looks_again_after_a_failure_until_told_to_stop(
    conf, monkeypatch, caplog
):
    stop, made, looks = threading.Event(), [], []

    class Reporter:
        def __init__(self):
            made.append(self)

        def look(self):
            looks.append(self)
            if len(looks) == 3:
                stop.set()
                return
            raise errors.ServiceUnreachable("Mistral", "x", "no", "Look.")

    reporter_service.reporter_of(conf)
    conf.set_override("interval", 0.5, reporter_service.GROUP)
    monkeypatch.setattr(reporter_service, "reporter_of", lambda _: Reporter())
    reporter_service.run(conf, stop)
    assert looks == made
    assert "It is tried again." in caplog.text


def test_a_service_that_is_not_there_is_told(
    conf, monkeypatch, capsys, requests_mock
):
    requests_mock.get(URL, status_code=404)
    requests_mock.post(f"{URL}/auth/tokens", status_code=401)
    monkeypatch.setattr(cfg, "CONF", cfg.ConfigOpts())
    path = conf.config_file[0]
    status = reporter_service.main(["--config-file", path, "--once"])
    assert status == 1
    told = capsys.readouterr().err
    assert told.startswith("tripleo-reporter: ")
    assert "correct-horse" not in told
    assert "Traceback" not in told
