"""The answer for people: a table, a csv file, one entrant's receipt."""

import csv
import io
import unicodedata

from contest.offline.answer import answer_of
from contest.offline.standings import Scored
from contest.scoring.receipt import receipt


def lines_of(scored: Scored) -> tuple[list[str], list[list[str]]]:
    """Header and rows, best place first, those without a place at the end."""
    answer = answer_of(scored)
    plan, stage = scored.plan, scored.standings.stage
    modules = [module.key for module in plan.modules_of_stage(stage)]
    parts = [part.key for part in plan.parts_of(stage)]
    header = ["place", "entrant", *modules, *parts, "total", "awards", "decided_by", "state"]
    if plan.ranking.by_group:
        header.insert(1, "group")
    if plan.teams is not None:
        header.insert(2, "team")
    rows = []
    entrants = answer["entrants"]
    order = sorted(
        range(len(entrants)),
        key=lambda i: (entrants[i]["group"] if plan.ranking.by_group else "",
                       entrants[i]["place"] or len(entrants) + 1, i),
    )
    for one in (entrants[i] for i in order):
        row = {
            "place": one["place"] or "", "entrant": one["code"], "group": one["group"],
            "team": one["team"], "total": one["total"], "awards": " ".join(one["awards"]),
            "decided_by": one["decided_by"],
            "state": _state(one),
            **{key: column["mark"] for key, column in one["parts"].items()},
            **{key: column["mark"] or "" for key, column in one["modules"].items()},
        }
        rows.append([str(row[name]) for name in header])
    return header, rows


def _state(one):
    if one["state"] != "normal":
        return one["state"]
    return "" if one["complete"] else "incomplete"


def csv_text(scored: Scored) -> str:
    """The table as comma-separated text."""
    header, rows = lines_of(scored)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def table_text(scored: Scored) -> str:
    """The table in columns for a terminal; Chinese letters are two wide."""
    header, rows = lines_of(scored)
    lines = [header, *rows]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(header))]
    is_number = [name not in ("entrant", "group", "team", "awards", "decided_by", "state")
                 for name in header]
    text = []
    for line in lines:
        cells = [
            " " * (width - _width(cell)) + cell if right else cell + " " * (width - _width(cell))
            for cell, width, right in zip(line, widths, is_number, strict=True)
        ]
        text.append("  ".join(cells).rstrip())
    return "\n".join(text) + "\n"


def _width(text):
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def receipt_text(scored: Scored, code: str) -> str:
    """Every step from the raw marks to the place of one entrant; KeyError for a stranger."""
    if code not in scored.book.entrants:
        raise KeyError(code)
    row = scored.book.entrants.index(code)
    lines = []
    for step in receipt(scored.plan, scored.book, scored.standings, row):
        about = getattr(step.about, "key", "")
        label = step.label % step.params if step.params else step.label
        lines.append("  ".join(part for part in (about, label, step.sum) if part))
    return "\n".join(lines) + "\n"
