"""How long a screen may be left alone before it asks for the word, and on how many devices a judge may be."""

from dataclasses import dataclass
from datetime import timedelta

from contest.accounts.factor_rules import STAFF
from contest.errors import Invalid
from contest.i18n import N_
from contest.numbers import read_whole

# field: (what it is, least, most, whether 0 is taken: never)
FIGURES = {
    "judge_minutes": (N_("A judge's tablet asks for the PIN after so many minutes without a touch"), 5, 240),
    "staff_minutes": (N_("Everybody else's screen asks for the password after so many minutes"), 5, 240),
    "judge_sessions": (N_("A judge is signed in on so many devices at most"), 1, 10),
}
NEVER = ("judge_minutes", "staff_minutes")  # where 0 is taken, too


@dataclass(frozen=True)
class Limits:
    """The figures of one contest; the defaults hold where nobody chose.

    Staff: a quarter of an hour (ASVS 7.3.1). Judges: half an hour, since whoever watches a performance of
    twenty minutes touches nothing meanwhile, and a PIN typed after each would soon stand on the tablet.
    """

    judge_minutes: int = 30
    staff_minutes: int = 15
    judge_sessions: int = 2


def read_limits(form):
    """The Limits in a form (a dict of texts); Invalid with a reason for each bad field."""
    figures, wrong = {}, {}
    for key, (_, least, most) in FIGURES.items():
        number = read_whole(form.get(key))
        is_never = number == 0 and key in NEVER
        if number is None or not (least <= number <= most or is_never):
            sentence = N_("A whole number from %(least)s to %(most)s, or 0 for never.") \
                if key in NEVER else N_("A whole number from %(least)s to %(most)s.")
            wrong[key] = Invalid(sentence, least=least, most=most)
        figures[key] = number
    if wrong:
        raise Invalid("Please check the marked fields.", fields=wrong)
    return Limits(**figures)


def idle_seconds(roles, limits):
    """How long a session of somebody with these roles may be left alone; None: for ever.

    limits: of every contest in which the person holds a role; the shortest time holds. Who holds no role on
    the staff and judges nowhere sees only what is the own.
    """
    is_staff = bool(set(roles) & set(STAFF))
    if not is_staff and "judge" not in roles:
        return None
    # A chief judge who marks, too, sits at a tablet: it is the judge's time that holds.
    names = "judge_minutes" if "judge" in roles else "staff_minutes"
    minutes = [getattr(one, names) for one in limits or (Limits(),)]
    asked = [one for one in minutes if one]
    return min(asked) * 60 if asked else None


def most_sessions(limits):
    """On how many devices a judge of contests with these limits may be signed in."""
    return min(one.judge_sessions for one in limits or (Limits(),))


def untouched(now, acted_at, said):
    """For how long nobody has touched the device, by what the server knows and by what the device says.

    said: seconds, or None when it says nothing.

    A device without a network goes on being touched; a clock that jumps on it counts for nothing while the
    server has heard of it: so the shorter of the two.
    """
    known = now - acted_at
    return known if said is None else min(known, timedelta(seconds=max(said, 0)))


def is_left_alone(idle_s, time):
    """True when a session has been left alone for too long."""
    return idle_s is not None and time >= timedelta(seconds=idle_s)
