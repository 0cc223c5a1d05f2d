"""The workbooks, whose workflows are the product: find, lint, install."""

from tripleo_common.workbooks.files import Workbook, load_all
from tripleo_common.workbooks.installer import install
from tripleo_common.workbooks.lint import lint

__all__ = ["Workbook", "install", "lint", "load_all"]
