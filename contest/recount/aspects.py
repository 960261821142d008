"""Section 1, first half: an aspect as the plan states it, and what one mark of it may be."""

from contest.recount.amounts import ZERO, amount, counted, has_places, typed


class Void:
    """An attempt that was tried and failed, was not started, or was not allowed; its own kind of mark."""


VOID = Void()
LAST_RANK = 10_000
ATTEMPTED = ("points", "measured")


def read_aspect(row):
    """An aspect with its defaults."""
    aspect = {
        "places": 0,
        "attempts": 1,
        "take": "best",
        "drop_best": 0,
        "drop_worst": 0,
        "clamp": True,
        "itself": False,
        "key_item": "",
    } | row
    for name, default in (("max", 0), ("step", 1), ("lowest", 0), ("highest", None), ("beyond", 0)):
        aspect[name] = amount(row.get(name, default))
    aspect["apart"] = amount(row.get("apart"))
    aspect["reasons"] = [
        {"points": amount(r["points"]), "most": int(r.get("most", 1)), "loses": bool(r.get("loses", False))}
        for r in row.get("reasons") or []
    ]
    aspect["items"] = [amount(r["points"]) for r in row.get("items") or []]
    aspect["grades"] = {str(r["key"]): amount(r["points"]) for r in row.get("grades") or []}
    aspect["table"] = [(amount(r["upto"]), amount(r["points"])) for r in row.get("table") or []]
    aspect["formula"] = _formula(row.get("formula"))
    aspect["power"] = _power(row.get("power"))
    aspect["better"] = row.get("better") or (aspect["power"]["better"] if aspect["power"] else "high")
    if aspect["kind"] == "checklist":
        aspect["max"] = sum(aspect["items"], ZERO)
    return aspect


def _formula(row):
    if not row:
        return None
    numbers = {name: amount(row[name]) for name in ("start", "from", "points", "per")}
    return numbers | {"whole": bool(row.get("whole", False))}


def _power(row):
    if not row:
        return None
    numbers = {name: amount(row[name]) for name in ("scale", "from", "exponent")}
    return numbers | {"better": row.get("better", "high")}


def read_mark(aspect, text):
    """The mark that a text stands for; `ValueError`, with what is allowed, when it stands for none."""
    return READERS[aspect["kind"]](aspect, text)


def _points(aspect, text):
    value, most = typed(text), aspect["max"]
    if aspect["take"] == "sum":
        most /= aspect["attempts"] - aspect["drop_best"] - aspect["drop_worst"]
    if value is None or not 0 <= value <= most or (value / aspect["step"]).denominator != 1:
        raise ValueError(f"A mark of {aspect['key']} is 0 to {most} in steps of {aspect['step']}.")
    return value


def _measured(aspect, text):
    value = typed(text)
    high = aspect["highest"]
    if value is None or value < aspect["lowest"] or (high is not None and value > high):
        raise ValueError(f"A value of {aspect['key']} is a number from {aspect['lowest']} to {high}.")
    if not has_places(value, aspect["places"]):
        raise ValueError(f"A value of {aspect['key']} has at most {aspect['places']} decimals.")
    return value


def _deductions(aspect, text):
    counts = {}
    for piece in [] if counted(text) == 0 else text.split(";"):
        number, count = (counted(one) for one in piece.partition(":")[::2])
        if not number or count is None or number > len(aspect["reasons"]):
            raise ValueError(f"A mark of {aspect['key']} is written 1:2;3:1 (reason : count), or 0 for none.")
        if number in counts or count > aspect["reasons"][number - 1]["most"]:
            raise ValueError(
                f"A reason of {aspect['key']} is counted once, and at most as often as the plan says."
            )
        counts[number] = count
    return counts


def _checklist(aspect, text):
    ticks = [counted(tick) for tick in text.split(";")]
    if len(ticks) != len(aspect["items"]) or any(tick not in (0, 1) for tick in ticks):
        raise ValueError(
            f"A mark of {aspect['key']} is 0 or 1 for each of {len(aspect['items'])} items, with ; between."
        )
    return [tick == 1 for tick in ticks]


def _judgement(aspect, text):
    step = typed(text)
    if step not in (0, 1, 2, 3):
        raise ValueError(f"A mark of {aspect['key']} is 0, 1, 2 or 3.")
    return int(step)


def _grade(aspect, text):
    if text not in aspect["grades"]:
        raise ValueError(f"A mark of {aspect['key']} is one of {', '.join(aspect['grades'])}.")
    return text


def _rank(aspect, text):
    rank = typed(text)
    if rank is None or rank.denominator != 1 or not 1 <= rank <= LAST_RANK:
        raise ValueError(f"A mark of {aspect['key']} is a whole number from 1 to {LAST_RANK}.")
    return int(rank)


READERS = {
    "points": _points,
    "measured": _measured,
    "deductions": _deductions,
    "checklist": _checklist,
    "judgement": _judgement,
    "grade": _grade,
    "rank": _rank,
}
