"""The desk as pictures: how much comes in and is done, how late it is, how content people are."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case as either
from sqlalchemy import func, select

from contest import clock
from contest.db import db
from contest.member_services import case_rules
from contest.member_services.case_queries import names_of
from contest.member_services.catalogue_queries import every_service
from contest.member_services.models import Case, CaseEvent

WEEKS = 12
RECURS_WITHIN = timedelta(days=90)


@dataclass(frozen=True)
class Week:
    """What came in and what was finished in one week, which begins on `first`."""

    first: object
    came: int
    finished: int


@dataclass(frozen=True)
class ServiceLoad:
    """One service: open cases, late ones, finished ones, steps done in time and late, scores 1 to 5."""

    key: str
    service: object
    open: int
    late: int
    finished: int
    steps: int
    late_steps: int
    scores: tuple  # how often 1, 2, 3, 4, 5

    @property
    def in_time(self):
        """Steps done in time, in a hundred, rounded down; None without steps."""
        return (self.steps - self.late_steps) * 100 // self.steps if self.steps else None

    @property
    def answers(self):
        """How many answers were given."""
        return sum(self.scores)

    @property
    def content(self):
        """Answers of 4 or 5, in a hundred, rounded down; None without answers."""
        return (self.scores[3] + self.scores[4]) * 100 // self.answers if self.answers else None


@dataclass(frozen=True)
class Recurring:
    """A topic about which many wrote within the last 90 days: worth a survey."""

    service: object
    option: object
    count: int


@dataclass(frozen=True)
class OfficerLoad:
    """One officer: open cases and late ones."""

    name: str
    open: int
    late: int


def weeks():
    """The last twelve Weeks, the oldest first."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    firsts = [monday - timedelta(weeks=n) for n in range(WEEKS - 1, -1, -1)]
    since = clock.now() - timedelta(weeks=WEEKS + 1)
    came = _by_week(db.session.scalars(select(Case.at).where(Case.at >= since)))
    finished = _by_week(
        one for one in db.session.scalars(
            select(func.coalesce(Case.done_at, Case.over_at))
            .where((Case.done_at >= since) | (Case.over_at >= since))
        )
    )
    return [Week(first, came[first], finished[first]) for first in firsts]


def _by_week(moments):
    days = (clock.day_of(one) for one in moments if one is not None)
    return Counter(day - timedelta(days=day.weekday()) for day in days)


def by_service():
    """The ServiceLoad of each service that has cases, in the order of the catalogue."""
    known, now = every_service(), clock.now()
    is_open = either((Case.state.in_((*case_rules.WAITING, "returned")), 1), else_=0)
    is_late = either((Case.due_at <= now, either((Case.state.in_(case_rules.WAITING), 1), else_=0)), else_=0)
    rows = db.session.execute(
        select(Case.service_key, func.count(), func.sum(is_open), func.sum(is_late))
        .group_by(Case.service_key)
    ).all()
    steps, scores = _steps(), _scores()
    found = [
        ServiceLoad(key, known.get(key), opened, late, count - opened, *steps.get(key, (0, 0)),
                    tuple(scores[key][score] for score in case_rules.SCORES))
        for key, count, opened, late in rows
    ]
    order = list(known)
    return sorted(found, key=lambda one: (order.index(one.key) if one.key in known else len(order), one.key))


def _steps():
    kinds = ("accepted", "returned", "step", "settled", "decided", "refused")
    late = func.sum(either((CaseEvent.is_late.is_(True), 1), else_=0))
    rows = db.session.execute(
        select(Case.service_key, func.count(), late).join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(CaseEvent.kind.in_(kinds)).group_by(Case.service_key)
    )
    return {key: (count, late) for key, count, late in rows}


def _scores():
    found = {}
    for key, scores in db.session.execute(
        select(Case.service_key, Case.scores).where(Case.scores.is_not(None))
    ):
        found.setdefault(key, Counter()).update(scores.values())
    return _Counters(found)


class _Counters(dict):
    def __missing__(self, key):
        return Counter()


def by_channel():
    """{channel: how many cases came that way}."""
    rows = db.session.execute(select(Case.channel, func.count()).group_by(Case.channel))
    return dict((channel, count) for channel, count in rows)


def by_officer():
    """The OfficerLoad of everybody who answers for open cases, the fullest desk first."""
    late = func.sum(either((Case.due_at <= clock.now(), 1), else_=0))
    rows = db.session.execute(
        select(Case.assignee_id, func.count(), late)
        .where(Case.state.in_(case_rules.WAITING)).group_by(Case.assignee_id)
    ).all()
    names = names_of({user_id for user_id, _, _ in rows})
    found = [OfficerLoad(names.get(user_id, ""), count, late) for user_id, count, late in rows]
    return sorted(found, key=lambda one: (-one.open, one.name))


def recurring():
    """The topics about which as many wrote as the service's entry calls recurring, the most first."""
    found = []
    for service in every_service().values():
        field = service.field("topic")
        if not service.recurring or field is None:
            continue
        answers = db.session.scalars(select(Case.answers).where(
            Case.service_key == service.key, Case.at >= clock.now() - RECURS_WITHIN
        ))
        counts = Counter((one or {}).get("topic") for one in answers)
        found += [
            Recurring(service, option, counts[option.key])
            for option in field.options if counts[option.key] >= service.recurring
        ]
    return sorted(found, key=lambda one: -one.count)
