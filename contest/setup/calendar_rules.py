"""What an organiser may enter into the calendar of working days."""

from contest.errors import Conflict, Invalid, Missing
from contest.i18n import N_
from contest.working_days import SATURDAY

KINDS = {"off": N_("Day off"), "on": N_("Working day")}
MOST_IN_A_ROW = 16
LONGEST_REASON = 60
YEARS_AHEAD = 3


def check_days(first, last, kind, reason, this_year, brought_along):
    """Days of one year that the program does not bring along, of one kind, with a reason; tidied.

    brought_along: {year: the document that announced it}.
    """
    words = reason.strip()
    fields = {}
    if kind not in KINDS:
        fields["kind"] = Invalid("Say whether it is a day off or a working day.")
    if not words or len(words) > LONGEST_REASON:
        fields["reason"] = Invalid("Say why, in at most %(most)s characters.", most=LONGEST_REASON)
    if last < first:
        fields["last"] = Invalid("The last day is before the first.")
    elif (last - first).days >= MOST_IN_A_ROW or last.year != first.year:
        fields["last"] = Invalid("At most %(most)s days of one year in a row.", most=MOST_IN_A_ROW)
    elif kind == "on" and any(first.weekday() + n < SATURDAY for n in range((last - first).days + 1)):
        fields["first"] = Invalid("Only a Saturday or a Sunday can become a working day.")
    if not this_year - 1 <= first.year <= this_year + YEARS_AHEAD:
        fields["first"] = Invalid(
            "A day of the years %(first)s to %(last)s.",
            first=this_year - 1, last=this_year + YEARS_AHEAD,
        )
    if fields:
        raise Invalid("Please check the marked fields.", fields=fields)
    check_is_open(first.year, brought_along)
    return words


def check_is_open(year, brought_along):
    """Years that the State Council announced before this release stand as they are."""
    if year in brought_along:
        raise Conflict(
            "The holidays of %(year)s were announced (%(source)s) and stand in the program; "
            "they do not change here.", year=year, source=brought_along[year],
        )


def check_source(year, source, this_year):
    """A year is called announced with the document that did it; returned tidied."""
    if not this_year - 1 <= year <= this_year + YEARS_AHEAD:
        raise Missing("There is no such year in the calendar.")
    words = source.strip()
    if not words or len(words) > LONGEST_REASON:
        sentence = Invalid("Name the document that announced it, in at most %(most)s characters.",
                           most=LONGEST_REASON)
        raise Invalid("Please check the marked fields.", fields={"source": sentence})
    return words
