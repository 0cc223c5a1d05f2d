"""The workbooks, and what the lint knows, as Mistral has them."""

from __future__ import annotations

import yaml

from tripleo_common import workbooks
from tripleo_common.tests.workbooks.builtin_actions import builtin_actions
from tripleo_common.tests.workbooks.engine import Engine
from tripleo_common.workbooks import calls


def test_mistral_accepts_every_workbook(engine: Engine) -> None:
    assert engine.workflows() >= {
        name
        for workbook in workbooks.load_all()
        for name in workbook.workflows
    }


def test_the_lint_knows_mistrals_actions_as_they_are() -> None:
    """If not, run python -m tripleo_common.tests.workbooks.builtin_actions."""
    assert yaml.safe_load(calls.BUILTIN.read_text()) == builtin_actions()
