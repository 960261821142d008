"""Every figure in one run; `--write` puts them into docs/measurements.md."""

import argparse
from datetime import date
from pathlib import Path

from bench import board, chain, ranking, submit, verification
from bench.reporting import machine, show

PAGE = Path(__file__).parent.parent / "docs" / "measurements.md"
PARTS = {"The board": board, "Handing in while boards listen": submit,
         "Ranking": ranking, "Counting again before publication": verification,
         "Checking a chain": chain}


def page_of(groups, before):
    """The figures as the page docs/measurements.md."""
    lines = [
        "# Measurements", "",
        f"`make bench` on {date.today().isoformat()}: {before}. Client and servers share the cores, "
        "all on the loopback, SQLite with `synchronous = FULL`. Repeats vary up to twofold: compare "
        "figures of one run only. `python -m bench.everything --write` renews this page.", "",
    ]
    for title, figures in groups.items():
        about = " ".join(PARTS[title].__doc__.split())
        wanted = getattr(PARTS[title], "TARGETS", {})
        lines += [f"## {title}", "", about, "", "| what | measured | target |", "|---|---:|---:|"]
        lines += [
            f"| {name} | {value:,} | {wanted.get(name, '')} |" for name, value in figures.items()
        ]
        lines.append("")
    return "\n".join(lines)


def main():
    """Measure, print, and write when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--write", action="store_true", help="write docs/measurements.md")
    asked = parser.parse_args()
    before = machine()
    groups = {title: part.measure() for title, part in PARTS.items()}
    show(groups, asked.json)
    if asked.write:
        PAGE.write_text(page_of(groups, before), "utf-8")


if __name__ == "__main__":
    main()
