"""The answer for people: a table, a csv file, one entrant's receipt."""

import csv
import io
import unicodedata

from contest.offline.answer import answer_of, printed
from contest.offline.standings import Scored
from contest.scoring.comparing import changes
from contest.scoring.receipt import receipt

TEXT_COLUMNS = ("who", "entrant", "group", "team", "awards", "decided_by", "state")


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


def changes_text(scored: Scored, other: Scored) -> str:
    """Whose total, place or awards differ under the other plan, before → after."""
    found = changes(scored.standings, other.standings, scored.awards, other.awards)
    names = {"entrant": scored.book.entrants, "team": scored.book.teams}
    header = ["who", "total", "place", "awards"]
    rows = [
        [
            names[change.to][change.index],
            _pair(printed(scored, change.before.total), printed(other, change.after.total)),
            _pair(str(change.before.place or "–"), str(change.after.place or "–")),
            _pair(" ".join(change.before.awards) or "–", " ".join(change.after.awards) or "–"),
        ]
        for change in found
    ]
    if not rows:
        return "Nobody's total, place or award would change.\n"
    return aligned(header, rows)


def _pair(before, after):
    return before if before == after else f"{before} → {after}"


def table_text(scored: Scored) -> str:
    """The table in columns for a terminal."""
    return aligned(*lines_of(scored))


def aligned(header: list[str], rows: list[list[str]]) -> str:
    """Rows in columns; Chinese letters are two wide, numbers stand to the right."""
    lines = [header, *rows]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(header))]
    is_number = [name not in TEXT_COLUMNS for name in header]
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
