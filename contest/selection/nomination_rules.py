"""What a unit writes of somebody it puts forward, when it is complete, and what may become of it."""

from dataclasses import dataclass
from datetime import date

from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.people.roster_rules import same_words
from contest.people.rules import GENDERS, SKILL_LEVELS
from contest.selection.call_rules import ALL_WRONG
from contest.selection.condition_rules import CONDITIONS, Known, Span

STATES = {
    "draft": N_("Being written"),
    "handed_in": N_("Handed in"),
    "returned": N_("Given back"),
    "admitted": N_("Admitted to the review"),
    "refused": N_("Not admitted"),
    "withdrawn": N_("Withdrawn by the unit"),
}
BADGES = {
    "draft": "idle", "handed_in": "active", "returned": "warn", "admitted": "good", "refused": "bad",
    "withdrawn": "idle",
}
WRITABLE = ("draft", "returned")
OPEN = ("draft", "handed_in", "returned")  # nobody has decided on them for good
# What counts against the quota of a unit or a trade.
COUNTED = ("handed_in", "returned", "admitted")
DECISIONS = {
    "admitted": N_("Admit to the review"),
    "returned": N_("Give back for completion"),
    "refused": N_("Do not admit"),
}
SPANS = 4  # lines of the form for days in the job
LONGEST = {
    "name": 60, "born_on": 10, "gender": 10, "category": 60, "kind": 60, "trade": 50, "grade": 30,
    "joint": 300, "deeds": 4000, "consents": 1,
    **{f"{part}-{n}": most for n in range(1, SPANS + 1)
       for part, most in (("since", 10), ("until", 10), ("where", 60))},
}
FIELDS = tuple(LONGEST)
MOST_REASON = 500


def read_values(form):
    """The fields of a nomination as they were typed, faulty or not; Invalid only for what is too long."""
    values = {key: (form.get(key) or "").strip() for key in FIELDS}
    wrong = {
        key: Invalid("At most %(most)s characters are taken here.", most=most)
        for key, most in LONGEST.items() if len(values[key]) > most
    }
    if wrong:
        raise Invalid(ALL_WRONG, fields=wrong)
    return values


@dataclass(frozen=True)
class Read:
    """The typed values of a nomination as what they mean. known: without prizes and papers."""

    known: Known
    wrong: dict  # field: Refusal


def read_meaning(values, terms, today, unit_names=()):
    """The Read of typed values; its `wrong` names every field that must be mended before handing in."""
    wrong = {
        key: Invalid("Please fill this in.") for key in ("name", "category", "deeds", "trade")
        if not values[key]
    }
    if terms.kinds and values["kind"] not in terms.kinds:
        wrong["kind"] = Invalid("Choose one of the kinds.")
    if values["category"] and values["category"] not in dict(terms.categories):
        wrong["category"] = Invalid("Choose one of the categories.")
    for key, allowed in (("gender", GENDERS), ("grade", SKILL_LEVELS)):
        if values[key] and values[key] not in allowed:
            wrong[key] = Invalid("Choose one of them, or none.")
    born_on = _day(values, "born_on", wrong)
    if born_on and born_on > today:
        wrong["born_on"] = Invalid("This day lies in the future.")
    # The experts mark without names: what they read must not name anybody.
    deeds = same_words(values["deeds"])
    for found in (values["name"], *unit_names):
        if len(found) > 1 and same_words(found) in deeds:
            wrong["deeds"] = Invalid(
                "The experts read this without names: take “%(found)s” out.", found=found
            )
    known = Known(
        _spans(values, wrong), born_on, values["grade"], consents=values["consents"] == "1"
    )
    return Read(known, wrong)


def _day(values, key, wrong):
    if not values[key]:
        return None
    try:
        return date.fromisoformat(values[key])
    except ValueError:
        wrong[key] = Invalid("Write the date as year-month-day, for example 2026-11-23.")
        return None


def _spans(values, wrong):
    spans = []
    for n in range(1, SPANS + 1):
        since = _day(values, f"since-{n}", wrong)
        until = _day(values, f"until-{n}", wrong)
        if since and until and until < since:
            wrong[f"until-{n}"] = Invalid("The last day lies before the first.")
        elif since:
            spans.append(Span(since, until, values[f"where-{n}"]))
        elif until and f"since-{n}" not in wrong:
            wrong[f"since-{n}"] = Invalid("Please fill this in.")
    return tuple(spans)


def check_complete(read):
    """A nomination is handed in when nothing in it is wrong; Invalid names each field."""
    if read.wrong:
        raise Invalid(
            N_("It is kept as a draft, and not handed in yet: please check the marked fields."),
            fields=read.wrong,
        )


def check_quotas(terms, unit, trade, unit_count, trade_count):
    """A unit and a trade put forward no more than their quota, counting others handed in; Invalid."""
    most = dict(terms.unit_limits).get(unit, terms.unit_most)
    if most is not None and unit_count >= most:
        raise Invalid(
            "%(unit)s may put forward %(most)s at most, and has done so.", unit=unit, most=most
        )
    most = dict(terms.trade_limits).get(trade)
    if most is not None and trade_count >= most:
        why = Invalid("At most %(most)s may be put forward in the trade %(trade)s.", most=most, trade=trade)
        raise Invalid(why.message, fields={"trade": why}, **why.params)


def check_writable(state):
    """A unit changes what it has not handed in, or what was given back; Conflict."""
    if state not in WRITABLE:
        raise Conflict("This nomination has been handed in and cannot be changed any more.")


def check_withdrawable(state):
    """A unit takes back what has not been admitted or refused; Conflict."""
    if state not in OPEN:
        raise Conflict("This nomination can no longer be withdrawn.")


def check_decidable(state):
    """What was handed in is decided on once; Conflict."""
    if state != "handed_in":
        raise Conflict("This nomination does not wait for a decision.")


@dataclass(frozen=True)
class Verdict:
    """What a person says of one condition beside the rule. reason: "" where both agree and none is given."""

    key: str
    is_met: bool
    reason: str


def read_verdicts(form, findings):
    """A Verdict on each finding of the rule; Invalid where one is missing, or differs without a reason."""
    verdicts, wrong = [], {}
    for finding in findings:
        said = form.get(f"met-{finding.key}")
        reason = (form.get(f"why-{finding.key}") or "").strip()
        if said not in ("yes", "no"):
            wrong[f"met-{finding.key}"] = Invalid("Say whether it is met.")
        elif len(reason) > MOST_REASON:
            wrong[f"why-{finding.key}"] = Invalid(
                "At most %(most)s characters are taken here.", most=MOST_REASON
            )
        elif (said == "yes") != finding.is_met and not reason:
            wrong[f"why-{finding.key}"] = Invalid("You see it otherwise than the rule: give the reason.")
        verdicts.append(Verdict(finding.key, said == "yes", reason))
    if wrong:
        raise Invalid(ALL_WRONG, fields=wrong)
    return verdicts


def read_decision(form, verdicts):
    """(decision, tidied words); admitted only where every condition is met, else with words; Invalid."""
    decision, words = form.get("decided", ""), (form.get("words") or "").strip()
    if decision not in DECISIONS:
        raise Invalid(ALL_WRONG, fields={"decided": Invalid("Choose a decision.")})
    if decision == "admitted" and (missing := [one for one in verdicts if not one.is_met]):
        why = Invalid(
            "Only who meets every condition is admitted; not met by your own word: %(count)s.",
            count=len(missing),
        )
        raise Invalid(why.message, fields={"decided": why}, **why.params)
    if len(words) > MOST_REASON or (decision != "admitted" and not words):
        raise Invalid(ALL_WRONG, fields={
            "words": Invalid("Tell the unit why, in at most %(most)s characters.", most=MOST_REASON)
        })
    return decision, words


def stands_in(name):
    """The condition in a field's name such as met-years; "" for none."""
    key = name.partition("-")[2]
    return key if key in CONDITIONS else ""


def check_story(title, text):
    """A story has a title and a text; tidied; Invalid by field."""
    title, text, wrong = title.strip(), text.strip(), {}
    if not 1 <= len(title) <= 60:
        wrong["title"] = Invalid("Write a title of 1 to %(most)s characters.", most=60)
    if not 1 <= len(text) <= 6000:
        wrong["text"] = Invalid("Write 1 to %(most)s characters.", most=6000)
    if wrong:
        raise Invalid(ALL_WRONG, fields=wrong)
    return title, text
