"""One stored sheet, score or figure as lines of MARKS.csv (docs/rules/README.md, section 10).

Nothing of `contest.scoring` is asked here: a mistake in how it reads marks must not reach the
second scorer. The plan is the one that `contest.recount` reads.
"""

from contest.recount.files import Book
from contest.recount.refusal import Refused

COLUMNS = ("entrant", "item", "judge", "value", "attempt", "status")
VOID = "x"  # how an attempt that failed is stored


def line(entrant, item, judge="", value="", attempt="", status=""):
    """One line, in the order of COLUMNS."""
    return (entrant, item, judge, value, attempt, status)


def amount_text(units):
    """Ten-thousandths of a point as a decimal number without idle zeros.

    >>> amount_text(-125_000), amount_text(300_000)
    ('-12.5', '30')
    """
    whole, rest = divmod(abs(units), 10_000)
    digits = f"{whole}.{rest:04d}".rstrip("0").rstrip(".")
    return f"-{digits}" if units < 0 else digits


def panel_of_seat(module, seat):
    """The panel on which a seat (from 1, panel after panel) stands; None beyond the last."""
    for panel in module["panels"]:
        if seat <= panel["judges"]:
            return panel
        seat -= panel["judges"]
    return None


def judge_name(seat):
    """What the file calls whoever sits here: results name no judge."""
    return f"seat {seat}"


def excused_line(module, entrant, seat):
    """The judge of this seat is struck out for this entrant."""
    panel = panel_of_seat(module, seat)
    several = len(module["panels"]) > 1
    item = f"{module['key']}.{panel['key']}" if several else module["key"]
    return line(entrant, item, judge_name(seat), status="excused")


def sheet_lines(module, entrant, seat, marks):
    """The marks of a sheet that was handed in; none where it names an aspect the plan has no more."""
    known = {aspect["key"] for panel in module["panels"] for aspect in panel["aspects"]}
    if not set(marks) <= known:
        return []
    lines = []
    for aspect in panel_of_seat(module, seat)["aspects"]:
        item, value = f"{module['key']}.{aspect['key']}", marks.get(aspect["key"])
        several = aspect["attempts"] > 1
        tries = (value if isinstance(value, list) else []) if several else [value]
        for number, mark in enumerate(tries, 1):
            attempt = str(number) if several else ""
            if isinstance(mark, str) and mark.strip().lower() == VOID and (
                several or aspect["kind"] == "measured"
            ):
                lines.append(line(entrant, item, judge_name(seat), "", attempt, "void"))
            elif (text := mark_text(aspect, mark)) is not None:
                lines.append(line(entrant, item, judge_name(seat), text, attempt))
    return lines


def mark_text(aspect, mark):
    """A stored mark as the file writes it; None where it is not given."""
    if mark is None:
        return None
    if aspect["kind"] == "checklist":
        return None if None in mark else ";".join("1" if tick else "0" for tick in mark)
    if aspect["kind"] == "deductions":
        counts = sorted((int(reason) + 1, count) for reason, count in mark.items() if count)
        return ";".join(f"{reason}:{count}" for reason, count in counts) or "0"
    return str(mark).strip() or None


def fits(plan, lines):
    """Can the second scorer read these lines under the plan?"""
    rows = [dict(zip(COLUMNS, each, strict=True)) for each in lines]
    try:
        Book(plan, {row["entrant"]: {} for row in rows}).read(rows)
    except Refused:
        return False
    return True
