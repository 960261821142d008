"""The answer for people: tables, a csv file, one entrant's receipt."""

import csv
import io
import unicodedata

from contest.offline.answer import answer_of, changes_of
from contest.offline.standings import Scored
from contest.scoring.receipt import receipt
from contest.scoring.words import in_english

TEXT_COLUMNS = ("who", "entrant", "group", "team", "organisation", "awards", "decided_by", "state")


def lines_of(scored: Scored, answer: dict) -> tuple[list[str], list[list[str]]]:
    """Header and rows, best place first, those without a place at the end.

    Beside a mark that was adjusted between rooms stands the raw one, "raw drill".
    """
    plan, stage = scored.plan, scored.standings.stage
    modules = []
    for module in plan.modules_of_stage(stage):
        raw = [] if module.adjustment.method == "none" else [f"raw {module.key}"]
        modules += [module.key, *raw]
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
            **{f"raw {key}": column["raw"] or "" for key, column in one["modules"].items()},
        }
        rows.append([str(row[name]) for name in header])
    return header, rows


def _state(one):
    if one["state"] != "normal":
        return one["state"]
    return "" if one["complete"] else "incomplete"


def team_lines(answer: dict) -> tuple[list[str], list[list[str]]]:
    """The teams' table, best place first."""
    modules = list(answer["teams"][0]["modules"])
    header = ["place", "team", *modules, "total", "awards", "decided_by", "state"]
    rows = []
    for one in sorted(answer["teams"], key=lambda one: one["place"] or len(answer["teams"]) + 1):
        marks = [one["modules"][key] for key in modules]
        state = "" if one["done"] else "incomplete"
        row = [one["place"] or "", one["team"], *marks, one["total"] or "", " ".join(one["awards"])]
        rows.append([str(cell) for cell in (*row, one["decided_by"], state)])
    return header, rows


def organisation_lines(answer: dict) -> tuple[list[str], list[list[str]]]:
    """The medal table."""
    awards = list(answer["organisations"][0]["counts"])
    header = ["place", "organisation", *awards, "points", "average", "competed"]
    rows = [
        [
            str(one["place"]), one["organisation"], *(str(one["counts"][key]) for key in awards),
            one["points"], one["average"], str(one["competed"]),
        ]
        for one in answer["organisations"]
    ]
    return header, rows


def csv_text(scored: Scored) -> str:
    """The table of the entrants as comma-separated text."""
    return _separated(*lines_of(scored, answer_of(scored)))


def _separated(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def changes_text(scored: Scored, other: Scored) -> str:
    """Whose total, place or awards differ under the other plan, before → after."""
    rows = [
        [one["code"], *(_pair(*pair) for pair in zip(_side(one["before"]), _side(one["after"]), strict=True))]
        for one in changes_of(scored, other)["changes"]
    ]
    if not rows:
        return "Nobody's total, place or award would change.\n"
    return aligned(["who", "total", "place", "awards"], rows)


def changes_csv_text(scored: Scored, other: Scored) -> str:
    """The same as comma-separated text, each figure before and after in columns of its own."""
    header = ["to", "code", "total", "place", "awards", "total_then", "place_then", "awards_then"]
    rows = [
        [one["to"], one["code"], *_side(one["before"], ""), *_side(one["after"], "")]
        for one in changes_of(scored, other)["changes"]
    ]
    return _separated(header, rows)


def _side(side, nothing="–"):
    return side["total"], str(side["place"] or nothing), " ".join(side["awards"]) or nothing


def _pair(before, after):
    return before if before == after else f"{before} → {after}"


def table_text(scored: Scored) -> str:
    """The tables in columns for a terminal: entrants, then teams and organisations where there are any."""
    answer = answer_of(scored)
    tables = [lines_of(scored, answer)]
    tables += [team_lines(answer)] if answer["teams"] else []
    tables += [organisation_lines(answer)] if answer["organisations"] else []
    return "\n".join(aligned(*table) for table in tables)


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
    """Every step from the raw marks to the place and awards of one entrant; KeyError for a stranger."""
    if code not in scored.book.entrants:
        raise KeyError(code)
    row = scored.book.entrants.index(code)
    lines = []
    for step in receipt(scored.plan, scored.book, scored.standings, row, scored.awards):
        about = getattr(step.about, "key", "")
        label = in_english(step.label, step.params)
        lines.append("  ".join(part for part in (about, label, step.sum) if part))
    return "\n".join(lines) + "\n"
