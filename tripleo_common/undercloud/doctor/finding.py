"""What the doctor finds."""

from __future__ import annotations

import dataclasses
import enum


class Level(enum.StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    #: It works, but not all of it, or not for everybody.
    WARNING = "warning"
    #: Something of TripleO does not work.
    ERROR = "error"
    #: It cannot be found out from outside, or not now.
    UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True)
class Finding:
    """One finding.

    :ivar check: what was looked at; stable, for programs.
    :ivar found: what was found, a sentence.
    :ivar fix: a command or a setting; empty where there is nothing to do.
    """

    check: str
    level: Level
    found: str
    fix: str = ""


def ok(check: str, found: str) -> Finding:
    """Return that all is as it should be."""
    return Finding(check, Level.OK, found)


def warning(check: str, found: str, fix: str) -> Finding:
    """Return what works in part."""
    return Finding(check, Level.WARNING, found, fix)


def error(check: str, found: str, fix: str) -> Finding:
    """Return what does not work."""
    return Finding(check, Level.ERROR, found, fix)


def unknown(check: str, found: str, fix: str = "") -> Finding:
    """Return what could not be found out."""
    return Finding(check, Level.UNKNOWN, found, fix)
