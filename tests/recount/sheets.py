"""Small plans and lines of marks for the worked cases."""

from contest.recount import recount


def points(key="A1", top=100, **fields):
    return {"key": key, "name": key, "kind": "points", "max": top, **fields}


def measured(key="A1", top=100, **fields):
    return {"key": key, "name": key, "kind": "measured", "max": top, "lowest": 0, "highest": 1000, **fields}


def module(key, *aspects, panel=None, **fields):
    """A module with sheets; without aspects it takes scores out of `max` (100)."""
    if not aspects:
        return {
            "key": key, "name": key, "part": "all", "weight": 100, "entry": "scores", "max": 100, **fields,
        }
    criteria = [{"key": "A", "name": "A", "aspects": list(aspects)}]
    return {
        "key": key,
        "name": key,
        "part": "all",
        "weight": 100,
        "entry": "sheets",
        "panel": {"judges": 1, **(panel or {})},
        "criteria": criteria,
        **fields,
    }


def plan(*modules, parts=None, stages=None, **sections):
    """One stage `final` of one part `all` that adds points; unrounded unless the case says so."""
    document = {
        "format": 1,
        "name": "case",
        "rounding": {"steps": [], "compare": "exact", "places": 4},
        "stages": stages or [{"key": "final", "name": "Final", "combine": "points"}],
        "parts": parts or [{"key": "all", "stage": "final", "name": "All", "combine": "points"}],
        "modules": list(modules),
    }
    return document | sections


def lines(text):
    """Lines of marks: entrant, item, judge, value, attempt, status; `-` for an empty field."""
    names = ("entrant", "item", "judge", "value", "attempt", "status")
    rows = []
    for row in filter(None, (row.strip() for row in text.splitlines())):
        fields = ["" if field == "-" else field for field in row.split()]
        rows.append(dict.fromkeys(names, "") | dict(zip(names, fields, strict=False)))
    return rows


def scores(**modules):
    """Lines of scores: scores(m={"a": 80}) for a module `m`."""
    return [
        {"entrant": e, "item": m, "judge": "", "value": str(v)}
        for m, row in modules.items()
        for e, v in row.items()
    ]


def judged(item, **by_entrant):
    """Lines of one aspect: each entrant's marks, judge J1, J2, … in turn; None where a judge gave none."""
    return [
        {"entrant": e, "item": item, "judge": f"J{n}", "value": str(v)}
        for e, marks in by_entrant.items()
        for n, v in enumerate(marks, 1)
        if v is not None
    ]


def answer(document, rows, entrants=None, stage=None):
    return recount(document, lines(rows) if isinstance(rows, str) else rows, entrants, stage)


def of(result, code):
    """One entrant's row."""
    return next(row for row in result["entrants"] if row["code"] == code)


def mark(result, code, key="m"):
    """A module's mark without zeros at the end; None while there is none."""
    text = of(result, code)["modules"][key]["mark"]
    return text if text is None or "." not in text else text.rstrip("0").rstrip(".")


def column(result, name):
    """{code: one field} of all entrants."""
    return {row["code"]: row[name] for row in result["entrants"]}


def places(result):
    return column(result, "place")
