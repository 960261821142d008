"""The sections of a form that few contests need: each stands behind a line that opens it."""

from contest.i18n import N_
from contest.setup.form_boxes import Section, box, rows


def _boxes(kind, *names):
    return tuple(box(kind, name) for name in names)


def advance_rules(tie):
    """Who goes on, where a plain number does not say it. tie: makes the box of a key."""
    return Section(
        (
            box("stages", "advance_percent", hint=N_("Of those who competed; then leave the number empty.")),
            box("stages", "advance_rounding"),
            box("stages", "advance_cap", hint=N_("0: no limit. The next ones move up.")),
            box("stages", "advance_line"), tie("advance_by", when="advance_line-key"),
        ),
        title=N_("Who goes on: percent, equals, organisations"), is_rare=True,
    )


def limits(kind, *boxes):
    """The bounds of a result."""
    of_stage = N_("Limits, points to begin with, pass mark")
    title = of_stage if kind == "stages" else N_("Limits of the mark")
    return Section(boxes, title=title, is_rare=True, hint=N_(
        "A result above or below a limit is held at it. Empty: no limit above, 0 below."))


def panel_rules(kind, prefix="", when=""):
    """What a panel may ask beyond its judges and what is dropped."""
    return Section(
        (
            box(kind, f"{prefix}drop_from", hint=N_("With fewer marks none is dropped.")),
            box(kind, f"{prefix}factor", hint=N_("The combined mark is multiplied by it.")),
            box(kind, f"{prefix}weights", hint=N_("One for each seat, such as 2, 1, 1. "
                                                  "Only for a mean without drops.")),
            box(kind, f"{prefix}remark",
                hint=N_("Judgements more than one step apart keep the module open.")),
        ),
        rows=(rows(kind, f"{prefix}tolerance", ("least", "apart")),),
        title=N_("Panel: tolerance, weights, factor"), is_rare=True, when=when,
        hint=N_("Where kept marks lie further apart than allowed, the dropped ones count too. "
                "The first line whose mean is reached holds."),
    )


def module_rules():
    """What happens to a module's mark after its panels."""
    yield limits("modules", *_boxes("modules", "pass_mark", "lowest", "cap"))
    yield Section(
        _boxes("modules", "difficulty-lowest", "difficulty-highest", "difficulty-places"),
        title=N_("Degree of difficulty"), is_rare=True,
        hint=N_("Each contestant brings a factor by which the mark is multiplied. Empty: none."),
    )
    yield Section(
        (
            box("modules", "adjust", hint=N_("Up or down, with a reason. Empty: not at all.")),
            box("modules", "adjustment-method",
                hint=N_("When contestants of one module were marked in different rooms.")),
            box("modules", "adjustment-least",
                hint=N_("A room with fewer contestants is refused.")),
        ),
        title=N_("Adjustment by the chief judge and between rooms"), is_rare=True,
    )


def attempts():
    """Several attempts at one aspect."""
    return Section(
        (
            box("aspects", "attempts", hint=N_("1: one mark, as usual.")),
            box("aspects", "take"), box("aspects", "better"),
            box("aspects", "drop_best", hint=N_("Only before a sum or a mean.")),
            box("aspects", "drop_worst"),
        ),
        title=N_("Several attempts"), is_rare=True,
        hint=N_("An attempt that fails is x: tried, and no value. It is worse than any value."),
    )


def difference(kind):
    """How far the judges of a panel may lie apart at one aspect."""
    hint = N_("Marks further apart are shown as “far apart”, and the chief judge may have the panel talk "
              "and mark again; they are never changed. Empty: no limit.")
    in_what = N_("In points, in whole steps.") if kind == "points" else N_("In the unit of the value.")
    return Section(
        (box("aspects", "apart", hint=in_what),),
        title=N_("Limit between judges"), is_rare=True, hint=hint,
    )


def share_rules():
    """A share of the entrants that is no plain percentage of its own."""
    return Section(
        (
            box("awards", "fraction", hint=N_("Such as 1/12; the ratio in percent is then 0.")),
            box("awards", "cumulative",
                hint=N_("Then this ratio counts from the first prize on.")),
        ),
        title=N_("Ratio as a fraction, or of all prizes together"), is_rare=True,
    )


def who_may_take(document, address, node, is_single):
    """The conditions of an award."""
    index = int(address.split(".")[1])
    boxes = [box("awards", "from_competed", hint=N_("0: always."))]
    if index or node.get("unless"):
        boxes.append(box("awards", "unless", kind="picks", options="unless"))
    if is_single or node.get("only"):
        ages = N_("Whole years on the day named.")
        boxes += [
            box("awards", "only-gender", blank=N_("Anybody")),
            *_boxes("awards", "only-employment", "only-group"),
            box("awards", "only-least_age", hint=ages), box("awards", "only-most_age", hint=ages),
            box("awards", "only-on"),
            box("awards", "only-without_title",
                hint=N_("Who holds this title already is passed over.")),
        ]
    yield Section(tuple(boxes), title=N_("Who may take it"), is_rare=True, hint=N_(
        "Who lacks what is asked for, such as a date of birth, does not get it."))
    by_group = document.get("ranking", {}).get("by_group")
    may_shift = node["rule"] in ("ratio", "count") and is_single and not by_group
    if may_shift or "shift" in node:
        yield Section(
            _boxes("awards", "shift-group", "shift-points"), title=N_("Share of a group"),
            is_rare=True, hint=N_("The group gets its share of those who competed, and so many "
                                  "percentage points more (or fewer, with a minus)."),
        )
