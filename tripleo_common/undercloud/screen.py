"""Where commands write: a live terminal, or plain text.

Text is plain where it goes to a file or a pipe, and where the variable
NO_COLOR is set (https://no-color.org).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

#: Where nothing tells how wide a text may be, it is never cut.
_GAP = "  "


def make_console(quiet: bool = False, stderr: bool = False) -> Console:
    """Return where to write.

    :param quiet: write nothing at all.
    :param stderr: write to the standard error instead of the output.
    """
    if os.environ.get("NO_COLOR"):
        return Console(
            quiet=quiet, stderr=stderr, force_terminal=False, no_color=True
        )
    return Console(quiet=quiet, stderr=stderr)


def make_table(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    styles: Sequence[str] = (),
) -> Table:
    """Return a table for a terminal.

    :param styles: of the rows, in their order.
    """
    table = Table(*headers)
    for number, row in enumerate(rows):
        style = styles[number] if number < len(styles) else None
        table.add_row(*map(escape, row), style=style)
    return table


def print_table(
    console: Console,
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    styles: Sequence[str] = (),
) -> None:
    """Print a table: with a frame, or as plain columns that are never cut."""
    every = [list(row) for row in rows]
    if console.is_terminal:
        console.print(make_table(headers, every, styles))
        return
    for line in plain_lines([list(headers), *every]):
        print_plain(console, line)


def plain_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the rows with their columns aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        _GAP.join(
            text.ljust(width) for text, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def print_plain(console: Console, text: str, style: str = "") -> None:
    """Print a text as it is: nothing in it is markup."""
    console.print(
        text,
        markup=False,
        highlight=False,
        soft_wrap=True,
        emoji=False,
        style=style or None,
    )
