"""How Sphinx makes the documentation."""

import sys
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "tripleo-common"
author = "TripleO contributors"
release = metadata.version("tripleo-common")
extensions = ["oslo_config.sphinxext", "reno.sphinxext", "tripleo_reference"]
html_theme = "alabaster"
html_theme_options = {"description": "Deploy a cloud with a cloud"}
