"""The engine, and a cloud in memory that the real actions work on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from oslo_config import cfg

from tripleo_common import conf, workbooks
from tripleo_common.clients import Cloud
from tripleo_common.tests.unit.fakes import FakeCloud
from tripleo_common.tests.workbooks import validations
from tripleo_common.tests.workbooks.engine import Engine, Executions, Tasks

TEMPLATES = {
    "roles_data.yaml": "- name: Controller\n- name: Compute\n",
    "overcloud.j2.yaml": (
        "heat_template_version: pike\n"
        "parameters:\n"
        "{% for role in roles %}"
        "  {{ role.name }}Count: {type: number, default: 1}\n"
        "{% endfor %}"
    ),
    "overcloud-resource-registry-puppet.yaml": "parameter_defaults: {}\n",
}


@pytest.fixture(scope="session")
def running_engine() -> Iterator[Engine]:
    """The engine with our workbooks, once a process."""
    with Engine().running() as engine:
        for workbook in workbooks.load_all():
            engine.load(workbook.text)
        yield engine


@pytest.fixture
def engine(running_engine: Engine) -> Iterator[Engine]:
    """The engine without executions."""
    yield running_engine
    running_engine.forget()


@pytest.fixture
def cloud(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> FakeCloud:
    """The cloud that every action works on; without plans."""
    cloud = FakeCloud()
    cloud.workflow.executions = Executions()
    cloud.workflow.tasks = Tasks()
    monkeypatch.setattr(Cloud, "of_request", lambda security: cloud)
    return cloud


@pytest.fixture
def installed_templates(tmp_path: Path) -> Iterator[Path]:
    """The directory of the undercloud's templates, with a small set."""
    for path, text in TEMPLATES.items():
        (tmp_path / path).write_text(text)
    conf.options()
    cfg.CONF.set_override("templates_dir", str(tmp_path), conf.GROUP)
    yield tmp_path
    cfg.CONF.clear_override("templates_dir", conf.GROUP)


@pytest.fixture
def ran(
    cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[list[Any]]:
    """What is run, of the validations that there are."""
    conf.options()
    settings = {
        "run_uploaded_validations": True,
        "validations_slots_dir": str(tmp_path / "slots"),
    }
    for name, value in settings.items():
        cfg.CONF.set_override(name, value, conf.GROUP)
    yield validations.install(cloud, monkeypatch)
    for name in settings:
        cfg.CONF.clear_override(name, conf.GROUP)
