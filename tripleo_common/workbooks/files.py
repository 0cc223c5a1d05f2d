"""Find the workbooks of the installed package, and read them."""

from __future__ import annotations

import functools
import importlib.metadata
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tripleo_common import errors

_DISTRIBUTION = "tripleo-common"
_SHARED = Path("share", "tripleo-common", "workbooks")


@dataclass(frozen=True)
class Workbook:
    """One workbook.

    :ivar path: the file.
    :ivar text: its content.
    """

    path: Path
    text: str

    @functools.cached_property
    def content(self) -> dict[str, Any]:
        """The parsed file.

        :raises InvalidFile: it is no workbook.
        """
        try:
            content = yaml.safe_load(self.text)
        except yaml.YAMLError as error:
            raise errors.InvalidFile(
                str(self.path), " ".join(str(error).split())
            ) from error
        if not isinstance(content, dict) or "name" not in content:
            raise errors.InvalidFile(str(self.path), "it is no workbook")
        return content

    @property
    def name(self) -> str:
        """The workbook's name, such as ``tripleo.deployment.v1``."""
        return str(self.content["name"])

    @property
    def workflows(self) -> dict[str, dict[str, Any]]:
        """The workflows by their full names."""
        return {
            f"{self.name}.{name}": workflow
            for name, workflow in self.content.get("workflows", {}).items()
        }


def directory() -> Path:
    """Where the workbooks are.

    :raises NotFound: the package is not whole.
    """
    checkout = Path(__file__).parents[2] / "workbooks"
    candidates = [
        checkout,
        Path(sysconfig.get_path("data")) / _SHARED,
        *_recorded(),
    ]
    for candidate in candidates:
        if any(candidate.glob("*.yaml")):
            return candidate
    raise errors.NotFound(
        "The workbooks of tripleo-common are not installed: there are none in "
        f"{', '.join(str(each) for each in candidates)}. Install the package "
        "again, or name their directory."
    )


def _recorded() -> list[Path]:
    """Where the installer recorded them (pip's --prefix and --target)."""
    try:
        recorded = importlib.metadata.files(_DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return sorted(
        {
            Path(str(entry.locate())).resolve().parent
            for entry in recorded
            if Path(*entry.parts[-4:-1]) == _SHARED
        }
    )


def load_files(where: Path | None = None) -> list[Workbook]:
    """Every file as a workbook of its own, by file name.

    :param where: their directory; None: that of the installed package.
    """
    return [
        Workbook(path, path.read_text(encoding="utf-8"))
        for path in sorted((where or directory()).glob("*.yaml"))
    ]


def load_all(where: Path | None = None) -> list[Workbook]:
    """Every workbook as Mistral gets it, by file name.

    A family that is too long for one file has several, all with the
    workbook's name. Mistral knows a workbook as a whole, so they become one:
    the first file, then the workflows of the others.

    :param where: their directory; None: that of the installed package.
    """
    merged: dict[str, Workbook] = {}
    for part in load_files(where):
        first = merged.get(part.name)
        merged[part.name] = part if first is None else _joined(first, part)
    return list(merged.values())


def _joined(first: Workbook, other: Workbook) -> Workbook:
    """The first workbook with the workflows of the other.

    :raises InvalidFile: they cannot be told apart in the other's text, or
        are in both.
    """
    _, _, below = f"\n{other.text}".partition("\nworkflows:\n")
    joined = Workbook(first.path, f"{first.text.rstrip()}\n\n{below}")
    added = joined.workflows.keys() - first.workflows.keys()
    if added != other.workflows.keys():
        raise errors.InvalidFile(
            str(other.path),
            f"it is a part of {first.path.name}, so below a line workflows: "
            "it has workflows of its own only",
        )
    return joined
