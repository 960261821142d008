"""Why somebody may be proposed for a step: each condition of a way, met or missing and by how much.

A rule proposes; people confirm. What is not known meets no condition, and is said to be not known.
"""

import hashlib
import json
from dataclasses import dataclass, field

from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_, stored_params
from contest.registry import ladder_rules

FACTS = {
    "grade": N_("Skill grade"), "trade_since": N_("In the trade since"), "training": N_("Hours of training"),
}
ACTS = {"raise": N_("Raise"), "lower": N_("Lower")}
MOVES = {"raised": N_("Raised"), "lowered": N_("Lowered"), "withdrawn": N_("Level ended"),
         "merged": N_("Taken over from another row"), "split": N_("Given back to another row"),
         "taken_over": N_("Taken over from a document")}
OUTCOMES = {"": N_("Waits for a second person"), "confirmed": N_("Confirmed"), "refused": N_("Not confirmed")}
CONTEST_LEVELS = {
    "unit": N_("Unit"), "county": N_("County"), "city": N_("City"), "province": N_("Province"),
    "nation": N_("Nation"),
}
# What is told of a step whose grounds are gone, as pages store a sentence.
FELL = {"message": N_("What this step was confirmed on is not in force any more."), "params": {}}
TAKEN_OVER = {"message": N_("Taken over from a register that was kept before."), "params": {}}
LONGEST_REASON = 300
MOST_HOURS = 20_000


@dataclass(frozen=True)
class Grounds:
    """A person's Record with where it comes from, so that a level can be looked at again later.

    honours: (honour id, name of the contest) for each result; facts: (condition, id of a career fact).
    """

    record: ladder_rules.Record
    honours: tuple = ()
    facts: tuple = ()


@dataclass(frozen=True)
class Finding:
    """One condition: met or not, in a sentence as pages store them ({"message", "params"})."""

    condition: str
    is_met: bool
    words: dict


@dataclass(frozen=True)
class WayFound:
    """One way up with its findings; a way with years at the level is open from the step just below only."""

    way: ladder_rules.Way
    findings: tuple = ()
    is_open: bool = True

    @property
    def is_met(self):
        """True when nothing is missing."""
        return self.is_open and all(one.is_met for one in self.findings)

    @property
    def missing(self):
        """How many conditions are not met."""
        return sum(not one.is_met for one in self.findings) + (not self.is_open)


@dataclass(frozen=True)
class StepFound:
    """A step above somebody with its ways; the nearest way is the one with the fewest gaps."""

    step: ladder_rules.Step
    ways: tuple = field(default=())

    @property
    def nearest(self):
        """The way with the least missing."""
        return min(self.ways, key=lambda way: way.missing)


def steps_above(ladder, now, grounds, today):
    """What every step above `now` asks of somebody, the lowest first."""
    height = ladder.height(now)
    return [
        StepFound(step, tuple(
            WayFound(
                way, tuple(findings(way, grounds, today)),
                not way.years_at_level or ladder.height(step.key) == height + 1,
            )
            for way in step.ways
        ))
        for step in ladder.steps[height:]
    ]


def findings(way, grounds, today):
    """A Finding for each condition that a way names, in the order of Way."""
    record, missing = grounds.record, set(ladder_rules.unmet(way, grounds.record, today))
    tell = {
        "contest": lambda wanted, is_met: _tell_contest(wanted, grounds, is_met),
        "grade": lambda wanted, _: _tell_grade(wanted, record.grade),
        "years_in_trade": lambda wanted, _: _tell_years(
            wanted, record.in_trade_since, today, N_("%(has)s of %(wanted)s full years in the trade."),
            N_("Since when in the trade is not known; %(wanted)s full years are wanted."),
        ),
        "years_at_level": lambda wanted, _: _tell_years(
            wanted, record.at_level_since, today,
            N_("%(has)s of %(wanted)s full years on the present step."),
            N_("No step is held yet; %(wanted)s full years on the step below are wanted."),
        ),
        "training_hours": lambda wanted, _: _said(
            N_("%(has)s of %(wanted)s hours of training."), has=record.training_hours or 0, wanted=wanted
        ) if wanted else _said(N_("This step asks for nothing.")),
    }
    return [
        Finding(name, name not in missing, words(getattr(way, name), name not in missing))
        for name, words in tell.items() if getattr(way, name) is not None
    ]


def _said(message, **params):
    return {"message": message, "params": stored_params(params)}


def _tell_contest(wanted, grounds, is_met):
    told = list(zip(grounds.record.results, grounds.honours, strict=True))
    if is_met:
        result, (_, name) = next(
            one for one in told if ladder_rules.has_earned(wanted, one[0])
        )
        if result.place is None:
            return _said(N_("%(prize)s, %(contest)s."), prize=result.prize, contest=name)
        return _said(N_("Place %(place)s, %(contest)s."), place=result.place, contest=name)
    best = min(
        (one for one in told if one[0].level in wanted.levels and one[0].place),
        key=lambda one: one[0].place, default=None,
    )
    if best is not None and wanted.place is not None and best[0].place > wanted.place:
        return _said(
            N_("Place %(wanted)s or better is wanted; the best so far is place %(place)s, %(contest)s."),
            wanted=wanted.place, place=best[0].place, contest=best[1][1],
        )
    if wanted.place is None:
        return _said(N_("No prize yet at a contest of a level that counts."))
    return _said(
        N_("No result yet at a contest of a level that counts; place %(wanted)s or better is wanted."),
        wanted=wanted.place,
    )


def _tell_grade(wanted, grade):
    if grade is None:
        return _said(N_("The skill grade is not known; grade %(wanted)s or better is wanted."), wanted=wanted)
    return _said(N_("Skill grade %(has)s; grade %(wanted)s or better is wanted."), has=grade, wanted=wanted)


def _tell_years(wanted, since, today, known, unknown):
    if since is None:
        return _said(unknown, wanted=wanted)
    return _said(known, has=max(0, ladder_rules.full_years(since, today)), wanted=wanted)


def way_taken(ladder, step_key, now, grounds, today):
    """The first way of a step that is met in full (a WayFound); None when none is."""
    for found in steps_above(ladder, now, grounds, today):
        if found.step.key == step_key:
            return next((way for way in found.ways if way.is_met), None)
    return None


def grounds_document(number, found, grounds):
    """What a move rests on, to be kept: the ladder's version, the findings, honours and facts behind them.

    number: of the ladder's version; found: the WayFound by which somebody goes up.
    """
    wanted, named = found.way.contest, {one.condition for one in found.findings}
    honours = {
        honour_id for result, (honour_id, _) in zip(grounds.record.results, grounds.honours, strict=True)
        if wanted is not None and ladder_rules.has_earned(wanted, result)
    }
    return {
        "ladder": number, "findings": [one.words for one in found.findings], "honours": sorted(honours),
        "facts": sorted(fact_id for condition, fact_id in grounds.facts if condition in named),
    }


def fingerprint(document):
    """What tells one set of grounds from another: a refusal holds until it changes."""
    known = {key: document.get(key) for key in ("ladder", "honours", "facts")}
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def stands(document, honours_in_force, facts_in_force):
    """True while one of a move's honours is in force (if it had any) and none of its facts was struck."""
    honours = set(document.get("honours", ()))
    facts = set(document.get("facts", ()))
    return (not honours or bool(honours & honours_in_force)) and facts <= facts_in_force


def read_reason(text):
    """A reason in words; Invalid without one, and when it is too long."""
    words = (text or "").strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid("Give the reason, in at most %(most)s characters.", most=LONGEST_REASON)
    return words


def read_fact(kind, text):
    """A career fact as it is kept: a grade from 1 to 5, hours, or "" for a day alone. Invalid otherwise."""
    if kind not in FACTS:
        raise Invalid("Choose what is to be entered.")
    text = (text or "").strip()
    if kind == "trade_since":
        return 0
    if not text.isdecimal():
        raise Invalid("Write a whole number: a grade from 1 to 5, or hours of training.")
    number = int(text[:9])
    if kind == "grade" and number not in ladder_rules.GRADES:
        raise Invalid("The skill grade must be from 1 to 5; 1 is senior technician.")
    if kind == "training" and not 1 <= number <= MOST_HOURS:
        raise Invalid("Hours of training must be from 1 to %(most)s.", most=MOST_HOURS)
    return number


def check_proposed(proposed, step_key):
    """Only what the rule proposes is confirmed; Conflict when it does not propose this step (any more).

    proposed: (act, step or None, grounds), or None when nothing is proposed.
    """
    if proposed is None or (proposed[1].key if proposed[1] else "") != step_key:
        raise Conflict("The rule does not propose this step (any more): look at the conditions again.")


def check_lower(ladder, now, step_key):
    """Somebody goes down to a lower step or, with "", off the ladder; Conflict otherwise."""
    if not ladder.height(now):
        raise Conflict("This person holds no step of this ladder.")
    if step_key and not 0 < ladder.height(step_key) < ladder.height(now):
        raise Conflict("Choose a step below the present one.")


def check_second(first_id, second_id):
    """Two people confirm; Conflict when the first one comes again."""
    if first_id == second_id:
        raise Conflict("You have confirmed this already; it waits for a second person.")


def check_apart(giver):
    """Nobody's hands are behind both people; giver: the name of whose hands are, or None. NotAllowed."""
    if giver is not None:
        raise NotAllowed(
            "This needs two people of whom neither depends on the other: since the first one confirmed, "
            "%(name)s gave a role, a password or a PIN to somebody who takes part.", name=giver,
        )


def check_steps_stay(held, ladder):
    """Conflict when a version of a ladder drops a step that somebody holds; held: keys of steps."""
    dropped = sorted(key for key in held if not ladder.height(key))
    if dropped:
        raise Conflict("Somebody holds the step “%(key)s”; a new version must keep it.", key=dropped[0])
