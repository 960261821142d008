"""Whether somebody meets what a call asks for: each condition met or missing, with its reason.

A rule looks first; a person decides. What is not known meets nothing.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from contest.i18n import N_
from contest.people.rules import SKILL_LEVELS
from contest.registry.ladder_rules import full_years

CONDITIONS = {
    "years": N_("Years in the job without a break"),
    "age": N_("Age"),
    "grade": N_("Skill level"),
    "prize": N_("Prize in a contest"),
    "papers": N_("Papers handed in"),
    "consent": N_("Consent of the person"),
}
_RANK = {level: height for height, level in enumerate(SKILL_LEVELS)}


@dataclass(frozen=True)
class Span:
    """Days in the job at one unit; until: the last day, None for still there."""

    since: date
    until: date | None
    where: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of a nominated person. prizes: names of prizes in contests with final results."""

    spans: tuple[Span, ...] = ()
    born_on: date | None = None
    grade: str = ""
    prizes: tuple[str, ...] = ()
    papers: frozenset[str] = frozenset()
    consents: bool = False


@dataclass(frozen=True)
class Finding:
    """What a rule says of one condition: met or missing, and why (English sentence, parameters)."""

    key: str
    is_met: bool
    message: str
    params: dict


def unbroken_since(spans, day, gap_days=0):
    """(since when somebody has been in the job without a break, the break before that or None).

    (None, None) for who is not in the job on `day`. A break is (last day before, first day after);
    one of at most gap_days days between is none.

    >>> unbroken_since([Span(date(2019, 3, 1), date(2021, 5, 31)), Span(date(2021, 6, 1), None)],
    ...                date(2026, 11, 1))
    (datetime.date(2019, 3, 1), None)
    """
    since = None
    for span in sorted(spans, key=lambda one: (one.until or date.max, one.since), reverse=True):
        if span.since > day:
            continue
        ends = min(span.until or day, day)
        reaches = since if since is not None else day
        if (reaches - ends).days > (gap_days + 1 if since is not None else 0):
            return since, (ends, since) if since is not None else None
        since = span.since if since is None else min(since, span.since)
    return since, None


def findings(terms, known, day):
    """The Findings of everything that a call asks for, in the order of CONDITIONS.

    day: the last day of the call, on which years and age are counted.
    """
    asked = {
        "years": terms.years, "age": terms.age_most, "grade": terms.grade, "prize": terms.wants_prize,
        "papers": terms.papers, "consent": True,
    }
    return [
        Finding(key, *_RULES[key](terms, known, day)) for key in CONDITIONS if asked[key]
    ]


def _years(terms, known, day):
    since, gap = unbroken_since(known.spans, day, terms.gap_days)
    if since is None:
        return False, N_("Not in the job on %(day)s by the dates given."), {"day": day.isoformat()}
    years = full_years(since, day)
    params = {"since": since.isoformat(), "years": years, "wanted": terms.years}
    if years >= terms.years:
        return True, N_("In the job without a break since %(since)s: %(years)s full years, "
                        "%(wanted)s are asked for."), params
    if gap is not None:
        return False, N_("A break from %(left)s to %(back)s; since then %(years)s full years, "
                         "%(wanted)s are asked for."), {
            **params, "left": (gap[0] + timedelta(days=1)).isoformat(),
            "back": (gap[1] - timedelta(days=1)).isoformat(),
        }
    return False, N_("In the job since %(since)s: %(years)s full years, %(wanted)s are asked for."), params


def _age(terms, known, day):
    if known.born_on is None:
        return False, N_("The date of birth is not given."), {}
    params = {"age": full_years(known.born_on, day), "most": terms.age_most, "day": day.isoformat()}
    return params["age"] <= terms.age_most, N_("%(age)s years old on %(day)s; at most %(most)s."), params


def _grade(terms, known, day):
    if known.grade not in _RANK:
        return False, N_("No skill level is given."), {}
    is_met = _RANK[known.grade] >= _RANK[terms.grade]
    return is_met, (
        N_("The skill level given reaches what is asked for.") if is_met
        else N_("The skill level given lies below what is asked for.")
    ), {}


def _prize(terms, known, day):
    if known.prizes:
        return True, N_("Prize in a contest with final results: %(prizes)s."), {
            "prizes": "、".join(known.prizes[:3])
        }
    return False, N_("No prize in a contest with final results is known here."), {}


def _papers(terms, known, day):
    missing = [paper for paper in terms.papers if paper not in known.papers]
    if missing:
        return False, N_("Not attached: %(papers)s."), {"papers": "、".join(missing)}
    return True, N_("Attached: %(count)s of %(count)s papers."), {"count": len(terms.papers)}


def _consent(terms, known, day):
    if known.consents:
        return True, N_("The unit states that the person agrees."), {}
    return False, N_("Nobody states that the person agrees."), {}


_RULES = {
    "years": _years, "age": _age, "grade": _grade, "prize": _prize, "papers": _papers, "consent": _consent,
}
