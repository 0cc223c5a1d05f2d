"""Render the services' configuration."""

from __future__ import annotations

import getpass
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import jinja2

from tripleo_common.undercloud import (
    bmc,
    cors,
    environments,
    heat_templates,
    ports,
    state,
    validations_package,
)
from tripleo_common.undercloud.paths import Paths, write_private

TEMPLATES = Path(__file__).parent / "config"
REGION = "regionOne"

#: Folders that the services expect to be there.
FOLDERS = (
    "httpboot",
    "images",
    "images-staging",
    "images-tasks",
    "ironic-images",
    "locks",
    "tftp",
)

#: What the launchers read.
LAUNCH = "launch.json"


@dataclass(frozen=True)
class Config:
    """All that the configuration depends on."""

    paths: Paths
    settings: state.Settings
    secrets: dict[str, str]
    ipmitool: bool

    @classmethod
    def of(
        cls, paths: Paths, settings: state.Settings, secrets: dict[str, str]
    ) -> Config:
        """Take what must be known from this machine."""
        # Ironic's conductor refuses to start with a driver whose command
        # is missing.
        found = shutil.which("ipmitool") is not None
        return cls(paths, settings, secrets, found)

    @property
    def ports(self) -> dict[str, int]:
        """The port of each name."""
        return ports.numbers(self.settings.base_port)

    def render(self) -> dict[str, str]:
        """Return each file's text by its name."""
        loader = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            undefined=jinja2.StrictUndefined,
            keep_trailing_newline=True,
            autoescape=False,
        )
        names = [n for n in loader.list_templates() if n[0] != "_"]
        values = self._values()
        files = {n: loader.get_template(n).render(values) for n in names}
        launch = {
            "host": ports.HOST,
            "ports": self.ports,
            "data": str(self.paths.data),
            "environ": cors.environ(self.settings.cors_origins),
        }
        return files | {LAUNCH: json.dumps(launch, indent=2) + "\n"}

    def write(self) -> dict[str, str]:
        """Write what changed, and return all files' texts."""
        files = self.render()
        for name, text in files.items():
            path = self.paths.etc / name
            if not path.exists() or path.read_text() != text:
                write_private(path, text)
        for name in FOLDERS:
            (self.paths.data / name).mkdir(mode=0o700, exist_ok=True)
        return files

    def _values(self) -> dict[str, object]:
        cache = self.paths.cache
        return {
            "bmc_systems": bmc.systems(self.settings.bmc_systems),
            "cors_origins": self.settings.cors_origins,
            "data": self.paths.data,
            "environments": {
                name: environments.find(cache, name).path
                for name in environments.NAMES
            },
            "etc": self.paths.etc,
            "host": ports.HOST,
            "ipmitool": self.ipmitool,
            "ports": self.ports,
            "region": REGION,
            "secrets": self.secrets,
            "templates": heat_templates.folder(cache),
            "url": ports.urls(self.ports),
            "user": getpass.getuser(),
            "validations": validations_package.playbooks(cache),
        }
