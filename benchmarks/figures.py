"""Measure all figures of the documentation, and put them into it.

On an idle machine, half an hour. What is written: ``bench.csv``,
``bench_delayed.csv`` and ``growth.csv`` in doc/source/contributor/figures,
which performance.rst shows as tables, and doc/source/images/growth.svg.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import bench
import growth
import measuring

_DOCS = Path(__file__).parent.parent / "doc/source"
_FIGURES = _DOCS / "contributor/figures"
#: Milliseconds that each request takes longer.
_DELAYS = {"bench.csv": 0, "bench_delayed.csv": 20}
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
        for name, delay in _DELAYS.items():
            measured = bench.measured(client, delay / 1000, options.runs)
            _write(_FIGURES / name, list(measured))
        rows = growth.measure(
            client, growth.FILES, growth.ROLES, min(options.runs, 3)
        )
    growth.write(str(_FIGURES / "growth.csv"), rows)
    growth.draw(str(_DOCS / "images/growth.svg"), rows)


def _write(path: Path, figures: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for each in figures:
            name = str(each["name"]).partition(", 20 ms")[0]
            told = {**each, "name": name}
            writer.writerow([told[key] for key in _COLUMNS.values()])


if __name__ == "__main__":
    main()
