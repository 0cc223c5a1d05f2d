"""Measure all figures of the documentation, and put them into it.

On an idle machine, half an hour. What is written: ``bench.inc`` and
``growth.csv`` in doc/source/contributor/figures, which performance.rst shows
as tables, and doc/source/images/growth.svg. What performance.rst says of the
machine is not written: correct it.
"""

from __future__ import annotations

import argparse
import csv
import io
import textwrap
from pathlib import Path

import bench
import growth
import measuring

_DOCS = Path(__file__).parent.parent / "doc/source"
_FIGURES = _DOCS / "contributor/figures"
_TITLES = {
    0: "Medians of {runs} runs, by the clock:",
    20: "The same through a proxy by which each request takes 20\n"
    "milliseconds longer, as on a network:",
}
_COLUMNS = {
    "what": "name",
    "ours s": "ours_s",
    "plain s": "plain_s",
    "ratio": "ratio",
    "requests": "requests_ours",
    "of plain": "requests_plain",
}


def main() -> None:
    """Measure, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--state-dir",
        help="of an undercloud that is up (default: one is started for this)",
    )
    parser.add_argument("--runs", type=int, default=5, help="default: 5")
    options = parser.parse_args()
    _FIGURES.mkdir(exist_ok=True)
    with measuring.undercloud(options.state_dir) as client:
        text = "".join(
            _table(
                title.format(runs=options.runs),
                list(bench.measured(client, delay / 1000, options.runs)),
            )
            for delay, title in _TITLES.items()
        )
        rows = growth.measure(
            client, growth.FILES, growth.ROLES, min(options.runs, 3)
        )
    (_FIGURES / "bench.inc").write_text(text, encoding="utf-8")
    growth.write(str(_FIGURES / "growth.csv"), rows)
    growth.draw(str(_DOCS / "images/growth.svg"), rows)


def _table(title: str, figures: list[dict[str, object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for each in figures:
        name = str(each["name"]).partition(", 20 ms")[0]
        told = {**each, "name": name}
        writer.writerow([told[key] for key in _COLUMNS.values()])
    rows = textwrap.indent(stream.getvalue(), "   ")
    return f"{title}\n\n.. csv-table::\n   :header-rows: 1\n\n{rows}\n"


if __name__ == "__main__":
    main()
