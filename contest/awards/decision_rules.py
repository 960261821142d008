"""What a committee may decide about a prize, and the words in which a list says what it rests on."""

from datetime import date, timedelta

from contest.errors import Conflict, Invalid
from contest.i18n import N_, listed

KINDS = {
    "votes": N_("Votes counted"), "choose": N_("Chosen"), "pass_over": N_("Passed over"),
    "take_back": N_("Taken back"), "move_up": N_("Moved up"),
}
LONGEST_REASON = 500
LONGEST_MINUTES = 120
LONGEST_NAME = 60

CHOSEN_REASON = N_("Chosen by the committee: %(reason)s (minutes %(minutes)s).")
# Why places of others passed down to a winner, by scoring.passed_over's `why`.
MOVED = {
    "committee": N_("Moved up: the committee passed over place %(places)s."),
    "award": N_("Moved up: place %(places)s already has %(award)s."),
    "title": N_("Moved up: place %(places)s already holds the title %(title)s."),
    "conditions": N_("Moved up: place %(places)s does not meet the conditions of this award."),
    "passed": N_("Moved up: place %(places)s has not passed."),
}


def latest_day(now):
    """The latest day that is today anywhere on earth: nothing was decided after it."""
    return (now + timedelta(hours=14)).date()


def read_decision(typed, now, needs_reason=True):
    """{reason, minutes, decided_on} of a typed decision; Invalid names each field that cannot be taken.

    typed: a mapping of texts; now: the present moment.
    """
    values, wrong = {}, {}
    reason, minutes = (_line(typed.get(name)) for name in ("reason", "minutes"))
    if (needs_reason and not reason) or len(reason) > LONGEST_REASON:
        wrong["reason"] = Invalid(
            "Write down why the committee decided so, in at most %(most)s characters.", most=LONGEST_REASON
        )
    if not minutes or len(minutes) > LONGEST_MINUTES:
        wrong["minutes"] = Invalid(
            "Name the minutes that hold the decision, in at most %(most)s characters.", most=LONGEST_MINUTES
        )
    try:
        values["decided_on"] = date.fromisoformat((typed.get("decided_on") or "").strip())
        if values["decided_on"] > latest_day(now):
            raise ValueError
    except ValueError:
        wrong["decided_on"] = Invalid(
            "Write the day of the decision as year-month-day, not later than today."
        )
    if wrong:
        raise Invalid("Some of the fields cannot be taken; nothing was saved.", fields=wrong)
    return values | {"reason": reason, "minutes": minutes}


def _line(text):
    return " ".join((text or "").split())


def read_coach(text):
    """A coach's name; Invalid without one, or when it is too long."""
    name = _line(text)
    if not name or len(name) > LONGEST_NAME:
        sentence = Invalid("Enter the coach's name, at most %(most)s characters.", most=LONGEST_NAME)
        raise Invalid(sentence.message, fields={"name": sentence}, **sentence.params)
    return name


def check_choosable(award):
    """The committee names winners only of awards that the plan leaves to it; votes choose organisations."""
    if award.rule != "vote" or award.to == "organisation":
        raise Conflict("The plan does not leave it to the committee to name the winners of this award.")


def check_rule_given(award):
    """Only an award that follows from places can pass somebody over."""
    if award.rule == "vote":
        raise Conflict("The committee chooses for this award; there is nobody to pass over.")


def check_room(award, chosen):
    """No more are chosen than the plan gives; `chosen` counts those so far."""
    if chosen >= award.count:
        raise Conflict("The plan gives this award %(count)s times, and all are given.", count=award.count)


def moved_sentences(passed, place, group, names):
    """Why a winner at `place` of `group` moved up: stored sentences, one for each reason.

    passed: scoring's PassedOver of the award; names: {award key: its name in both languages, as stored}.
    """
    places = {}
    for one in passed:
        if one.place < place and one.group == group:
            places.setdefault((one.why, one.what), []).append(str(one.place))
    sentences = []
    for (why, what), some in places.items():
        params = {"places": listed(dict.fromkeys(some))}
        params |= {"award": names[what]} if why == "award" else {"title": what} if why == "title" else {}
        sentences.append({"message": MOVED[why], "params": params})
    return sentences


def check_one_each(named):
    """One person, one prize: Conflict names the first who would have two.

    named: (the keys by which a person is known, its name, the award's name), in the order of the awards.
    """
    seen = {}
    for keys, name, award in named:
        for key in keys:
            if seen.get(key, award) != award:
                raise Conflict(
                    "%(name)s would have both %(one)s and %(other)s, but the plan gives each person one "
                    "award at most.", name=name, one=seen[key], other=award,
                )
        seen |= dict.fromkeys(keys, award)
