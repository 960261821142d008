"""A sheet for the printer: every aspect with what may be written, empty or as a copy of the marks."""

from flask_babel import gettext

from contest.documents import Box, MarkBlock, MarkLine, MarkSheet
from contest.i18n import pick_name


def printed_sheet(page, url, language):
    """One sheet (queries.PrintPage) as a documents.MarkSheet; with no name in a blind module."""
    about, module = page.about, page.module
    title = pick_name(module, language)
    if module.panel.name:
        title = f"{title} · {pick_name(module.panel, language)}"
    facts = [(gettext("Judge"), about.judge or "–"), (gettext("Seat"), str(about.seat))]
    if about.organisation:
        facts.insert(0, (gettext("Unit"), about.organisation))
    signatures = [gettext("Judge")]
    if not module.blind:
        signatures.append(gettext("Contestant"))
    blocks = tuple(_block(block, language) for block in page.reading.blocks)
    is_ranked = page.reading.rank is not None
    return MarkSheet(
        contest=pick_name(page.contest, language), title=title, code=about.code, number=about.number,
        url=url, facts=tuple(facts), blocks=blocks, signatures=tuple(signatures),
        name=about.name or "", note=_note(page) + _taken_over(page, language),
        sum="" if is_ranked else gettext("Sum of this sheet"),
        total=page.reading.total if page.is_copy and not is_ranked else "",
    )


def _note(page):
    if page.is_copy:
        return gettext(
            "Copy of the marks as stored: revision %(rev)s. Plan version %(plan)s.",
            rev=page.rev, plan=page.plan_number,
        )
    return gettext(
        "Write clearly; cross out what is wrong, write beside it and sign it. Leave no mark open: "
        "0 is a mark. Plan version %(plan)s.", plan=page.plan_number,
    )


def _taken_over(page, language):
    if not page.taken_over:
        return ""
    between = "" if language == "zh" else " "
    return between + gettext(
        "The judge stands in for another one on this sheet: %(reason)s", reason=page.taken_over
    )


def _block(block, language):
    title = f"{block.criterion.key}  {pick_name(block.criterion, language)}"
    top = gettext("%(points)s points", points=block.top) if block.top else ""
    return MarkBlock(title, top, tuple(_line(line, language) for line in block.lines))


def _line(line, language):
    style, boxes = _BOXES[line.aspect.kind](line, language)
    return MarkLine(
        line.aspect.key, pick_name(line.aspect, language), _allowed(line, language), style,
        tuple(boxes),
    )


def _measured_words(line):
    if not line.aspect.places:
        return gettext(
            "A whole number between %(lowest)s and %(highest)s.", lowest=line.lowest,
            highest=line.highest,
        )
    return gettext(
        "Between %(lowest)s and %(highest)s; decimals: %(places)s.", lowest=line.lowest,
        highest=line.highest, places=line.aspect.places,
    )


def _allowed(line, language):
    aspect = line.aspect
    if aspect.kind == "points":
        words = gettext("Between 0 and %(top)s, in steps of %(step)s.", top=line.highest, step=line.step)
    elif aspect.kind == "measured":
        words = _measured_words(line)
        if unit := pick_name(line.unit, language):
            words = f"{unit}{'：' if language == 'zh' else ': '}{words}"
    elif aspect.kind == "rank":
        words = gettext("A whole number from 1 up; 1 is the best.")
    elif aspect.kind == "deductions":
        words = gettext("Write how often each was seen; 0 where nothing is to be deducted.")
    elif aspect.kind == "checklist":
        words = gettext("Tick yes or no in every line.")
    else:
        words = gettext("Tick one.")
    if aspect.attempts > 1 or aspect.kind == "measured":
        failed = gettext("Write x where it failed.")
        words = f"{words} {failed}"
    return words


def _numbers(line, _language):
    if not line.attempts:
        value = "x" if line.standing.is_void else line.value
        return "boxes", [Box("", "" if value is None else str(value))]
    return "boxes", [
        Box(str(one.number), "x" if one.is_void else one.value) for one in line.attempts
    ]


def _counts(line, language):
    given = isinstance(line.value, dict)
    for choice in line.choices:
        label = pick_name(choice, language)
        if choice.loses:
            rest = gettext("The whole item is lost")
        else:
            rest = gettext(
                "−%(points)s each, at most %(most)s times", points=choice.points, most=choice.most
            )
        yield Box(f"{label} ({rest})", str(choice.value) if given else "")


def _levels(line, language):
    for choice in line.choices:
        name = pick_name(choice, language)
        yield Box(f"{choice.index}  {name}".strip(), bool(choice.value))


def _grades(line, language):
    for choice in line.choices:
        words = f"{choice.key}  {pick_name(choice, language)}"
        points = gettext("%(points)s points", points=choice.points)
        yield Box(f"{words} ({points})", bool(choice.value))


def _answers(line, language):
    words = {True: "yes", False: "no"}
    for choice in line.choices:
        points = gettext("%(points)s points", points=choice.points)
        yield Box(f"{pick_name(choice, language)} ({points})", words.get(choice.value, ""))


_BOXES = {
    "points": _numbers,
    "measured": _numbers,
    "rank": _numbers,
    "deductions": lambda line, language: ("counts", _counts(line, language)),
    "judgement": lambda line, language: ("ticks", _levels(line, language)),
    "grade": lambda line, language: ("ticks", _grades(line, language)),
    "checklist": lambda line, language: ("answers", _answers(line, language)),
}
