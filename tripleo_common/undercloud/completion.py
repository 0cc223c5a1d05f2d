"""Completion of the command line in shells, made from its parser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jinja2

from tripleo_common.undercloud.services import BY_NAME
from tripleo_common.undercloud.subcommands import Parsers

SCRIPTS = Path(__file__).parent / "completion_scripts"
SHELLS = ("bash", "zsh", "fish")

#: What a value is, by the name that the help gives it.
_KINDS = {"DIR": "directory", "FILE": "file", "COMMAND": "command"}


#: Stands for the quotation mark in texts, which no shell takes for one.
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


@dataclass(frozen=True)
class Value:
    """What can stand in one place.

    :ivar kind: ``word``, ``directory``, ``file``, ``command``, or ``other``.
    :ivar words: all that it can be, if that is known.
    """

    kind: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """An option, with all its spellings.

    :ivar value: None: it takes none.
    :ivar optional: whether the value may be left out.
    :ivar repeats: whether it may be given more than once.
    """

    names: tuple[str, ...]
    text: str
    value: Value | None
    optional: bool
    repeats: bool


@dataclass(frozen=True)
class Command:
    """A subcommand.

    :ivar operands: of the places after the options; the last one stands for
        all that follow, too.
    """

    name: str
    text: str
    options: tuple[Option, ...]
    operands: tuple[Value, ...]

    @property
    def spellings(self) -> list[str]:
        """Every option, in each of its spellings."""
        return [name for option in self.options for name in option.names]


def add_to(
    parsers: Parsers, make: Callable[[], argparse.ArgumentParser]
) -> None:
    """Add the subcommand to those of the command line.

    :param make: makes the parser of the whole command line.
    """
    text = "print what makes a shell complete this command's words"
    parser = parsers.add_parser("completion", help=text, description=text)
    parser.add_argument("shell", choices=SHELLS)

    def run(arguments: argparse.Namespace) -> int:
        sys.stdout.write(render(make(), arguments.shell))
        return 0

    parser.set_defaults(run=run)


def render(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the text for a shell to source."""
    loader = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SCRIPTS),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    loader.filters["quote"] = _quote
    template = loader.get_template(f"{shell}.jinja2")
    return template.render(program=parser.prog, commands=commands(parser))


def commands(parser: argparse.ArgumentParser) -> list[Command]:
    """Return all that a parser's subcommands take."""
    found = next(
        action
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    texts = {each.dest: each.help or "" for each in found._choices_actions}
    return [
        _command(name, texts.get(name, ""), each)
        for name, each in found.choices.items()
    ]


def _command(name: str, text: str, parser: argparse.ArgumentParser) -> Command:
    shown = [a for a in parser._actions if a.help != argparse.SUPPRESS]
    return Command(
        name,
        text,
        tuple(_option(a, parser) for a in shown if a.option_strings),
        tuple(_value(a) for a in shown if not a.option_strings),
    )


def _option(
    action: argparse.Action, parser: argparse.ArgumentParser
) -> Option:
    text = parser._get_formatter()._expand_help(action) if action.help else ""
    return Option(
        tuple(action.option_strings),
        text,
        None if action.nargs == 0 else _value(action),
        action.nargs == "?",
        isinstance(action, argparse._AppendAction),
    )


def _value(action: argparse.Action) -> Value:
    if action.choices:
        return Value("word", tuple(map(str, action.choices)))
    name = str(action.metavar or action.dest)
    if name == "SERVICE":
        return Value("word", tuple(sorted(BY_NAME)))
    return Value(_KINDS.get(name, "other"))


def _quote(text: str) -> str:
    """Quote a text for any of the shells."""
    plain = text.replace("\\", "").replace("'", _APOSTROPHE)
    return f"'{plain}'"
