"""What a record is, which results are compared for it, and which of them beat or equal what stood.

A record is never guessed: somebody says what is compared and which contests belong to it, and a contest
is let in only where it is marked on the same scale and counts at the same level.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_
from contest.registry import life_rules, record_aspect_rules, record_team_rules
from contest.registry.ladder_rules import CONTEST_LEVELS
from contest.scoring.marks import MarkError, parse_number
from contest.scoring.tops import top_of_stage
from contest.scoring.units import DECIMALS, text_of, units_of
from contest.setup.rules import stage_of

WHATS = {
    "total": N_("Total of the contest"), "module": N_("Mark of a module"),
    "figure": N_("Recorded figure, such as a time"),
    "aspect": N_("Measured aspect of the judges' sheets"),
}
HOLDERS = {"person": N_("One person"), "team": N_("A team")}
BETTERS = {"high": N_("The higher is better"), "low": N_("The lower is better")}
STATES = {
    "proposed": N_("To be confirmed"), "confirmed": N_("Confirmed"), "refused": N_("Not confirmed"),
    "withdrawn": N_("Taken back"),
}
# What is compared as it was measured, whatever it earned; it has no maximum.
TOPLESS = ("figure", "aspect")
# A mark in one of these holds its place in the row of records; there is one for each result.
LIVE = ("proposed", "confirmed")
KINDS = {
    "first": N_("The first record"), "beats": N_("Beats the standing record"),
    "equals": N_("Equals the standing record"),
}
EARLIER = ("earlier_name", "earlier_unit", "earlier_on", "earlier_source")
BETTER_RESULT = N_("A better result stood already.")


@dataclass(frozen=True)
class Typed:
    """A record as somebody defines it; values and the maximum in units of the scoring."""

    name: str
    name_en: str
    event: str
    holder: str
    what: str
    key: str
    better: str
    unit: str
    level: str
    group: str
    top: int | None
    places: int
    earlier_name: str
    earlier_unit: str
    earlier_value: int | None
    earlier_on: date | None
    earlier_source: str


@dataclass(frozen=True)
class Result:
    """A final result in what a record compares, an entrant's or a team's; on: the day of the contest.

    members: of a team, who competed in it: (entrant's id, name).
    """

    contest_id: int
    holder_id: int
    sheet_id: int
    value: int
    on: date
    name: str
    unit: str
    members: tuple = ()

    @property
    def key(self):
        """What tells the result from any other one, also from itself after a correction."""
        members = frozenset(entrant_id for entrant_id, _ in self.members)
        return (self.contest_id, self.holder_id, self.value, members)


@dataclass(frozen=True)
class Found:
    """A result that became a record on its day. kind: of KINDS; before: what stood until then, or None."""

    result: Result
    kind: str
    before: int | None


@dataclass(frozen=True)
class Span:
    """From when to when something was a record. what: as given; until None: it stands. shared: how many
    hold the same value.
    """

    what: object
    until: date | None
    shared: int


def read_line(form, now):
    """The Typed of a form; Invalid names each field that cannot be taken."""
    wrong = {}
    said = {
        key: life_rules.read_text(form, f"record_{key}", most, wrong, key != "group")
        for key, most in (("name", 80), ("event", 60), ("unit", 20), ("group", 40))
    }
    name_en = life_rules.read_text(form, "name_en", 120, wrong, False)
    what, better = form.get("record_what") or "", form.get("record_better") or ""
    if what not in WHATS:
        wrong["record_what"] = Invalid("Choose what is compared.")
    holder = _holder(form, what, said["group"], wrong)
    if better not in BETTERS:
        wrong["record_better"] = Invalid("Choose which value is better.")
    level = form.get("contest_level") or ""
    if level not in CONTEST_LEVELS:
        wrong["contest_level"] = Invalid("Choose the level of the contests.")
    key = life_rules.read_text(form, "record_key", 60, wrong, what in ("module", "figure", "aspect"))
    _check_key(what, key, wrong)
    places = _places(form, wrong)
    top = None if what in TOPLESS else _amount(form, "record_top", DECIMALS, wrong, True)
    earlier = _earlier(form, places, now, wrong)
    if not wrong and top is not None and (earlier["earlier_value"] or 0) > top:
        wrong["earlier_value"] = Invalid("This is more than the maximum of %(top)s.", top=text_of(top))
    life_rules.check(wrong)
    return Typed(
        **said, name_en=name_en, holder=holder, what=what, key="" if what == "total" else key, better=better,
        level=level, top=top, places=places, **earlier,
    )


def _check_key(what, key, wrong):
    if what == "aspect" and key:
        try:
            record_aspect_rules.check_key(key)
        except Invalid as refused:
            wrong["record_key"] = refused


def _holder(form, what, group, wrong):
    """Who sets it, a person where the form does not say; `wrong` gets a sentence for what no team has."""
    holder = form.get("record_holder") or "person"
    if holder not in HOLDERS:
        wrong["record_holder"] = Invalid("Choose who sets the record.")
    if holder == "team" and what in TOPLESS:
        wrong["record_what"] = Invalid(
            "That is measured of persons; compare the total of teams, or a module of a team's own part."
        )
    if holder == "team" and group:
        wrong["record_group"] = Invalid("A group is one of persons; leave it empty for a record of teams.")
    return holder


def _places(form, wrong):
    text = (form.get("record_places") or "").strip()
    if text not in {str(n) for n in range(DECIMALS + 1)}:
        wrong["record_places"] = Invalid("Decimals are a whole number from 0 to 4.")
        return DECIMALS
    return int(text)


def _amount(form, key, places, wrong, is_needed):
    """Units of a typed number, exactly; `wrong` gets a sentence otherwise."""
    text = (form.get(key) or "").strip()
    if not text:
        if is_needed:
            wrong[key] = Invalid("Please fill this in.")
        return None
    try:
        units = units_of(parse_number(text))
    except MarkError:
        wrong[key] = Invalid("“%(text)s” is not a number; write it like 9.5.", text=text[:20])
        return None
    if units is None or units % 10 ** (DECIMALS - places):
        wrong[key] = Invalid("%(text)s has more than %(places)s decimals.", text=text[:20], places=places)
        return None
    if units < 0:
        wrong[key] = Invalid("A number from 0 is taken here.")
    return units


def _earlier(form, places, now, wrong):
    """The record from before the program: nothing of it, or all that proves it."""
    value = _amount(form, "earlier_value", places, wrong, False)
    is_there = value is not None or any((form.get(key) or "").strip() for key in EARLIER)
    if not is_there:
        return {"earlier_value": None, "earlier_on": None,
                **dict.fromkeys(("earlier_name", "earlier_unit", "earlier_source"), "")}
    if value is None and "earlier_value" not in wrong:
        wrong["earlier_value"] = Invalid("Please fill this in.")
    return {
        "earlier_value": value,
        "earlier_name": life_rules.read_text(form, "earlier_name", 60, wrong),
        "earlier_unit": life_rules.read_text(form, "earlier_unit", 100, wrong, False),
        "earlier_on": life_rules.read_day(form, "earlier_on", now, wrong),
        "earlier_source": life_rules.read_text(form, "earlier_source", 200, wrong),
    }


def stage_key(line, plan):
    """The stage whose results are compared: that of the module, else the one that decides."""
    if line.what in ("module", "aspect"):
        return stage_of(plan, line.key.partition(".")[0])
    return plan.last_stage.key


def why_unfit(line, plan, level, on):
    """A Conflict that says why a contest cannot be compared for a record; None when it can.

    level: at which the contest counts for ladders; where nobody has said so (""), whoever lets it in says it.
    on: the day of the contest, or None.
    """
    if level and level != line.level:
        return Conflict("This contest counts at another level than the record.")
    if on is not None and line.earlier_on is not None and on < line.earlier_on:
        return Conflict("This contest lies before the record to beat, of %(day)s.",
                        day=line.earlier_on.isoformat())
    if line.what == "figure":
        return None
    if line.what == "aspect":
        return record_aspect_rules.why_no_value(line, plan)
    if line.what == "module" and line.key not in {one.key for one in plan.modules}:
        return Conflict("The plan of this contest has no module “%(key)s”.", key=line.key)
    if line.holder == "team" and (why := record_team_rules.why_no_figure(line, plan)) is not None:
        return why
    return _why_other_scale(line, plan)


def _why_other_scale(line, plan):
    stage = plan.stage(stage_key(line, plan))
    scale = record_team_rules.scale_of if line.holder == "team" else _scale_of
    compared, top, step = scale(line, plan, stage)
    if any(module.adjustment.method != "none" for module in compared):
        return Conflict(
            "Rooms are made comparable within this contest, so its marks cannot be compared with others."
        )
    if top != Fraction(line.top):
        return Conflict("The maximum is %(theirs)s here and %(ours)s in the record.",
                        theirs=_shown(top), ours=text_of(line.top))
    if plan.rounding.at(step)[0] != line.places:
        return Conflict("Decimals here: %(theirs)s; in the record: %(ours)s.",
                        theirs=plan.rounding.at(step)[0], ours=line.places)
    if plan.ranking.order != line.better:
        return Conflict("In this contest the other direction is better.")
    return None


def _scale_of(line, plan, stage):
    """(the modules in it, the most it can be, whose decimals it has) of what is compared of persons."""
    if line.what == "module":
        module = plan.module(line.key)
        return [module], module.exact_top(), "module"
    return plan.modules_of_stage(stage.key), top_of_stage(plan, stage), "stage"


def _shown(top):
    return text_of(int(top)) + ("" if top.denominator == 1 else "…")


def values_in(rows, line, figures):
    """[(row, units)] of those published rows that have a result in what a record compares.

    Whoever has no place has no result either. rows: as result_document has them; figures: {entrant id:
    units} where a recorded figure is compared.
    """
    found = []
    for row in rows:
        if not row["place"] or row["state"] != "normal" or row.get("is_void"):
            continue
        if line.group and row["group"] != line.group:
            continue
        value = _value(row, line, figures)
        if value is not None:
            found.append((row, value))
    return found


def _value(row, line, figures):
    if line.what in TOPLESS:
        return figures.get(row["entrant_id"])
    if line.what == "module":
        text = None if line.key in row["absent_from"] else row["modules"].get(line.key)
    else:
        text = row["total"]
    return None if text is None else units_of(Decimal(text))


def is_better(better, value, than):
    """True when a value is strictly better."""
    return value > than if better == "high" else value < than


def best_of(better, values):
    """The best of some values."""
    return max(values) if better == "high" else min(values)


def replay(better, earlier, results):
    """The Founds among results, day by day: whatever was best of its day and no worse than what stood.

    earlier: the value to beat from before the program, or None. Equal values are all found; of two
    contests of one day only the best result counts.
    """
    found, standing = [], earlier
    for day in sorted({one.on for one in results}):
        of_day = [one for one in results if one.on == day]
        best = best_of(better, [one.value for one in of_day])
        if standing is not None and is_better(better, standing, best):
            continue
        kind = "first" if standing is None else "equals" if best == standing else "beats"
        found += [
            Found(one, kind, standing)
            for one in sorted(of_day, key=lambda one: (one.contest_id, one.holder_id)) if one.value == best
        ]
        standing = best
    return found


def spans(better, rows):
    """The Spans of what was a record, the earliest first. rows: (value, day, what) of each."""
    rows = sorted(rows, key=lambda row: row[1])
    found = []
    for value, on, what in rows:
        ends = [day for other, day, _ in rows if day >= on and is_better(better, other, value)]
        found.append(Span(what, min(ends, default=None), sum(other == value for other, _, _ in rows)))
    return found


def kind_of(better, standing, value):
    """How a value stands to the standing record (of KINDS), None when it is worse."""
    if standing is None:
        return "first"
    if value == standing:
        return "equals"
    return "beats" if is_better(better, value, standing) else None


def read_reason(text):
    """A reason in words; Invalid at its field without one, and when it is too long."""
    wrong = {}
    words = life_rules.read_text({"reason": text}, "reason", 300, wrong)
    life_rules.check(wrong)
    return words


def check_open(ended_at):
    """Conflict when nothing is compared for the record any more."""
    if ended_at is not None:
        raise Conflict("This record was laid down; nothing is compared for it any more.")


def check_proposed(state):
    """Conflict when a result does not wait to be confirmed."""
    if state != "proposed":
        raise Conflict("This does not wait any more.")


def check_refused(state):
    """Conflict when a result was not refused."""
    if state != "refused":
        raise Conflict("Only what was not confirmed can be proposed again.")


def check_other_person(user_id, others):
    """NotAllowed for whoever defined the record or let the contest in. others: their accounts."""
    if user_id is not None and user_id in others:
        raise NotAllowed(
            "A record needs two people: whoever defined it, or let this contest in, does not confirm it."
        )


def check_not_own(is_own):
    """NotAllowed for the holder."""
    if is_own:
        raise NotAllowed("Nobody confirms a record of their own.")


def check_public(is_public):
    """A record is shown to everybody: Conflict while the contest is not."""
    if not is_public:
        raise Conflict("This contest is not public, and a record is; the organiser can make it public.")

